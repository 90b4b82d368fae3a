"""Made-up records with dependency trees, and attention that follows them or does not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from attnatlas.analyses.syntax import record as syntax
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.corpus import Record

from tests.analyses.small_maps import CLS, SEP, softmax

RELATIONS = ("nsubj", "obj", "det")


def tree(seed, length=9):
    """Return a record with a random tree: every word hangs on any other, one is the root."""
    random = np.random.default_rng(seed)
    order = random.permutation(length)
    head = [0] * length
    for place, word in enumerate(order[1:], 1):
        head[word] = int(order[random.integers(place)]) + 1
    names = [str(random.choice(RELATIONS)) if above else "root" for above in head]
    words = tuple(f"w{number}" for number in range(length))
    return Record(f"r{seed}", " ".join(words), head=tuple(head), deprel=tuple(names))


def pieces(record, split=()):
    """Return a token a word between [CLS] and [SEP]; the words in `split` have two pieces."""
    found, place = [CLS], 0
    for number, word in enumerate(record.text.split()):
        start, end = place - (number > 0), place + len(word)
        cuts = [start, end - 1, end] if number in split else [start, end]
        for first, last in pairwise(cuts):
            found.append(Token(record.text[max(first, 0) : last], start=max(first, 0), end=last))
        place = end + 1
    return (*found, SEP)


def noise(record, tokens, seed, layers=2, heads=3, causal=False):
    """Return random attention [layer, head, query, key]."""
    random = np.random.default_rng((seed, 7))
    scores = random.normal(0, 2, (layers, heads, len(tokens), len(tokens)))
    if causal:
        scores = np.where(np.tril(np.ones(scores.shape[2:], dtype=bool)), scores, -np.inf)
    return softmax(scores)


def following(record, tokens, seed, layers=2, heads=3):
    """Return noise in which L1H2 attends to the head, and L0H1 from the head to its words."""
    weights = noise(record, tokens, seed, layers, heads)
    count = len(tokens)
    to_head, from_head = np.eye(count), np.eye(count) * 0.01
    for word, above in enumerate(record.head, 1):
        if above:
            to_head[word] = np.eye(count)[above]
            from_head[above, word] = 1
    weights[1, 2], weights[0, 1] = to_head, from_head / from_head.sum(axis=1, keepdims=True)
    return weights


def read(record, weights, tokens, causal=False):
    """Return the capture of a record."""
    part = AttentionMap("self", tokens, tokens, weights.astype(np.float32), causal)
    return Capture(ModelInfo("m", "encoder"), record, (part,))


def record_results(make, records, split=()):
    """Return what `aggregate` reads, for attention made by `make(record, tokens, seed)`."""
    found = []
    for seed, record in enumerate(records):
        tokens = pieces(record, split)
        result = syntax.compute(read(record, make(record, tokens, seed), tokens))
        found.append((record, {"syntax": result}))
    return found
