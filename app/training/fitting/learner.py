"""Entities by Kurator's own learner: alone, or on top of the built-in pipeline, from its names and its rules."""

from __future__ import annotations

from spacy.language import Language

from app.messages import tr
from app.pipeline.learner.training import SETTINGS
from app.pipeline.learner.tuning import tune
from app.training.fitting.network import Stopped
from app.training.fitting.reading import scored
from app.training.progress import Progress
from app.training.recipe import Material, Setting

_OURS = frozenset(("kurator_names", "kurator_rules", "kurator_learned"))


def learns_itself(nlp: Language) -> bool:
    """Whether a pipeline is the built-in one or comes from it: its entities are the learner's business."""
    return any(nlp.get_pipe_meta(name).factory in _OURS for name in nlp.pipe_names)


def learn_entities(nlp: Language, material: Material, setting: Setting, progress: Progress) -> None:
    """Teach the pipeline the entities of the training documents; it is changed in place.

    It takes seconds, so one that is stopped is begun anew; the pipeline is as it was then.
    """
    setting.notes.append(tr("training.chose-learner"))

    def told(step: int, value: float) -> None:
        if progress.cancelled():
            raise Stopped
        progress.epoch("entities", step, SETTINGS.steps, value, None, False)

    try:
        tune(nlp, material.train, material.raw, told=told)
    except Stopped:
        return
    wanted = frozenset(label for part, label in material.counts(material.train) if part == "entities")
    found = scored(nlp, material.dev, {}, wanted, setting.labels)
    labels = {label: found.count("entity", label).f1 for label in sorted(wanted)}
    progress.step("entities", f1=found.count("entity").f1, labels=labels)
