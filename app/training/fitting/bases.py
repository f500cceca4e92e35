"""What a training starts from: nothing, the built-in pipeline, any other one that the user trusts, a transformer."""

from __future__ import annotations

import spacy
from spacy.language import Language

from app.pipeline.protocol import BUILT_IN
from app.pipeline.suggest import load_pipeline
from app.services.trust import require_trust
from app.training.fitting.transformer import transformer_pipeline
from app.training.recipe import BLANK, LEARNER, TRANSFORMER

LANGUAGE = "sv"


def open_base(base: str) -> Language:
    """Return a pipeline of one's own to train on.

    Raises:
        UserError: ``training.untrusted``, ``pipeline.unknown``, ``pipeline.no-pipeline-folder``,
            ``pipeline.cannot-load``, ``training.no-transformers``, ``training.no-transformer-folder``.
    """
    if base in (BLANK, LEARNER):
        return spacy.blank(LANGUAGE)
    if base.startswith(TRANSFORMER):
        return transformer_pipeline(base.removeprefix(TRANSFORMER), LANGUAGE)
    if base != BUILT_IN:
        require_trust(base)
    nlp, _ = load_pipeline(base)
    return nlp
