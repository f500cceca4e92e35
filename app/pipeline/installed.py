"""Which pipelines can be chosen, found without importing spaCy."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from app.pipeline.protocol import BUILT_IN
from models.errors import UserError


def installed_pipelines() -> list[str]:
    """Return ``built-in`` and the names of the installed spaCy pipeline packages."""
    return [BUILT_IN, *sorted({entry.name for entry in entry_points(group="spacy_models")})]


def resolve_pipeline(name: str) -> str:
    """Return what the worker shall load for ``name``: itself, or a folder's absolute path.

    Raises:
        UserError: ``pipeline.unknown``: neither built in, nor installed, nor a folder with a pipeline;
            ``pipeline.no-pipeline-folder``: a folder without one.
    """
    if name in installed_pipelines():
        return name
    folder = Path(name).expanduser()
    if folder.is_dir():
        if (folder / "config.cfg").is_file() and (folder / "meta.json").is_file():
            return str(folder.resolve())
        raise UserError("pipeline.no-pipeline-folder", path=str(folder))
    raise UserError("pipeline.unknown", name=name, known=", ".join(installed_pipelines()))


def pipeline_folder(name: str) -> Path | None:
    """Return the folder of a pipeline, a package's own for an installed one; None for the built-in one.

    Nothing of the pipeline is loaded.

    Raises:
        UserError: as :func:`resolve_pipeline`.
    """
    found = resolve_pipeline(name)
    if found == BUILT_IN:
        return None
    for entry in entry_points(group="spacy_models"):
        if entry.name == found:
            spec = find_spec(entry.module.partition(".")[0])
            if spec is None or spec.origin is None:
                raise UserError("pipeline.unknown", name=name, known=BUILT_IN)
            return Path(spec.origin).parent
    return Path(found)
