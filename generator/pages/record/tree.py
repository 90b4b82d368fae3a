"""The dependency tree of a text: arcs over its words, and what the best heads find. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, east_asian_width

from ...analyses.syntax.all_records import ALL
from ...analyses.syntax.trees import LEFT_OUT, predictions
from ...capture import AttentionMap, Capture
from ...capture.words import owners, words_of
from ...corpus import Record
from ...names import head_label
from ...results.shapes import Result
from ..direction import direction
from ..model.syntax import Relation, relations
from ..packing import JSON

LETTER, SMALL = 7.9, 6.8
"""Pixels of a letter of a word, and of a letter of a label."""
GAP, EDGE, SIDE = 16.0, 10.0, 5.0
"""Pixels between two words, at either end, and from the middle of a head to its arcs."""
STEP, ROUND, TOP = 23.0, 7.0, 12.0
"""Pixels from one arc to the one around it, of its corners, and above the outermost."""
MOST = 80
"""Words of a text whose tree is drawn."""
COLUMNS = ("word", "relation", "its head", "best head", "joins it to", "as in the tree")


@dataclass(frozen=True, slots=True)
class Arc:
    """A word and its head, as an arc in pixels. `found` says whether `by` joins them, if known."""

    word: int
    above: int
    relation: str
    by: str
    joined: str
    found: bool | None
    path: str
    foot: str
    x: float
    y: float
    says: str

    @property
    def look(self) -> str:
        """Return the name of its style."""
        return {True: "found", False: "missed", None: "unjudged"}[self.found]


@dataclass(frozen=True, slots=True)
class Tree:
    """The words of a text in pixels, the arcs over them, and the word of each token."""

    words: tuple[tuple[str, float, bool], ...]
    arcs: tuple[Arc, ...]
    owners: tuple[int, ...]
    kind: str
    width: float
    base: float

    @property
    def judged(self) -> tuple[Arc, ...]:
        """Return the arcs that a head was looked up for."""
        return tuple(arc for arc in self.arcs if arc.found is not None)

    @property
    def found(self) -> int:
        """Return how many of them the heads find."""
        return sum(arc.found is True for arc in self.arcs)

    @property
    def island(self) -> JSON:
        """Return what the scripts get: the word of each token, and a row a word for the table."""
        words = [text for text, *_ in self.words]
        answers = {True: "yes", False: "no", None: ""}
        rows = [
            (
                words[arc.word],
                arc.relation,
                words[arc.above],
                arc.by,
                arc.joined,
                answers[arc.found],
            )
            for arc in sorted(self.arcs, key=lambda arc: arc.word)
        ]
        return {"kind": self.kind, "owners": self.owners, "columns": COLUMNS, "rows": rows}


def dependency_tree(
    capture: Capture, results: Mapping[str, Result], best: Mapping[str, Result]
) -> Tree | None:
    """Return the tree of a text that has one; `best` is what was found over all texts."""
    record = capture.record
    part = capture.text_map
    if not (record.head and record.deprel) or part is None or "syntax" not in results:
        return None
    pairs = [(word, head - 1) for word, head in enumerate(record.head) if head > 0]
    if not pairs or len(record.head) > MOST:
        return None
    words = [record.text[span.start : span.end] for span in words_of(record)]
    levels = _levels(pairs)
    places, width = _places(words, pairs, record.deprel)
    if direction(record.text) == "rtl":
        places = [round(width - x, 1) for x in places]
    base = TOP + STEP * max(levels) + 4
    judge = _judge(record, results, best, part)
    arcs = [
        _arc(pair, record.deprel[pair[0]], judge(*pair), words, places, (base, base - STEP * level))
        for pair, level in zip(pairs, levels, strict=True)
    ]
    drawn = zip(words, places, (head == 0 for head in record.head), strict=True)
    own = tuple(int(word) for word in owners(part.queries, words_of(record)))
    return Tree(tuple(drawn), tuple(arcs), own, part.kind, width, base)


def _long(word: str) -> float:
    """Return how many letters wide a word is."""
    wide = sum(east_asian_width(letter) in "WF" for letter in word)
    return len(word) + wide - sum(map(bool, map(combining, word)))


def _levels(pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Return how many arcs each arc stands above, itself included."""
    spans = [(min(pair), max(pair)) for pair in pairs]
    found = [1] * len(spans)
    shortest = sorted(range(len(spans)), key=lambda at: spans[at][1] - spans[at][0])
    for place, at in enumerate(shortest):
        low, high = spans[at]
        for other in shortest[:place]:
            start, end = spans[other]
            if start < high and end > low:  # they lie over each other
                found[at] = max(found[at], found[other] + 1)
    return found


def _places(
    words: Sequence[str], pairs: Sequence[tuple[int, int]], names: Sequence[str]
) -> tuple[list[float], float]:
    """Return the middle of each word and the whole width: words and labels of arcs have room."""
    found: list[float] = []
    for at, word in enumerate(words):
        half = LETTER * _long(word) / 2
        x = EDGE + half
        if at:
            x = found[-1] + LETTER * _long(words[at - 1]) / 2 + GAP + half
        for dependent, above in pairs:
            if max(dependent, above) == at:
                room = SMALL * len(_label(names[dependent])) + 2 * ROUND + SIDE
                x = max(x, found[min(dependent, above)] + room)
        found.append(round(x, 1))
    return found, found[-1] + LETTER * _long(words[-1]) / 2 + EDGE


def _label(relation: str) -> str:
    return relation if len(relation) <= 16 else f"{relation[:15]}…"


def _judge(
    record: Record, results: Mapping[str, Result], best: Mapping[str, Result], part: AttentionMap
) -> Any:
    """Return what says of a word and its head: the head that is looked up, and what it joins."""
    known = {one.name: one for one in relations(best) if one.kind == part.kind}
    predicted = predictions(results, part.kind)

    def judge(word: int, above: int) -> tuple[Relation, int] | None:
        name = record.deprel[word]
        one = None if name in LEFT_OUT else known.get(name, known.get(ALL))
        if one is None or predicted is None:
            return None
        column = (one.seen.startswith("from") * part.layers + one.layer) * part.heads + one.head
        joined = int(predicted[column, word])
        return None if joined == -2 or predicted[column, above] == -2 else (one, joined)

    return judge


def _arc(
    pair: tuple[int, int],
    relation: str,
    judged: tuple[Relation, int] | None,
    words: Sequence[str],
    places: Sequence[float],
    heights: tuple[float, float],
) -> Arc:
    word, above = pair
    base, y = heights
    side = SIDE if places[word] > places[above] else -SIDE
    start, end = places[above] + side, places[word]
    turn = ROUND if end > start else -ROUND
    foot = f"M{end - 3.5:.1f} {base - 6:.1f}h7L{end:.1f} {base:.1f}Z"
    path = (
        f"M{start:.1f} {base:.1f}V{y + ROUND:.1f}Q{start:.1f} {y:.1f} {start + turn:.1f} {y:.1f}"
        f"H{end - turn:.1f}Q{end:.1f} {y:.1f} {end:.1f} {y + ROUND:.1f}V{base:.1f}"
    )
    by = head_label(judged[0].layer, judged[0].head) if judged else ""
    joined = words[judged[1]] if judged and judged[1] >= 0 else ("no word" if judged else "")
    found = judged[1] == above if judged else None
    says = f"{words[word]}: {relation} of {words[above]}"
    if judged:
        says += f"; {by} joins it to {joined}"
    return Arc(
        word, above, _label(relation), by, joined, found, path, foot, (start + end) / 2, y, says
    )
