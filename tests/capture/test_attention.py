"""Captured attention against what transformers returns for the same text, model by model."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from attnatlas.capture.attend import IMPLEMENTATION, attend, is_switchable
from attnatlas.capture.layers import LayerFile
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.data.record_files import capture_from_arrays, capture_to_arrays
from attnatlas.errors import ResourceError
from attnatlas.models import LoadedModel, load_model, loaded_from_objects, resolve_model
from attnatlas.store import Store
from transformers.utils import logging

from tests.capture.conftest import captures
from tests.capture.tiny import MADE

PLAIN = Record("plain", "The bank of the river is muddy and brown.", target="La rivière.")
PAIRED = Record("paired", "She was late.", pair="The doctor told the nurse.", target="La banque")
FIELDS = {
    "self": "attentions",
    "encoder": "encoder_attentions",
    "decoder": "decoder_attentions",
    "cross": "cross_attentions",
}
EAGER_ONLY = {
    "bloom",
    "deberta",
    "deberta-v2",
    "falcon",
    "gpt2-upcast",
    "gpt_neo",
    "gptj",
    "mpnet",
    "mpt",
    "xlnet",
}


def plain_forward(folder: Path, kind: str, record: Record) -> Any:
    """Run a model as anybody would, without anything of ours."""
    architecture = getattr(transformers, MADE[kind][0])
    model = architecture.from_pretrained(folder, attn_implementation="eager").eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    writes = kind != "xlnet" and MADE[kind][0].endswith(("CausalLM", "LMHeadModel"))
    goes_on = record.target and writes
    text = f"{record.text} {record.target}" if goes_on else record.text
    inputs = tokenizer(text, record.pair, return_tensors="pt")
    if kind in ("distilbert", "mpnet"):
        inputs.pop("token_type_ids")
    if model.config.is_encoder_decoder and kind != "bart-classifier":
        labels = tokenizer(text_target=record.target)["input_ids"]
        first = labels[-1] if kind == "mbart" else model.config.decoder_start_token_id
        inputs["decoder_input_ids"] = torch.tensor([[first, *labels[:-1]]])
    with torch.no_grad():
        return model(**inputs, output_attentions=True)


@pytest.mark.parametrize("record", [PLAIN, PAIRED], ids=["plain", "paired"])
@pytest.mark.parametrize("kind", MADE)
def test_weights_equal_those_of_transformers(
    kind: str, record: Record, loaded: Callable[[str], LoadedModel], folder: Callable[[str], Path]
) -> None:
    [capture] = captures(loaded(kind), record)
    output = plain_forward(folder(kind), kind, record)
    assert is_switchable(loaded(kind).model) == (kind not in EAGER_ONLY)
    assert {part.kind for part in capture.maps} == {
        name for name, field in FIELDS.items() if output.get(field)
    }
    for part in capture.maps:
        expected = torch.stack(output[FIELDS[part.kind]], dim=1)[0].numpy()
        np.testing.assert_array_equal(part.weights, expected, strict=True)


@pytest.mark.parametrize("kind", ["gpt2", "llama", "mistral", "bloom", "bart", "t5", "marian"])
def test_nothing_attends_to_what_comes_later(
    kind: str, loaded: Callable[[str], LoadedModel]
) -> None:
    [capture] = captures(loaded(kind), PLAIN)
    for part in capture.maps:
        assert part.causal == (
            part.kind == "decoder" or kind in ("gpt2", "llama", "mistral", "bloom")
        )
        if part.causal:
            assert np.triu(part.weights, 1).max() == 0
            assert np.tril(part.weights).min() >= 0


@pytest.mark.parametrize("kind", ["mistral", "gemma2", "gpt_oss", "gpt_neo", "modernbert"])
def test_windows_are_as_wide_as_said(kind: str, loaded: Callable[[str], LoadedModel]) -> None:
    [capture] = captures(loaded(kind), PLAIN)
    [part] = capture.maps
    assert part.window is not None
    assert 4 in part.window
    length = len(part.keys)
    distance = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    for layer, window in zip(part.weights, part.window, strict=True):
        reach = distance[(layer > 0).any(axis=0)].max()
        assert reach == length - 1 if window is None else reach == window - 1


@pytest.mark.parametrize("kind", ["bert", "llama", "gpt_oss", "bart"])
def test_rows_and_sinks_sum_to_one(kind: str, loaded: Callable[[str], LoadedModel]) -> None:
    [capture] = captures(loaded(kind), PLAIN)
    for part in capture.maps:
        assert (part.sink is not None) == (kind == "gpt_oss")
        sums = part.weights.sum(-1) + (0 if part.sink is None else part.sink)
        np.testing.assert_allclose(sums, 1, atol=1e-6)


def test_grouped_queries_give_one_map_a_query_head(loaded: Callable[[str], LoadedModel]) -> None:
    [capture] = captures(loaded("llama"), PLAIN)
    assert loaded("llama").model.config.num_key_value_heads == 2
    assert capture.maps[0].heads == 4


RECORDS = [
    Record(f"r{place}", text)
    for place, text in enumerate(
        [
            "The river.",
            "The bank.",
            "The nurse told the doctor.",
            "The river.",
            "A flag!",
            "She was.",
        ]
    )
]


@pytest.mark.parametrize("kind", ["bert", "gpt2", "t5"])
def test_batches_change_next_to_nothing(kind: str, loaded: Callable[[str], LoadedModel]) -> None:
    alone = captures(loaded(kind), *RECORDS, batch_size=1)
    together = captures(loaded(kind), *RECORDS, batch_size=8)
    for one, other, record in zip(alone, together, RECORDS, strict=True):
        assert one.record == other.record == record
        for left, right in zip(one.maps, other.maps, strict=True):
            assert (left.queries, left.keys) == (right.queries, right.keys)
            np.testing.assert_allclose(left.weights, right.weights, atol=1e-5)


def test_two_threads_change_next_to_nothing(loaded: Callable[[str], LoadedModel]) -> None:
    [one], [two] = (captures(loaded("bert"), PLAIN, threads=count) for count in (1, 2))
    np.testing.assert_allclose(one.maps[0].weights, two.maps[0].weights, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_comes_out_as_float32(dtype: str, folder: Callable[[str], Path]) -> None:
    settings = Settings(dtype=dtype)  # type: ignore[arg-type]
    model = load_model(resolve_model(str(folder("gpt2")), settings), settings)
    [capture] = captures(model, PLAIN)
    assert capture.model.dtype == dtype
    assert capture.maps[0].weights.dtype == np.float32
    arrays, header = capture_to_arrays(capture)
    assert capture_from_arrays(arrays, header).model.dtype == dtype


@pytest.mark.parametrize("kind", ["bert", "gpt2-upcast", "t5"])
def test_nothing_is_left_changed(kind: str, folder: Callable[[str], Path]) -> None:
    architecture = getattr(transformers, MADE[kind][0])
    model = architecture.from_pretrained(
        folder(kind), attn_implementation="sdpa" if kind == "bert" else "eager"
    ).train()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder(kind))
    before = (model.config._attn_implementation, torch.get_num_threads(), logging.get_verbosity())
    captures(loaded_from_objects(model, tokenizer), PLAIN, threads=2)
    assert before == (
        model.config._attn_implementation,
        torch.get_num_threads(),
        logging.get_verbosity(),
    )
    assert model.training
    assert torch.is_grad_enabled()
    assert IMPLEMENTATION not in transformers.AttentionInterface().valid_keys()


def test_nothing_is_left_changed_by_a_failure(folder: Callable[[str], Path]) -> None:
    model = transformers.AutoModel.from_pretrained(folder("bert"), attn_implementation="sdpa")
    with pytest.raises(IndexError):
        attend(model, {"input_ids": torch.tensor([[10**6]])}, LayerFile().add)
    assert model.config._attn_implementation == "sdpa"
    assert IMPLEMENTATION not in transformers.AttentionInterface().valid_keys()


@pytest.mark.parametrize("kind", ["deberta", "falcon", "gpt2-upcast", "xlnet"])
def test_taps_leave_no_hook_behind(kind: str, loaded: Callable[[str], LoadedModel]) -> None:
    model = loaded(kind).model
    captures(loaded(kind), PLAIN)
    hooks = [hook for module in model.modules() for hook in module._forward_hooks.values()]
    assert not [hook for hook in hooks if hook.__module__.startswith("attnatlas")]
    ids = torch.tensor([[5, 6, 7, 8]])
    with torch.no_grad():
        output, layers = attend(model, {"input_ids": ids}, LayerFile().add)
    held = [layer.is_floating_point() for layer in output["attentions"]]
    assert held == [kind == "xlnet"] * len(layers["self"])


def test_an_attention_that_is_needed_again_is_not_taken(folder: Callable[[str], Path]) -> None:
    model = transformers.AutoModel.from_pretrained(folder("bloom"), attn_implementation="eager")
    block = model.h[1]

    def again(module: Any, args: Any, output: tuple[torch.Tensor, torch.Tensor]) -> Any:
        return output[0] * output[1].float().mean(), output[1]

    block.register_forward_hook(again)
    inputs = {"input_ids": torch.tensor([[5, 6, 7, 8, 9]])}
    with torch.no_grad():
        expected = model(**inputs, output_attentions=True)
        output, _ = attend(model, inputs, LayerFile().add)
    assert torch.equal(output[0], expected[0])
    assert all(layer.is_floating_point() for layer in output["attentions"])


def test_maps_are_not_shared_between_records(loaded: Callable[[str], LoadedModel]) -> None:
    first, second = captures(loaded("bert"), RECORDS[0], RECORDS[0], batch_size=2)
    first.maps[0].weights[:] = 0
    assert second.maps[0].weights.max() > 0


@pytest.mark.parametrize("kind", ["bert", "bart", "deberta", "gpt_oss"])
@pytest.mark.parametrize("room", [0, 3000])
def test_layers_on_disk_are_the_same(
    kind: str,
    room: int,
    loaded: Callable[[str], LoadedModel],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    expected = captures(loaded(kind), PLAIN, PAIRED)
    monkeypatch.setattr("attnatlas.capture.layers.IN_MEMORY", room)
    found = dict(capture_records(loaded(kind), [PLAIN, PAIRED], Settings(), tmp_path))
    assert list(tmp_path.iterdir()) == []
    for place, capture in enumerate(expected):
        for part, other in zip(capture.maps, found[place].maps, strict=True):  # type: ignore[union-attr]
            np.testing.assert_array_equal(part.weights, other.weights, strict=True)
            if part.sink is not None:
                np.testing.assert_array_equal(part.sink, other.sink, strict=True)
    store = Store(tmp_path / "store")
    store.put([(str(place), found[place]) for place in found])  # type: ignore[misc]
    again = Store(tmp_path / "store").get("0")
    np.testing.assert_array_equal(again.maps[-1].weights, expected[0].maps[-1].weights)


def test_a_file_is_used_again_only_when_nobody_looks_at_it(
    loaded: Callable[[str], LoadedModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attnatlas.capture.layers.IN_MEMORY", 0)
    made: list[None] = []
    opened = tempfile.TemporaryFile
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **o: made.append(None) or opened(**o))
    records = [Record(f"r{place}", f"{'The bank. ' * (1 + place % 2)}") for place in range(6)]
    expected = captures(loaded("bert"), *records, batch_size=1)
    assert len(made) == 6
    made.clear()
    run = capture_records(loaded("bert"), records, Settings(batch_size=1))
    for place, capture in run:
        weights = capture.maps[0].weights  # type: ignore[union-attr]
        np.testing.assert_array_equal(weights, expected[place].maps[0].weights)
    assert len(made) == 2


def test_no_room_for_layers_is_one_sentence(
    loaded: Callable[[str], LoadedModel], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attnatlas.capture.layers.IN_MEMORY", 0)
    with pytest.raises(ResourceError, match="No room to keep attention"):
        list(capture_records(loaded("bert"), [PLAIN], Settings(), tmp_path / "missing"))


def test_captures_come_one_by_one(loaded: Callable[[str], LoadedModel]) -> None:
    records = (PLAIN for _ in range(3))
    found = capture_records(loaded("bert"), list(records), Settings(batch_size=1))
    assert next(found)[0] == 0
