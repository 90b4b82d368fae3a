"""Which pairs of tokens a question is about: what may be seen, earlier copies, kinds of tokens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from ..array_types import Doubles, Mask
from . import AttentionMap, Token

DELIMITER = re.compile(r"sep|eos|eot|eod|end|</s>", re.IGNORECASE)
"""How the special tokens that close a text or a segment are written: [SEP], </s>, <|endoftext|>."""

WORD_PIECE_MARKS = " \t\r\n\u0120\u010a\u2581"  # blank, and how vocabularies write it: Ġ Ċ ▁


def visible(attention: AttentionMap, layer: int) -> Mask:
    """Return which keys each query may see, [query, key].

    From causality and the layer's window; a pair that carries weight in any head counts too.
    """
    queries, keys = attention.weights.shape[2:]
    allowed = np.ones((queries, keys), dtype=bool)
    if attention.kind != "cross":
        behind = np.arange(queries)[:, None] - np.arange(keys)
        if attention.causal:
            allowed &= behind >= 0
        window = attention.window[layer] if attention.window else None
        if window is not None:
            allowed &= np.abs(behind) < window
    carries: Mask = (attention.weights[layer] > 0).any(axis=0)
    return allowed | carries


def uniform(allowed: Mask) -> Doubles:
    """Return attention spread evenly over what each query may see, [query, key]."""
    counts = np.maximum(allowed.sum(axis=1, keepdims=True), 1)
    weights: Doubles = allowed / counts
    return weights


def special(tokens: Sequence[Token]) -> Mask:
    """Return which tokens the tokenizer added."""
    return np.array([token.special for token in tokens], dtype=bool)


def delimiter(tokens: Sequence[Token]) -> Mask:
    """Return which tokens close a text or a segment: [SEP], </s>, <|endoftext|> and their like."""
    return np.array([t.special and bool(DELIMITER.search(t.text)) for t in tokens], dtype=bool)


def punctuation(tokens: Sequence[Token]) -> Mask:
    """Return which tokens of the text are made of punctuation alone (Unicode category P)."""
    return np.array([not t.special and _is_punctuation(t.text) for t in tokens], dtype=bool)


def earlier_copies(tokens: Sequence[Token]) -> Mask:
    """Return which keys are earlier copies of each query, [token, token].

    Copies have the same vocabulary id (the same text where ids are unknown); special tokens have
    none.
    """
    names = [token.text if token.id is None else token.id for token in tokens]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    ids = np.array([numbers[name] for name in names])
    same: Mask = ids[:, None] == ids
    return np.tril(same, -1) & ~special(tokens)


def after_copies(copies: Mask) -> Mask:
    """Return the keys right after those in `copies` [token, token]: where induction looks."""
    after = np.zeros_like(copies)
    after[:, 1:] = copies[:, :-1]
    return after


def _is_punctuation(text: str) -> bool:
    bare = text.strip(WORD_PIECE_MARKS)
    return bool(bare) and all(unicodedata.category(letter).startswith("P") for letter in bare)
