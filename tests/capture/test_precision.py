"""What is analysed is what data files hold: rounded first, and left alone where they hold all."""

import numpy as np
import pytest
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.capture.precision import as_published
from attnatlas.corpus import Record


def captured() -> Capture:
    tokens = tuple(Token(f"t{at}") for at in range(7))
    weights = np.random.default_rng(0).dirichlet(np.ones(7), (2, 3, 7)).astype(np.float32)
    sink = np.random.default_rng(1).random((2, 3, 7)).astype(np.float32)
    maps = (AttentionMap("self", tokens, tokens, weights, sink=sink),)
    return Capture(ModelInfo("m", "encoder", "B", "bert", 2, 3, "arrays"), Record("r", "t"), maps)


def test_float16_rounds_weights_and_sinks_and_stays_float32() -> None:
    plain, [found] = captured(), as_published(captured(), "float16").maps
    for before, after in ((plain.maps[0].weights, found.weights), (plain.maps[0].sink, found.sink)):
        assert after.dtype == np.float32
        np.testing.assert_array_equal(after, before.astype(np.float16))
        assert (after != before).any()


@pytest.mark.parametrize("numbers", ["float32", "none"])
def test_what_is_published_in_full_or_not_at_all_is_left_alone(numbers: str) -> None:
    np.testing.assert_array_equal(
        as_published(captured(), numbers).maps[0].weights, captured().maps[0].weights
    )


def test_what_may_not_be_written_to_is_copied() -> None:
    given = captured()
    given.maps[0].weights.flags.writeable = False
    before = given.maps[0].weights.copy()
    found = as_published(given, "float16").maps[0].weights
    np.testing.assert_array_equal(given.maps[0].weights, before)
    np.testing.assert_array_equal(found, before.astype(np.float16))
