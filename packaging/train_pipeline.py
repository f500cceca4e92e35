"""Make the built-in pipeline: ``PYTHONPATH=. python packaging/train_pipeline.py DATA`` or ``… --folder``.

DATA is the folder with the sources that the model cards name. The name model is trained and measured (see
``train_names.py``; needs ``python-crfsuite``, the extra ``train``), then the folder for ``spacy.load`` is written.
``--folder`` alone writes the folder around the name model that is there: after a rule was changed and
``RULES_VERSION`` raised. The same input gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import spacy

from app.pipeline.suggest import RULES_FOLDER, RULES_NAME, RULES_VERSION

META = {
    "description": "Entities, claims and relations in Swedish text on health-care policy: learned names, then rules",
    "author": "Kurator",
    "spacy_version": ">=3.8,<3.9",
    "license": "MIT; weights of kurator_names CC BY-SA 4.0",
    "sources": [
        {"name": "swedish-ner-corpus", "url": "https://github.com/klintan/swedish-ner-corpus", "license": "CC BY 4.0"},
        {
            "name": "UNER Swedish Talbanken",
            "url": "https://github.com/UniversalNER/UNER_Swedish-Talbanken",
            "license": "CC BY-SA 4.0",
        },
        {"name": "svensktext", "url": "https://github.com/peterdalle/svensktext", "license": "free to use"},
    ],
}


def main() -> None:
    """Train the names where data is given, then write the folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", help="the folder of sources")
    parser.add_argument("--folder", action="store_true", help="only write the folder")
    chosen = parser.parse_args()
    if chosen.data is None and not chosen.folder:
        parser.error("DATA or --folder")
    if not chosen.folder:
        import train_names

        sys.argv = [sys.argv[0], str(chosen.data)]
        train_names.main()
    write_folder(RULES_FOLDER)


def write_folder(folder: Path) -> None:
    """Write what ``spacy.load`` needs beside the name model: configuration, facts and tokenizer."""
    nlp = spacy.blank("sv", meta={"name": RULES_NAME.removeprefix("sv_"), "version": RULES_VERSION, **META})
    nlp.add_pipe("kurator_names")
    nlp.add_pipe("kurator_rules")
    nlp.config.to_disk(folder / "config.cfg")
    nlp.tokenizer.to_disk(folder / "tokenizer", exclude=["vocab"])  # type: ignore[union-attr]
    meta = {key: value for key, value in nlp.meta.items() if key not in ("email", "url", "spacy_git_version")}
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
