"""A transformer as the base: weights in a folder, as they are published, read by spacy-curated-transformers.

Needs Kurator's extra ``transformer`` (PyTorch and spacy-curated-transformers). Nothing is fetched: the folder holds
``config.json``, the weights as ``pytorch_model.bin``, and the tokenizer's files: ``vocab.txt`` (BERT),
``sentencepiece.bpe.model`` (XLM-RoBERTa), or ``vocab.json`` with ``merges.txt`` (RoBERTa).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language

from models.errors import UserError

PIPE = "transformer"
FACTORY = "curated_transformer"
LEARN_RATE = 5e-5
"""What fine-tuning transformers is done with; a network that begins from nothing takes twenty times as much."""
_LIBRARY = "spacy-curated-transformers"
_WEIGHTS = "pytorch_model.bin"
_SIZES = {
    "attention_probs_dropout_prob": "attention_probs_dropout_prob",
    "hidden_act": "hidden_act",
    "hidden_dropout_prob": "hidden_dropout_prob",
    "hidden_width": "hidden_size",
    "intermediate_width": "intermediate_size",
    "layer_norm_eps": "layer_norm_eps",
    "max_position_embeddings": "max_position_embeddings",
    "num_attention_heads": "num_attention_heads",
    "num_hidden_layers": "num_hidden_layers",
    "padding_idx": "pad_token_id",
    "type_vocab_size": "type_vocab_size",
    "vocab_size": "vocab_size",
}
"""What the library calls a size → what ``config.json`` calls it."""


def available() -> bool:
    """Whether the libraries are installed; nothing is loaded."""
    return find_spec("torch") is not None and find_spec("spacy_curated_transformers") is not None


def transformer_pipeline(folder: str, language: str) -> Language:
    """Return a pipeline with the transformer in ``folder``, ready to be listened to.

    Raises:
        UserError: ``training.no-transformers``, ``training.no-transformer-folder``.
    """
    if not available():
        raise UserError("training.no-transformers")
    place = Path(folder).expanduser().resolve()
    told = _told(place)
    kind, pieces, loader = _pieces(place, told)
    sizes = {name: told[theirs] for name, theirs in _SIZES.items() if theirs in told}
    model = {
        "@architectures": f"{_LIBRARY}.{kind}Transformer.v1",
        **sizes,
        "piece_encoder": {"@architectures": f"{_LIBRARY}.{pieces}.v1"},
        "with_spans": {"@architectures": f"{_LIBRARY}.WithStridedSpans.v1"},
    }
    nlp = spacy.blank(language)
    try:
        nlp.add_pipe(FACTORY, name=PIPE, config={"model": model})
    except ValueError as error:
        raise _unusable(place, " ".join(str(error).split())[:200]) from error
    nlp.config["training"]["optimizer"]["learn_rate"] = LEARN_RATE
    weights = {"@model_loaders": f"{_LIBRARY}.PyTorchCheckpointLoader.v1", "path": str(place / _WEIGHTS)}
    nlp.config["initialize"]["components"][PIPE] = {"encoder_loader": weights, "piecer_loader": loader}
    return nlp


def listener(nlp: Language) -> dict[str, Any]:
    """Return the settings of a component that listens to the pipeline's transformer."""
    width = nlp.get_pipe_config(PIPE)["model"]["hidden_width"]
    tok2vec = {
        "@architectures": f"{_LIBRARY}.LastTransformerLayerListener.v1",
        "width": width,
        "pooling": {"@layers": "reduce_mean.v1"},
    }
    return {"model": {"tok2vec": tok2vec}}


def _told(place: Path) -> Mapping[str, Any]:
    try:
        found = json.loads((place / "config.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _unusable(place, "config.json") from error
    if not isinstance(found, dict) or not (place / _WEIGHTS).is_file():
        raise _unusable(place, _WEIGHTS)
    return found


def _pieces(place: Path, told: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Return the transformer's kind, its tokenizer, and what loads the latter."""
    kind, loaders = str(told.get("model_type", "")), f"{_LIBRARY}."
    files = {name: place / name for name in ("vocab.txt", "sentencepiece.bpe.model", "vocab.json", "merges.txt")}
    if kind == "bert" and files["vocab.txt"].is_file():
        path = str(files["vocab.txt"])
        return "Bert", "BertWordpieceEncoder", {"@model_loaders": f"{loaders}WordpieceLoader.v1", "path": path}
    if kind == "xlm-roberta" and files["sentencepiece.bpe.model"].is_file():
        path = str(files["sentencepiece.bpe.model"])
        return "Xlmr", "XlmrSentencepieceEncoder", {"@model_loaders": f"{loaders}SentencepieceLoader.v1", "path": path}
    if kind == "roberta" and files["vocab.json"].is_file() and files["merges.txt"].is_file():
        paths = {"vocab_path": str(files["vocab.json"]), "merges_path": str(files["merges.txt"])}
        return "Roberta", "ByteBpeEncoder", {"@model_loaders": f"{loaders}ByteBpeLoader.v1", **paths}
    raise _unusable(place, f"model_type {kind or '–'}")


def _unusable(place: Path, reason: str) -> UserError:
    return UserError("training.no-transformer-folder", path=str(place), reason=reason)
