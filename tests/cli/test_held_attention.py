"""Attention that a program holds, as transformers returns it, is built into a site."""

import json
from pathlib import Path
from typing import Any

import attnatlas
import numpy as np
import pytest
import torch
from attnatlas import AtlasError
from safetensors import safe_open
from transformers import AutoModel, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

from tests.capture.tiny import tiny_model
from tests.site.links import broken_links

TEXT = "The bank of the river is muddy."


def run(folder: Path, kind: str, auto: Any, **more: Any) -> tuple[Any, Any, Any]:
    tiny_model(folder / kind, kind)
    tokenizer = AutoTokenizer.from_pretrained(folder / kind)
    model = auto.from_pretrained(folder / kind, attn_implementation="eager")
    inputs = tokenizer([TEXT], return_tensors="pt")
    with torch.no_grad():
        return tokenizer, inputs, model(**inputs, **more, output_attentions=True)


def header(site: Path) -> dict[str, Any]:
    [file] = (site / "data").rglob("*.safetensors")
    with safe_open(file, "numpy") as arrays:
        found: dict[str, Any] = json.loads(arrays.metadata()["attnatlas"])
        names = list(arrays.keys())
        found["arrays"] = {name: arrays.get_tensor(name) for name in names}
    return found


@pytest.mark.parametrize(
    ("kind", "auto", "family"),
    [("bert", AutoModel, "encoder"), ("gpt2", AutoModelForCausalLM, "decoder")],
)
def test_what_bertviz_takes_is_built_without_a_model(
    tmp_path: Path, kind: str, auto: Any, family: str
) -> None:
    tokenizer, inputs, outputs = run(tmp_path, kind, auto)
    names = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
    site = tmp_path / "site"
    report = attnatlas.build(
        attentions=outputs.attentions, tokens=names, output=site, numbers="float32", name=kind
    )
    assert (report.records, report.output) == (1, site)
    assert broken_links(site) == []
    found = header(site)
    assert found["model"]["name"] == kind
    assert found["model"]["family"] == family
    assert found["record"]["text"].lower() == TEXT.lower().replace(".", " .") or (
        found["record"]["text"] == TEXT
    )
    own = [t["text"] for t in found["tokens"]["self"]["queries"] if not t["special"]]
    assert "".join(own).strip() == found["record"]["text"]
    expected = np.stack([layer[0].numpy() for layer in outputs.attentions])
    np.testing.assert_array_equal(found["arrays"]["attention.self"], expected)
    assert (
        "arrays attention" in json.loads((site / "atlas.json").read_text())["provenance"]["command"]
    )


def test_given_texts_are_those_of_the_tokens(tmp_path: Path) -> None:
    tokenizer, inputs, outputs = run(tmp_path, "bert", AutoModel)
    names = tokenizer.convert_ids_to_tokens(inputs["input_ids"][0])
    arrays = np.stack([layer[0].numpy() for layer in outputs.attentions])
    attnatlas.build(
        [{"id": "one", "text": TEXT}], attentions=arrays, tokens=names, output=tmp_path / "site"
    )
    found = header(tmp_path / "site")
    assert found["record"] == {"id": "one", "text": TEXT}
    own = [t["text"] for t in found["tokens"]["self"]["queries"] if not t["special"]]
    assert "".join(own) == TEXT


def test_an_encoder_decoder_brings_three_kinds(tmp_path: Path) -> None:
    ids = torch.tensor([[1, 5, 6, 7]])
    tokenizer, inputs, outputs = run(tmp_path, "t5", AutoModelForSeq2SeqLM, decoder_input_ids=ids)
    site = tmp_path / "site"
    attnatlas.build(
        encoder_attentions=outputs.encoder_attentions,
        decoder_attentions=outputs.decoder_attentions,
        cross_attentions=outputs.cross_attentions,
        encoder_tokens=tokenizer.convert_ids_to_tokens(inputs["input_ids"][0]),
        decoder_tokens=tokenizer.convert_ids_to_tokens(ids[0]),
        output=site,
        numbers="float32",
    )
    assert broken_links(site) == []
    found = header(site)
    assert found["record"]["text"] == TEXT
    assert set(found["tokens"]) == {"encoder", "decoder", "cross"}
    for part in ("encoder", "decoder", "cross"):
        given = getattr(outputs, f"{part}_attentions")
        expected = np.stack([layer[0].numpy() for layer in given])
        np.testing.assert_array_equal(found["arrays"][f"attention.{part}"], expected)


