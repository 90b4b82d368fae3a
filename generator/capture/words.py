"""Attention between words: the pieces of a word merged, special tokens left out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..array_types import Doubles, Floats, Indices
from ..corpus import Record, Span, word_spans
from .maps import Token


def words_of(record: Record) -> tuple[Span, ...]:
    """Return the words of a record's text and where they stand."""
    return word_spans(record.text, record.words)


def owners(tokens: Sequence[Token], words: Sequence[Span]) -> Indices:
    """Return the word that each token is a piece of, [token]; -1 for special tokens.

    A token that reaches into several words belongs to the one it shares most characters with, the
    first of equals. The blanks that a piece carries count for nothing.
    """
    starts = np.array([word.start for word in words], dtype=np.intp)
    ends = np.array([word.end for word in words], dtype=np.intp)
    found = np.full(len(tokens), -1, dtype=np.intp)
    for place, token in enumerate(tokens):
        if token.special or token.start is None or token.end is None or not len(words):
            continue
        shared = np.minimum(ends, token.end) - np.maximum(starts, token.start)
        best = int(shared.argmax())
        if shared[best] > 0:
            found[place] = best
    return found


def to_words(
    weights: Floats, rows: Indices, columns: Indices, count: int, keys: int | None = None
) -> Doubles:
    """Return attention between words, [..., word, word]: float64, not renormalised.

    To a word goes the sum over its key pieces, from a word the mean over its query pieces (Clark
    et al. 2019, section 4.1). `weights` is [..., query, key], `rows` and `columns` the owners of
    its queries and keys among `count` words, the keys among `keys` words where they are of another
    text; a word without a piece has NaN in its row.
    """
    into = np.zeros((len(columns), count if keys is None else keys))
    into[columns >= 0, columns[columns >= 0]] = 1
    out = np.zeros((count, len(rows)))
    out[rows[rows >= 0], rows >= 0] = 1
    pieces = out.sum(axis=1, keepdims=True)
    shares = np.divide(out, pieces, out=np.full_like(out, np.nan), where=pieces > 0)
    merged: Doubles = np.matmul(np.nan_to_num(shares), weights @ into)
    merged[..., pieces[:, 0] == 0, :] = np.nan
    return merged
