"""Where a record page opens: at one pair of words that is worth a look. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...array_types import Mask
from ...capture import AttentionMap, Capture, Token
from ...corpus import Span

LONG = 4
"""Letters of a word that is likely to say something by itself."""


@dataclass(frozen=True, slots=True)
class FirstView:
    """A pair of tokens in one head of one kind of map."""

    kind: str
    layer: int
    head: int
    query: int
    key: int


def first_view(capture: Capture) -> FirstView:
    """Return the strongest link between two words of interest, in any head.

    From the mention to its candidates where the record has them, else between any two words that
    are not neighbours, longer ones if there are some; of an encoder-decoder, from an output token
    to a source token.
    """
    attention = capture.maps[-1]
    allowed = _of_interest(capture, attention)
    tops = [np.where(allowed, weights, -1).argmax() for weights in attention.weights]
    layer = max(range(len(tops)), key=lambda layer: attention.weights[layer].flat[tops[layer]])
    place = np.unravel_index(tops[layer], attention.weights.shape[1:])
    return FirstView(attention.kind, layer, *map(int, place))


def _of_interest(capture: Capture, attention: AttentionMap) -> Mask:
    """Return the pairs of words that a page may open at, [query, key]; all if none is left."""
    queries, keys = attention.rows, attention.keys
    apart = np.ones((len(queries), len(keys)), dtype=bool)
    if attention.kind != "cross":
        apart = np.abs(np.arange(len(queries))[:, None] - np.arange(len(keys))) > 1
        apart[:, 0] = False  # where heads rest
    choices = [_words(queries, least)[:, None] & _words(keys, least) & apart for least in (LONG, 1)]
    record = capture.record
    if record.mention and record.candidates and attention.kind == "self":
        mention = _covered(queries, [record.mention])
        choices.insert(0, choices[-1] & mention[:, None] & _covered(keys, record.candidates))
    return next((mask for mask in choices if mask.any()), np.ones_like(apart))


def _words(tokens: Sequence[Token], least: int) -> Mask:
    """Return which tokens of the text have at least so many letters or digits."""
    counts = [0 if token.special else sum(map(str.isalnum, token.text)) for token in tokens]
    return np.array(counts) >= least


def _covered(tokens: Sequence[Token], spans: Sequence[Span]) -> Mask:
    """Return which tokens lie in one of the spans."""

    def inside(token: Token, span: Span) -> bool:
        if token.start is None or token.end is None:
            return False
        return token.start < span.start + len(span.text) and token.end > span.start

    return np.array([any(inside(token, span) for span in spans) for token in tokens], dtype=bool)
