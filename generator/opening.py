"""Where a record page opens: at one pair of words that is worth a look. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .capture import AttentionMap, Capture, Token
from .corpus import Span

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Opening:
    """A pair of tokens in one head of one kind of map."""

    kind: str
    layer: int
    head: int
    query: int
    key: int


def opening(capture: Capture) -> Opening:
    """Return the strongest link between two words of interest, in any head.

    From the mention to its candidates where the record has them, else between any two words that
    are not neighbours; of an encoder-decoder, from an output token to a source token.
    """
    attention = capture.maps[-1]
    allowed = _of_interest(capture, attention)
    tops = [np.where(allowed, weights, -1).argmax() for weights in attention.weights]
    layer = max(range(len(tops)), key=lambda layer: attention.weights[layer].flat[tops[layer]])
    place = np.unravel_index(tops[layer], attention.weights.shape[1:])
    return Opening(attention.kind, layer, *map(int, place))


def _of_interest(capture: Capture, attention: AttentionMap) -> Mask:
    """Return the pairs of words that a page may open at, [query, key]; all if none is left."""
    allowed: Mask = _words(attention.queries)[:, None] & _words(attention.keys)
    if attention.kind != "cross":
        behind = np.arange(len(attention.queries))[:, None] - np.arange(len(attention.keys))
        allowed &= np.abs(behind) > 1
        allowed[:, 0] = False  # where heads rest
    record = capture.record
    if record.mention and record.candidates and attention.kind == "self":
        mention = _covered(attention.queries, [record.mention])
        asked = mention[:, None] & _covered(attention.keys, record.candidates)
        if (asked & allowed).any():
            return asked & allowed
    return allowed if allowed.any() else np.ones_like(allowed)


def _words(tokens: Sequence[Token]) -> Mask:
    return np.array([not t.special and any(map(str.isalnum, t.text)) for t in tokens], dtype=bool)


def _covered(tokens: Sequence[Token], spans: Sequence[Span]) -> Mask:
    """Return which tokens lie in one of the spans."""

    def inside(token: Token, span: Span) -> bool:
        if token.start is None or token.end is None:
            return False
        return token.start < span.start + len(span.text) and token.end > span.start

    return np.array([any(inside(token, span) for span in spans) for token in tokens], dtype=bool)
