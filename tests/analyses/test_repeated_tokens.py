"""Random tokens said twice: what is counted, against plain loops, and what is said of it."""

import numpy as np
import pytest
import torch
from attnatlas.analyses import repeated_tokens
from attnatlas.capture import ModelInfo
from attnatlas.models import loaded_from_objects
from attnatlas.probes import repeated
from attnatlas.probes.repeated import (
    Twice,
    copy_attention,
    draw,
    framing,
    said_twice,
    sequences,
    vocabulary,
)

from tests.capture.tiny import byte_bpe
from tests.probes.conftest import asked  # noqa: F401


def test_looks_are_the_means_of_a_plain_loop():
    weights = np.random.default_rng(0).uniform(size=(2, 3, 13, 13))
    start, length = 2, 5
    after, copy = np.zeros((2, 3)), np.zeros((2, 3))
    for query in range(start + length, start + 2 * length - 1):
        after += weights[:, :, query, query - length + 1] / (length - 1)
        copy += weights[:, :, query, query - length] / (length - 1)
    np.testing.assert_allclose(copy_attention(weights, start, length), [after, copy])


@pytest.mark.parametrize("kind", ["bert", "gpt2", "llama"])
def test_the_probe_equals_the_models_own_attention(asked, kind):  # noqa: F811
    loaded, _ = asked(kind)
    found = said_twice(loaded)
    before, after = framing(loaded.tokenizer)
    assert (len(before), len(after)) == (1, 1)
    halves = draw(vocabulary(loaded), 32, found.length)
    loaded.model.set_attn_implementation("eager")
    for place, second in enumerate(halves):
        rows = np.concatenate([halves[0], second], axis=1)
        for row in (0, 31):
            ids = torch.tensor([[*before, *rows[row], *after]])
            with torch.no_grad():
                output = loaded.model(ids, output_attentions=True)
            weights = torch.stack(output.attentions)[:, 0].numpy()
            expected = copy_attention(weights, len(before), found.length)
            np.testing.assert_allclose(
                found.copy_attention["self"][place, :, row], expected, atol=1e-6
            )
            if kind != "bert":
                losses = [
                    -float(output.logits[0, at].log_softmax(-1)[ids[0, at + 1]])
                    for at in range(len(before) + found.length, len(before) + 2 * found.length - 1)
                ]
                assert found.loss[place, row] == pytest.approx(np.mean(losses), rel=1e-4)
    assert (found.loss is None) == (kind == "bert")


@pytest.mark.parametrize("kind", ["bart", "t5", "bloom"])
def test_every_stack_that_reads_itself_is_probed(asked, kind):  # noqa: F811
    loaded, _ = asked(kind)
    found = said_twice(loaded)
    two = loaded.info.family == "encoder-decoder"
    assert set(found.copy_attention) == ({"encoder", "decoder"} if two else {"self"})
    assert {grid.kind for grid in repeated_tokens.compute(loaded).grids} == set(
        found.copy_attention
    )


def test_no_token_comes_twice_in_a_sequence_and_the_draw_is_always_the_same():
    first, other = draw(range(10, 60), 8, 20)
    assert all(len({*one, *two}) == 40 for one, two in zip(first, other, strict=True))
    np.testing.assert_array_equal(draw(range(10, 60), 8, 20)[0], first)


def test_no_special_token_is_drawn(asked):  # noqa: F811
    loaded, _ = asked("bert")
    assert not {*loaded.tokenizer.all_special_ids} & {*vocabulary(loaded)}


def test_a_large_model_reads_fewer_sequences():
    small, large = torch.nn.Linear(10, 10), torch.nn.Linear(2**14, 2**13, device="meta")
    assert sequences(small, 96) == repeated.MOST
    assert sequences(large, 96) == repeated.LEAST


def test_a_model_that_takes_few_tokens_is_left_out(asked):  # noqa: F811
    loaded, _ = asked("gpt2")
    tokenizer = byte_bpe()
    short = loaded_from_objects(loaded.model, tokenizer)
    before = loaded.model.config.n_positions
    try:
        loaded.model.config.n_positions = 8
        assert said_twice(short) is None
        assert repeated_tokens.compute(short).empty
    finally:
        loaded.model.config.n_positions = before
    assert isinstance(short.info, ModelInfo)


def twice(gain, sequences_=32):
    """Return what a model would show in which L1H0 lies this far above its null."""
    values = np.random.default_rng(0).uniform(0, 0.1, (2, 2, sequences_, 2, 2))
    values[0, 0, :, 1, 0] += gain
    losses = np.random.default_rng(1).normal(5, 0.1, (2, sequences_))
    losses[0] -= 8 * gain
    return Twice(24, {"self": values}, losses)


def test_a_head_that_copies_is_named_and_counted():
    result = repeated_tokens.described(twice(0.6))
    said = {finding.id: finding for finding in result.findings}
    found = said["self-twice-induction"]
    assert found.level == "holds"
    assert "some head is an induction head: L1H0 gives the token after" in found.sentence
    assert found.sentence.endswith(" 1 of 4 heads gives it 25 points more.")
    assert found.n == 16
    assert said["self-twice-duplicate"].level == "does not hold"
    assert said["twice-loss"].level == "holds"
    [grid] = result.grids
    assert grid.values[grid.metrics.index("induction"), 1, 0] == pytest.approx(0.65, abs=0.02)
    assert grid.values[grid.metrics.index("induction_null"), 1, 0] == pytest.approx(0.05, abs=0.02)
    assert (grid.n == 32).all()


def test_where_nothing_copies_that_is_said():
    said = {f.id: f for f in repeated_tokens.described(twice(0.0)).findings}
    assert "some head is an induction head" in said["self-twice-induction"].sentence
    assert said["twice-loss"].sentence.startswith("The model copies from its context: ")
    assert {finding.level for finding in said.values()} == {"does not hold"}


@pytest.mark.parametrize(
    ("gain", "words"), [(0.0525, "1.05 times"), (0.0, "1.00 times"), (1.2, "3.3 times")]
)
def test_a_factor_near_one_is_not_rounded_to_twice_what_it_gains(gain, words):
    other = np.linspace(8.4, 8.8, 12)
    said = repeated_tokens._copying(np.stack([other - gain, other]))
    assert f"are {words} as probable as" in said.plain
