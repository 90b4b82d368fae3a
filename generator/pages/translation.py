"""What the report of translations shows: words joined by lines, and rates way by way. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..corpus import alignment_links
from ..results.shapes import Finding, Result
from ..results.wording import counted, percent
from ..statistics.bootstrap import LEAST
from .translation_words import Some, outdone, unlooked

Row = Mapping[str, Any]
SHOWN = 60
"""Translations that are drawn; the files have all."""
WIDE, WHOLE = 580.0, 1240.0
"""A drawing that is wider than the one takes a row of its own; than the other, it goes down."""
STEP, FIRST, BETWEEN = 18.0, 14.0, 130.0
"""Pixels from word to word of a drawing that goes down, to its first, and between its sides."""
NAMED = 8
"""Words that are named of those without a line, and of those that another outdoes."""
OPEN = 8
"""Of these, how many are seen at once; the others lie below, folded."""
DIAGONAL, MEAN, OFFSET = "diagonal", "mean of all heads", "offset "
"""The ways that ask no model, and the one that asks all of it."""
LETTER, GAP, EDGE = 7.4, 16.0, 6.0
"""Pixels of a letter, between two words, and at either end."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a drawing: its text, the middle of it in pixels, and whether it is scattered."""

    text: str
    x: float
    scattered: bool = False
    at: int = 0

    @property
    def y(self) -> float:
        """Return its foot where words stand below each other."""
        return FIRST + STEP * self.at