def test_a_padded_batch_is_cut_to_its_tokens(tmp_path: Path) -> None:
    weights = np.zeros((1, 2, 2, 3, 3), np.float32)
    weights[..., 0] = 1
    attnatlas.build(
        ["The bank x", "The bank"],
        attentions=list(weights),
        tokens=[["The", "bank", "x"], ["The", "bank"]],
        output=tmp_path / "site",
    )
    captures = json.loads((tmp_path / "site" / "atlas.json").read_text())["captures"]
    assert len(captures) == 2


EVEN = np.full((1, 1, 2, 2), 0.5, np.float32)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"attentions": (), "tokens": ["a"]}, "attentions holds no attention; load the model with"),
        ({"attentions": (None, None), "tokens": ["a"]}, "holds no attention"),
        ({"tokens": ["a"]}, "Tokens without attention"),
        ({"attentions": (EVEN,)}, "attentions= needs tokens="),
        ({"cross_attentions": (EVEN,)}, "cross_attentions= needs decoder_tokens="),
        (
            {"attentions": (EVEN,), "tokens": ["a"]},
            "has 2 queries, but 'tokens.self.queries' lists",
        ),
        ({"attentions": (EVEN,), "tokens": [1, 2]}, "must be a list of texts"),
        ({"attentions": (EVEN[0, 0],), "tokens": ["a", "b"]}, "has 2 axes; it needs"),
        ({"attentions": ((EVEN,), (EVEN,)), "tokens": ["a", "b"]}, "as generate\\(\\) returns it"),
        ({"attentions": (2 * EVEN,), "tokens": ["a", "b"]}, "Attention of text 1: .* sums to 2"),
        ({"attentions": (EVEN * np.nan,), "tokens": ["a", "b"]}, "Attention of text 1: .*NaN"),
        ({"attentions": ("x",), "tokens": ["a", "b"]}, "no array of numbers"),
        ({"attentions": (EVEN,), "tokens": ["a", "b"], "model": "sentiment"}, "needs no model"),
        ({"attentions": (EVEN,), "tokens": ["a", "b"], "records": ["a", "b"]}, "There are 2 texts"),
        (
            {"attentions": (EVEN,), "cross_attentions": (EVEN,), "tokens": ["a", "b"]},
            "attentions= is of a model with one stack",
        ),
    ],
)
def test_what_is_no_attention_is_one_sentence(
    tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(AtlasError, match=said) as caught:
        attnatlas.build(**given, output=tmp_path / "site")
    assert not (tmp_path / "site").exists()
    assert "unexpected" not in str(caught.value)


def test_attention_of_a_model_that_ran_in_bfloat16_is_read(tmp_path: Path) -> None:
    torch.manual_seed(3)
    coarse = tuple(torch.softmax(torch.randn(1, 16, 4, 4), -1).bfloat16() for _ in range(4))
    assert max(float((layer.float().sum(-1) - 1).abs().max()) for layer in coarse) > 0.002
    names = [f"word{place}" for place in range(4)]
    attnatlas.build(attentions=coarse, tokens=names, output=tmp_path / "site")
    assert header(tmp_path / "site")["dtype"] == "bfloat16"
    fine = [layer.float() for layer in coarse]
    with pytest.raises(AtlasError, match="rows must sum to 1"):
        attnatlas.build(attentions=fine, tokens=names, output=tmp_path / "site")
