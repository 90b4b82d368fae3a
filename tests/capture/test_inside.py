"""What lies inside attention: scores that softmax turns into it, and vectors that add up to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from attnatlas.analyses.norms.record import lengths as of_vectors
from attnatlas.capture import Capture
from attnatlas.capture.attend import is_switchable
from attnatlas.capture.layer_internals import LayerInternals, Projection, Unwatchable
from attnatlas.capture.layers import LayerFile
from attnatlas.capture.norms import norms, raw_scores, value_norms
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.models import LoadedModel, load_model, resolve_model
from attnatlas.probes import inputs_of

from tests.capture.tiny import MADE, tiny_model

RECORD = Record("r", "The bank of the river is muddy and brown.", target="La rivière.")
CLOSED = {
    "deberta", "deberta-v2", "mpnet", "gpt2-upcast", "gpt_neo", "gptj", "bloom", "falcon", "mpt",
    "xlnet",
}  # fmt: skip
"""Models whose attention cannot be looked into."""
Read = Callable[[str], tuple[LoadedModel, Capture]]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Return a function that makes a tiny model of a kind and captures one text with it."""
    folder, known = tmp_path_factory.mktemp("models"), {}

    def one(kind: str) -> tuple[LoadedModel, Capture]:
        if kind not in known:
            source = resolve_model(str(tiny_model(folder / kind, kind)), Settings())
            loaded = load_model(source, Settings())
            [(_, capture)] = capture_records(loaded, [RECORD], Settings())
            assert isinstance(capture, Capture)
            known[kind] = (loaded, capture)
        return known[kind]

    return one


def scores_of(loaded: LoadedModel, capture: Capture) -> dict[str, np.ndarray]:
    file = LayerFile()
    with torch.no_grad():
        found = raw_scores(loaded.model, inputs_of(loaded, capture), file)
    return {kind: file.stack(layers, 0) for kind, layers in found.items()}