@dataclass(frozen=True, slots=True)
class Line:
    """A link of a drawing in pixels.

    `kind` is both, attention (alone) or gold (alone); unchecked where people drew none.
    """

    x0: float
    x1: float
    kind: str
    possible: bool
    places: tuple[int, int] = (0, 0)

    @property
    def look(self) -> str:
        """Return the names of its style."""
        return f"link {self.kind}" + (" possible" if self.possible else "")

    @property
    def path(self) -> str:
        """Return it as an SVG path, from under the one word to above the other."""
        return f"M{self.x0} 24C{self.x0} 52 {self.x1} 52 {self.x1} 80"

    def across(self, left: float) -> str:
        """Return it as an SVG path from a word at the left to one at the right."""
        start, end = (FIRST + STEP * at - 4 for at in self.places)
        x0, x1 = left + EDGE, left + BETWEEN - EDGE
        middle = (x0 + x1) / 2
        return f"M{x0:g} {start:g}C{middle:g} {start:g} {middle:g} {end:g} {x1:g} {end:g}"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A translation with its links: source words above, what was written below."""

    row: Row
    source: tuple[Word, ...]
    target: tuple[Word, ...]
    lines: tuple[Line, ...]
    width: float
    unlooked: tuple[Some, ...]
    outdone: tuple[Some, ...]

    @property
    def wide(self) -> bool:
        """Return whether it takes a row of its own."""
        return WIDE < self.width <= WHOLE

    @property
    def down(self) -> bool:
        """Return whether it is too wide for a page, and only drawn with its words going down."""
        return self.width > WHOLE

    @property
    def left(self) -> float:
        """Return where the words of the text end, if words go down."""
        return EDGE + LETTER * max((len(word.text) for word in self.source), default=0)

    @property
    def size(self) -> tuple[float, float]:
        """Return its width and height, if words go down."""
        right = LETTER * max((len(word.text) for word in self.target), default=0)
        most = max(len(self.source), len(self.target))
        return round(self.left + BETWEEN + right + EDGE, 1), FIRST + STEP * most

    @property
    def says(self) -> str:
        """Return the drawing in words."""
        linked = ", ".join(
            f"{self.target[target].text} from {self.source[source].text}"
            for source, target in sorted(_pairs(self.row["links"]), key=lambda link: link[1])
        )
        return f"Links by attention: {linked}."


@dataclass(frozen=True, slots=True)
class Way:
    """A way of reading cross-attention: its rates by the written word, both ways, by the fed.

    `weighted` is attention times its gradient, by the written word.
    """

    name: str
    written: Row
    both: Row | None
    fed: Row | None
    weighted: Row | None

    @property
    def words(self) -> str:
        """Return what it is called on the page."""
        if self.name == DIAGONAL:
            return "word order alone (the diagonal)"
        place = self.name.removeprefix(OFFSET)
        if place == self.name:
            return self.name
        by = int(place)
        far = (
            "the same place"
            if not by
            else f"{counted(abs(by), 'place')} {'on' if by > 0 else 'back'}"
        )
        return f"always {far} (offset {place})"


@dataclass(frozen=True, slots=True)
class ModelWays:
    """All ways of one model, and how far its best head comes on other texts."""

    model: str
    ways: tuple[Way, ...]

    @property
    def order(self) -> str:
        """Say how far word order alone comes, beside the mean of all heads; "" without both."""
        rates = {way.name: float(way.written["error_rate"]) for way in self.ways}
        if DIAGONAL not in rates or MEAN not in rates:
            return ""
        alone, mean = (percent(rates[name]) for name in (DIAGONAL, MEAN))
        if rates[DIAGONAL] > rates[MEAN]:
            return f"Word order alone errs at {alone}, the mean of all heads at {mean}."
        return f"Word order alone errs at {alone}: no more than the mean of all heads, {mean}."

    @property
    def intervals(self) -> bool:
        """Return whether there are texts enough for an interval."""
        return any(way.written["low"] is not None for way in self.ways)

    @property
    def weighted(self) -> bool:
        """Return whether gradients were asked for."""
        return any(way.weighted for way in self.ways)


@dataclass(frozen=True, slots=True)
class TranslationView:
    """What the template of the report shows: translations, worst first, and rates."""

    drawn: tuple[Drawn, ...]
    folded: tuple[Drawn, ...]
    count: int
    gold: bool
    models: tuple[str, ...]
    ways: tuple[ModelWays, ...]
    agreement: tuple[Row, ...]
    opening: tuple[str, ...] = ()
    named: int = NAMED


def translation_view(result: Result) -> TranslationView:
    """Return what the page of a report on translations shows."""
    rows = result.rows("records")
    drawn = [_drawn(row) for row in rows[:SHOWN]]
    agreement = result.rows("agreement")
    return TranslationView(
        tuple(drawn[:OPEN]),
        tuple(drawn[OPEN:]),
        len(rows),
        any(row["gold"] for row in rows),
        tuple(dict.fromkeys(row["model"] for row in rows)),
        tuple(_ways(result.rows("ways"))),
        tuple(
            sorted(
                agreement,
                key=lambda row: (row["given"] == "yes", row["agrees"] != "no", -row["on_noun"]),
            )
        ),
        tuple(opening(rows, agreement)),
    )


def opening(rows: Sequence[Row], agreement: Sequence[Row]) -> Iterator[str]:
    """Yield who wrote how many translations, that none is judged, and whether adjectives agree."""
    for model in dict.fromkeys(row["model"] for row in rows):
        read = [row for row in rows if row["model"] == model]
        own = [row for row in read if row["given"] != "yes"]
        people = len(read) - len(own)
        if own:
            given = f"; people wrote {people}" if people else ""
            yield f"{model} wrote {len(own)} of {len(read)} translations itself{given}."
        told = [row for row in agreement if row["model"] == model and row["given"] != "yes"]
        right = sum(row["agrees"] == "yes" for row in told)
        if told:
            verb = "agrees" if right == 1 else "agree"
            yield (
                f"Of {counted(len(told), 'adjective')} of its own that could be checked, "
                f"{right or 'none'} {verb} in gender."
            )
    if any(row["given"] != "yes" for row in rows):
        yield "Whether a translation is right is not measured here: read them."


def of_few_texts(finding: Finding) -> bool:
    """Return whether a sentence is of so few texts that no interval can be given."""
    return finding.n is not None and finding.n < LEAST


def _drawn(row: Row) -> Drawn:
    far = {int(at) for at in str(row["scattered_at"]).split()}
    source, target = _placed(row["words"]), _placed(row["written"], far)
    made = _pairs(row["links"])
    gold = {(link.source, link.target): link.sure for link in alignment_links(row["gold"])}
    found = [(link, _kind(link, gold)) for link in sorted(made)]
    found += [(link, "gold") for link in sorted(gold) if link not in made]
    lines = tuple(
        Line(source[link[0]].x, target[link[1]].x, kind, not gold.get(link, True), link)
        for link, kind in found
    )
    width = max(_end(words) for words in (source, target))
    return Drawn(row, source, target, lines, width, unlooked(row), outdone(row))


def _kind(link: tuple[int, int], gold: Mapping[tuple[int, int], bool]) -> str:
    if not gold:
        return "unchecked"
    return "both" if link in gold else "attention"


def _placed(words: str, scattered: set[int] | None = None) -> tuple[Word, ...]:
    found, x = [], EDGE
    for at, word in enumerate(words.split(" ") if words else ()):
        wide = LETTER * len(word)
        found.append(Word(word, round(x + wide / 2, 1), at in (scattered or set()), at))
        x += wide + GAP
    return tuple(found)


def _end(words: Sequence[Word]) -> float:
    return words[-1].x + LETTER * len(words[-1].text) / 2 + EDGE if words else 0.0


def _pairs(links: str) -> set[tuple[int, int]]:
    return {(link.source, link.target) for link in alignment_links(links)}


def _ways(rows: Sequence[Row]) -> Iterator[ModelWays]:
    for model in dict.fromkeys(row["model"] for row in rows):
        own = [row for row in rows if row["model"] == model and row["half"] == "all"]
        at = {(row["way"], row["reading"], row["links"]): row for row in own}
        names = dict.fromkeys(row["way"] for row in own)
        if ways := tuple(way for name in names if (way := _way(name, at))):
            yield ModelWays(model, ways)


def _way(name: str, at: Mapping[tuple[str, str, str], Row]) -> Way | None:
    """Return a way to read links off attention, None where attention alone was not read."""
    written = at.get((name, "written", "argmax")) or at.get((name, "", ""))
    if written is None:
        return None
    others = (("written", "both"), ("read", "argmax"), ("weighted", "argmax"))
    return Way(name, written, *(at.get((name, *other)) for other in others))
