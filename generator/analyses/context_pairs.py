"""The same word in two texts: which texts and words are compared, and how far their rows differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice

import numpy as np
import numpy.typing as npt
from scipy.special import entr

from ..corpus import Record, Span
from .wordwise import words_of

Doubles = npt.NDArray[np.float64]
Bins = npt.NDArray[np.intp]
Pair = tuple[int, int]

UNMARKED = 8
"""How many shared words are compared in a group that marks none."""
ITSELF, BEFORE, AFTER, SPECIAL = range(4)
"""The parts of every row: the word, other words on either side, special tokens of one text only."""


def keys_of(record: Record) -> list[str]:
    """Return what a record may share with others: its group, and tags that are words of its text.

    Only records with a key are compared.
    """
    words = {word.text.casefold() for word in words_of(record)}
    groups = [f"group {record.group}"] if record.group else []
    return groups + [f"tag {tag}" for tag in record.tags if tag.casefold() in words]


def compared(one: Record, other: Record, key: str) -> list[Pair]:
    """Return the places of the same word in both texts: [(word of one, word of other)].

    The word that the shared tag or group names; else those that both records mark as mention,
    candidate or aspect (its last word); else the first eight that both texts have exactly once.
    """
    first, second = _places(one), _places(other)
    name = key.partition(" ")[2].casefold()
    if name in first and name in second:
        return [(first[name][0], second[name][0])]
    marked = _marked(one), _marked(other)
    both = [word for word in marked[0] if word in marked[1]]
    if both:
        return [(marked[0][word], marked[1][word]) for word in both]
    shared = (
        (places[0], second[word][0])
        for word, places in first.items()
        if len(places) == len(second.get(word, ())) == 1 and word.isalpha()
    )
    return list(islice(shared, UNMARKED))


def different(one: Record, other: Record, at: Pair, draws: int, seed: int) -> list[Pair]:
    """Return random pairs of different words of the two texts: what chance gives for `at`."""
    first, second = ([word.text.casefold() for word in words_of(r)] for r in (one, other))
    left = {first[at[0]], second[at[1]]}
    pairs = [
        (i, j)
        for i, word in enumerate(first)
        for j, against in enumerate(second)
        if word != against and not {word, against} & left and word.isalnum() and against.isalnum()
    ]
    if not pairs:
        return []
    chosen = np.random.default_rng(seed).choice(len(pairs), min(draws, len(pairs)), replace=False)
    return [pairs[place] for place in chosen]


def divergence(
    one: Doubles, other: Doubles, labels: tuple[Sequence[str], Sequence[str]], at: Pair
) -> Doubles:
    """Return the Jensen-Shannon divergence of a word's rows in two texts, [...], in nats.

    `one` and `other` are [..., column] over the words and then the special tokens of each text, as
    `labels` names them (special tokens after a blank); `at` is where the word stands. Rows over
    different tokens are compared on the finest parts that both texts have: the word itself, each
    word that both have on the same side of it and in the same order, each special token, and one
    part a side for all other words. Merging columns never raises the divergence, so no finer way
    to match the two texts would give less.
    """
    parts = partition(labels, at)
    size = 1 + max(int(part.max()) for part in parts)
    rows = [_merged(row, part, size) for row, part in zip((one, other), parts, strict=True)]
    mixed = entr((rows[0] + rows[1]) / 2).sum(axis=-1)
    found: Doubles = np.maximum(mixed - sum(entr(row).sum(axis=-1) for row in rows) / 2, 0)
    return found


def partition(labels: tuple[Sequence[str], Sequence[str]], at: Pair) -> tuple[Bins, Bins]:
    """Return the part that each column of either text belongs to, two [column]."""
    counts = [sum(not label.startswith(" ") for label in names) for names in labels]
    parts = [np.full(len(names), SPECIAL, dtype=np.intp) for names in labels]
    for part, place, count in zip(parts, at, counts, strict=True):
        part[:place], part[place], part[place + 1 : count] = BEFORE, ITSELF, AFTER
    sides = (
        ((0, at[0]), (0, at[1])),
        ((at[0] + 1, counts[0]), (at[1] + 1, counts[1])),
        ((counts[0], len(labels[0])), (counts[1], len(labels[1]))),
    )
    following = SPECIAL + 1
    for (start, end), (other, last) in sides:
        for i, j in _common(labels[0][start:end], labels[1][other:last]):
            parts[0][start + i] = parts[1][other + j] = following
            following += 1
    return parts[0], parts[1]


def _common(one: Sequence[str], other: Sequence[str]) -> Iterator[Pair]:
    """Yield the places of what both have, in order."""
    for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        yield from ((block.a + step, block.b + step) for step in range(block.size))


def _merged(row: Doubles, part: Bins, size: int) -> Doubles:
    """Return the sums over the parts, [..., part], each row summing to 1."""
    onto = np.zeros((len(part), size))
    onto[np.arange(len(part)), part] = 1
    sums = row @ onto
    merged: Doubles = sums / np.maximum(sums.sum(axis=-1, keepdims=True), 1e-12)
    return merged


def _places(record: Record) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words_of(record)):
        found.setdefault(word.text.casefold().strip(".,;:!?"), []).append(place)
    return found


def _marked(record: Record) -> dict[str, int]:
    """Return the last word of each span that a record marks, and where it stands."""
    spans: list[Span] = [*record.candidates, *record.aspects]
    spans += [record.mention] if record.mention else []
    found: dict[str, int] = {}
    for span in spans:
        inside = [i for i, w in enumerate(words_of(record)) if w.start < span.end <= w.end]
        found |= {span.text.split()[-1].casefold(): inside[0]} if inside else {}
    return found