def norms_of(
    loaded: LoadedModel, capture: Capture
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    file = LayerFile()
    with torch.no_grad():
        heads, summed = value_norms(loaded.model, inputs_of(loaded, capture), file)
    return tuple(  # type: ignore[return-value]
        {kind: file.stack(layers, 0) for kind, layers in found.items()} for found in (heads, summed)
    )


@pytest.mark.parametrize("kind", sorted(set(MADE) - CLOSED))
def test_softmax_of_the_scores_is_the_attention(kind: str, read: Read) -> None:
    loaded, capture = read(kind)
    found = scores_of(loaded, capture)
    assert found.keys() == {part.kind for part in capture.maps}
    for part in capture.maps:
        scores = found[part.kind]
        assert scores.shape == part.weights.shape
        again = torch.softmax(torch.tensor(scores), -1).numpy()
        if part.sink is not None:
            again = again * (1 - part.sink)[..., None]
        np.testing.assert_allclose(again, part.weights, rtol=0, atol=1e-5)
        assert (part.weights[np.isneginf(scores)] == 0).all()
        assert np.isfinite(scores[part.weights > 0]).all()
        assert not np.isnan(scores).any()
        hidden = np.triu(np.ones(scores.shape[2:], bool), 1)
        assert np.isneginf(scores[..., hidden]).all() == part.causal or not hidden.any()


@pytest.mark.parametrize("kind", sorted(set(MADE) - CLOSED))
def test_what_heads_hand_on_adds_up_and_its_lengths_are_kept(kind: str, read: Read) -> None:
    """That it adds up to the output of the model is asserted by `norms` itself, on every run."""
    loaded, capture = read(kind)
    heads, summed = norms_of(loaded, capture)
    for part in capture.maps:
        lengths, total = heads[part.kind], summed[part.kind][:, 0]
        assert lengths.shape == part.weights.shape
        assert total.shape == (part.layers, *part.weights.shape[2:])
        assert (lengths[part.weights == 0] == 0).all()
        assert lengths.max() > 0
        assert (total <= lengths.sum(axis=1) * (1 + 1e-5) + 1e-7).all()
        for weights, found in zip(part.weights, lengths, strict=True):
            vectors = np.nan_to_num(of_vectors(weights, found))
            np.testing.assert_allclose(weights * vectors[:, None], found, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("kind", sorted(CLOSED))
def test_a_model_that_cannot_be_looked_into_gets_one_sentence(kind: str, read: Read) -> None:
    loaded, capture = read(kind)
    assert not is_switchable(loaded.model) or kind == "xlnet"
    for read_internals in (scores_of, norms_of):
        with pytest.raises(Unwatchable, match=r"attention of a .* model cannot be looked into"):
            read_internals(loaded, capture)


def caught(module: Any, run: Callable[[], Any]) -> tuple[Any, Any]:
    """Return what a module is given and what it gives."""
    seen: list[tuple[Any, Any]] = []
    handle = module.register_forward_hook(lambda _, args, output: seen.append((args, output)))
    try:
        with torch.no_grad():
            run()
    finally:
        handle.remove()
    return seen[0]


def by_hand(
    weights: torch.Tensor, values: torch.Tensor, output: torch.Tensor
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lengths from every single vector; `output` is W_O as [width of all heads, out]."""
    heads, _, width = values.shape
    vectors = torch.einsum("hkd,hdo->hko", values, output.reshape(heads, width, -1))
    handed = weights[..., None] * vectors[:, None]
    return handed.norm(dim=-1).numpy(), handed.sum(0).norm(dim=-1).numpy()


def split(values: torch.Tensor, heads: int) -> torch.Tensor:
    """Return [1, token, width of all heads] as [head, token, width]."""
    return values[0].reshape(values.shape[1], heads, -1).transpose(0, 1)


def _bert(model: Any) -> tuple[Any, Any, Any, int]:
    part = model.bert.encoder.layer[1].attention
    return part.self.value, part.output.dense, part.output.dense.weight.T, 1


def _llama(model: Any) -> tuple[Any, Any, Any, int]:
    part = model.model.layers[1].self_attn
    return part.v_proj, part.o_proj, part.o_proj.weight.T, 2


def _bart(model: Any) -> tuple[Any, Any, Any, int]:
    part = model.model.decoder.layers[1].encoder_attn
    return part.v_proj, part.out_proj, part.out_proj.weight.T, 1


def _t5(model: Any) -> tuple[Any, Any, Any, int]:
    part = model.decoder.block[1].layer[1].EncDecAttention
    return part.v, part.o, part.o.weight.T, 1


def _gpt2(model: Any) -> tuple[Any, Any, Any, int]:
    part = model.transformer.h[1].attn
    return part.c_attn, part.c_proj, part.c_proj.weight, 1


PARTS = {"bert": _bert, "llama": _llama, "bart": _bart, "t5": _t5, "gpt2": _gpt2}


@pytest.mark.parametrize("kind", PARTS)
def test_norms_are_those_of_every_single_vector(kind: str, read: Read) -> None:
    loaded, capture = read(kind)
    part = capture.maps[-1]
    value, out, weight, shared = PARTS[kind](loaded.model)
    inputs = inputs_of(loaded, capture)

    def run() -> Any:
        return loaded.model(**inputs)

    values = caught(value, run)[1]
    values = values[..., -values.shape[-1] // 3 :] if kind == "gpt2" else values
    values = split(values, part.heads // shared).repeat_interleave(shared, dim=0)
    weights = torch.tensor(part.weights[1])
    (given, *_), output = caught(out, run)
    mixed = torch.einsum("hqk,hkd->qhd", weights, values).flatten(1)
    torch.testing.assert_close(given.reshape(mixed.shape), mixed, rtol=0, atol=1e-4)
    lengths, total = by_hand(weights, values, weight.detach())
    heads, summed = norms_of(loaded, capture)
    np.testing.assert_allclose(heads[part.kind][1], lengths, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(summed[part.kind][1, 0], total, rtol=1e-3, atol=1e-4)
    assert output.shape[-1] == weight.shape[1]


def test_scores_are_queries_times_keys(read: Read) -> None:
    loaded, capture = read("bert")
    part = loaded.model.bert.encoder.layer[1].attention.self
    inputs = inputs_of(loaded, capture)

    def run() -> Any:
        return loaded.model(**inputs)

    query, key = (split(caught(module, run)[1], 4) for module in (part.query, part.key))
    expected = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
    np.testing.assert_allclose(
        scores_of(loaded, capture)["self"][1], expected.numpy(), rtol=1e-5, atol=1e-5
    )


def test_something_between_heads_and_projection_gets_one_sentence() -> None:
    torch.manual_seed(0)
    weights = torch.softmax(torch.randn(2, 3, 3), -1)
    values, weight = torch.randn(2, 3, 4), torch.randn(2, 4, 5)
    inside = LayerInternals(weights.log(), weights, values)
    output = torch.einsum("hqk,hkd,hdo->qo", weights, values, weight)
    lengths, total = norms(inside, Projection(weight, 0.0, output))
    expected = by_hand(weights, values, weight.reshape(8, 5))
    np.testing.assert_allclose(lengths.numpy(), expected[0], rtol=1e-5)
    np.testing.assert_allclose(total.numpy(), expected[1], rtol=1e-5)
    with pytest.raises(Unwatchable, match="does not add up to what the model's output projection"):
        norms(inside, Projection(weight, 0.0, 2 * output))


def test_a_long_text_is_summed_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    from attnatlas.capture import norms as module

    torch.manual_seed(0)
    weights = torch.softmax(torch.randn(2, 7, 7), -1)
    values, weight = torch.randn(2, 7, 4), torch.randn(2, 4, 5)
    output = torch.einsum("hqk,hkd,hdo->qo", weights, values, weight)
    given = LayerInternals(weights.log(), weights, values), Projection(weight, 0.0, output)
    whole = norms(*given)
    monkeypatch.setattr(module, "BLOCK_BYTES", 8 * 2 * 5 * 3)
    for one, other in zip(whole, norms(*given), strict=True):
        torch.testing.assert_close(one, other)
