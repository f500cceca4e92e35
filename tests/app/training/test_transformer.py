"""A transformer as the base, tiny and made here. Needs the extra ``transformer``; skipped without it."""

from __future__ import annotations

import importlib.util
import json
import warnings
from dataclasses import replace
from pathlib import Path

import pytest
import spacy
from trained_corpus import corpus

from app.paths import resource
from app.training import folders
from app.training.card import Told
from app.training.fitting import transformer
from app.training.fitting.run import train
from app.training.progress import Progress
from app.training.recipe import Recipe, Setting, gather
from models.errors import UserError
from models.labels import label_set

LABELS = label_set(json.loads(resource("label_sets", "default.json").read_text("utf-8")))
WIDTH, LAYERS = 16, 2


def test_without_the_libraries_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(transformer, "available", lambda: False)
    with pytest.raises(UserError, match=r"training\.no-transformers"):
        transformer.transformer_pipeline(str(tmp_path), "sv")


def test_a_folder_that_holds_none_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(transformer, "available", lambda: True)

    def reason() -> object:
        with pytest.raises(UserError) as caught:
            transformer.transformer_pipeline(str(tmp_path), "sv")
        assert caught.value.code == "training.no-transformer-folder"
        return caught.value.details["reason"]

    assert reason() == "config.json"
    (tmp_path / "config.json").write_text('{"model_type": "gpt"}', "utf-8")
    assert reason() == "pytorch_model.bin"
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    assert reason() == "model_type gpt"


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A BERT of two layers with weights by chance, in the shape in which they are published."""
    torch = pytest.importorskip("torch")
    folder = tmp_path / "bert"
    folder.mkdir()
    letters = sorted({letter for one in corpus(20) for letter in one.text if not letter.isspace()})
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *letters, *(f"##{letter}" for letter in letters)]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", "utf-8")
    sizes = {"hidden_size": WIDTH, "intermediate_size": 2 * WIDTH, "num_attention_heads": 2, "vocab_size": len(pieces)}
    more = {"num_hidden_layers": LAYERS, "max_position_embeddings": 512, "type_vocab_size": 2, "pad_token_id": 0}
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", **sizes, **more}), "utf-8")
    torch.manual_seed(1)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(pieces), WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        "embeddings.position_embeddings.weight": (512, WIDTH),
        **{f"embeddings.LayerNorm.{part}": (WIDTH,) for part in ("weight", "bias")},
    }
    for layer in range(LAYERS):
        place = f"encoder.layer.{layer}"
        inner = {f"attention.self.{name}": (WIDTH, WIDTH) for name in ("query", "key", "value")}
        inner |= {"attention.output.dense": (WIDTH, WIDTH), "intermediate.dense": (2 * WIDTH, WIDTH)}
        inner |= {"output.dense": (WIDTH, 2 * WIDTH)}
        for name, shape in inner.items():
            shapes |= {f"{place}.{name}.weight": shape, f"{place}.{name}.bias": shape[:1]}
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= {f"{place}.{name}.{part}": (WIDTH,) for part in ("weight", "bias")}
    torch.save({name: 0.1 * torch.randn(shape) for name, shape in shapes.items()}, folder / "pytorch_model.bin")
    return folder


@pytest.mark.skipif(not transformer.available(), reason="the extra 'transformer' is not installed")
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
def test_a_tiny_transformer_is_trained_kept_and_loaded(tiny: Path, tmp_path: Path) -> None:
    material = gather(corpus(20))
    recipe = Recipe(f"transformer:{tiny}", parts=("entities",), epochs=2)
    out = tmp_path / "ut"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of PyTorch, about itself
        for resume in (False, True):
            folders.begin(out, recipe.identity(), resume=resume)
            events: list[int] = []
            progress = Progress(
                out,
                lambda done, of, told, events=events: events.append(done),
                lambda events=events, resume=resume: not resume and len(events) >= 1,
            )
            setting = Setting(replace(recipe, epochs=2), LABELS, ("entities",))
            report = train(material, setting, out, Told("övning", {}), progress)
            assert report["stopped"] is not resume
        nlp = spacy.load(out)
        doc = nlp("Anna Berg, chef på Inera 😀.")
    assert nlp.pipe_names == ["transformer", "ner"]
    assert doc._.trf_data.last_hidden_layer_state.dataXd.shape[1] == WIDTH
    assert str(tiny) not in (out / "config.cfg").read_text("utf-8")
