"""The same word in two texts: which texts and words are compared, and how far their rows differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice

import numpy as np

from ...array_types import Doubles, Indices
from ...capture.words import words_of
from ...corpus import Record, Span
from ...statistics.entropy import entropy

Places = tuple[int, int]

UNMARKED = 8
"""How many shared words are compared in a group that marks none."""
MARKS = ".,;:!?"
"""What a word that whitespace cuts out may carry, and is compared without."""
ITSELF, ELSE = range(2)
"""The parts that every row has: the word itself, and what only one of the texts has."""


def keys_of(record: Record) -> list[str]:
    """Return what a record may share with others: its group, and tags that are words of its text.

    Only records with a key are compared.
    """
    words = {word.text.casefold() for word in words_of(record)}
    groups = [f"group {record.group}"] if record.group else []
    return groups + [f"tag {tag}" for tag in record.tags if tag.casefold() in words]


def compared(one: Record, other: Record, key: str) -> list[Places]:
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


def different(one: Record, other: Record, at: Places, draws: int, seed: int) -> list[Places]:
    """Return pairs of different words of the two texts: what chance gives for `at`.

    Those come first whose places differ about as much as those of `at`, so that chance does not
    look different because it stands elsewhere; among equals at random.
    """
    first, second = ([word.text.casefold() for word in words_of(r)] for r in (one, other))
    left = {first[at[0]], second[at[1]]}
    pairs = [
        (i, j)
        for i, word in enumerate(first)
        for j, against in enumerate(second)
        if word != against and not {word, against} & left and word.isalnum() and against.isalnum()
    ]
    order = np.random.default_rng(seed).permutation(len(pairs)).tolist()
    moved = at[1] - at[0]
    nearest = sorted(order, key=lambda place: abs(pairs[place][1] - pairs[place][0] - moved))
    return [pairs[place] for place in nearest[:draws]]


def divergence(one: Doubles, other: Doubles, parts: tuple[Indices, Indices]) -> Doubles:
    """Return the Jensen-Shannon divergence of a word's rows in two texts, [...], in nats.

    `one` and `other` are [..., column], and `parts` say where each column belongs. Merging columns
    never raises the divergence, so no finer way to match the two texts would give less.
    """
    size = 1 + max(int(part.max()) for part in parts)
    rows = [_merged(row, part, size) for row, part in zip((one, other), parts, strict=True)]
    mixed = entropy((rows[0] + rows[1]) / 2)
    found: Doubles = np.maximum(mixed - (entropy(rows[0]) + entropy(rows[1])) / 2, 0)
    return found


def shared(labels: tuple[Sequence[str], Sequence[str]]) -> list[Places]:
    """Return the columns that two texts have in common: their words, and special tokens, in order.

    Special tokens are told by the blank in front of their names, and come after the words.
    """
    counts = [sum(not label.startswith(" ") for label in names) for names in labels]
    words = _common(labels[0][: counts[0]], labels[1][: counts[1]], (0, 0))
    special = _common(labels[0][counts[0] :], labels[1][counts[1] :], (counts[0], counts[1]))
    return [*words, *special]


def partition(
    columns: tuple[int, int], common: Sequence[Places], at: Places
) -> tuple[Indices, Indices]:
    """Return the part that each column of either text belongs to, two [column].

    Rows over different tokens are compared on what both texts have: the word itself, each word
    and each special token in `common`, and all else together. `columns` counts those of each text,
    `at` is where the word stands.
    """
    first, second = (np.full(count, ELSE, dtype=np.intp) for count in columns)
    for part, (i, j) in enumerate(common, ELSE + 1):
        if i != at[0] and j != at[1]:
            first[i] = second[j] = part
    first[at[0]] = second[at[1]] = ITSELF
    return first, second


def _common(one: Sequence[str], other: Sequence[str], start: Places) -> Iterator[Places]:
    """Yield the places of what both have, in order, counted from `start`."""
    for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            yield start[0] + block.a + step, start[1] + block.b + step


def _merged(row: Doubles, part: Indices, size: int) -> Doubles:
    """Return the sums over the parts, [..., part], each row summing to 1."""
    onto = np.zeros((len(part), size))
    onto[np.arange(len(part)), part] = 1
    sums = row @ onto
    merged: Doubles = sums / np.maximum(sums.sum(axis=-1, keepdims=True), 1e-12)
    return merged


def _places(record: Record) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, word in enumerate(words_of(record)):
        found.setdefault(word.text.casefold().strip(MARKS), []).append(place)
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
