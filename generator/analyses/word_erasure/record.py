"""Words for and against an answer, signed, and what becomes of the answer without them.

Erasing words one by one is leave-one-out, Li, Monroe & Jurafsky 2016, section 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...array_types import Doubles, Singles
from ...capture import Capture
from ...corpus import Span
from ...results.shapes import Cell, Result, Table
from ...results.wording import listed
from ..analysis import ASKED_FIELDS, RecordProbe
from ..saliency import methods
from .moves import side_of
from .parts import parts_of
from .pieces import Pieces, pieces
from .tables import ANSWER, ASPECTS, KEPT, PROBABLE, SIGNED, TABLES, WORDS, misread

if TYPE_CHECKING:
    from ...models import LoadedModel

QUESTIONS, FEWEST, TOKENS = 16, 4, 4096
"""At most so many questions about words and aspects, fewer about a long text, so that they go
through together: so many tokens make a batch."""
FOR, AGAINST = 4, 3
"""Words that are named of a text, for its answer and against it."""
LEAST_PART = 0.25
"""The least part of what the strongest word says from which on a word is named."""
Places = frozenset[int]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The share of each word by one method, and the words that speak most for and against."""

    shares: Doubles
    speaks_for: tuple[int, ...]
    against: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What can be erased: the words, the parts that speak of aspects, and `every` token."""

    own: Pieces
    parts: tuple[Span, ...]
    every: Places

    @property
    def of_parts(self) -> list[Places]:
        """Return the tokens of each part."""
        return [self.own.places(part.start, part.end) for part in self.parts]


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return the `words` of a text, its `aspects`, and the `answer` that they speak for.

    The share of a word is the sum of the method over its tokens, of all absolute sums; `without`
    how likely the answer is when the word alone is erased (of a regression, its value), None where
    that was not asked. `part` of an aspect is what speaks of it, and `alone` what the model says of
    nothing but that. `together` is the answer without all words that speak for it.
    """
    from ...probes import ExplainedInput, answers, gradient_pass

    explained = ExplainedInput.of(loaded, capture)
    if explained is None or explained.target.labels or "saliency" not in results:
        return Result(ANALYSIS.name)
    own = pieces(capture, explained.content)
    name, values, erasing = _confirmed(results)
    best = _ranked(own, values)
    if not (best.speaks_for or best.against):
        return Result(ANALYSIS.name)
    record = capture.record
    asked = Asked(own, parts_of(record.text, record.aspects), frozenset(explained.content))
    wanted = _questions(asked, best)[: questions(len(explained.tokens))]
    said = answers(explained, wanted, explained.erased_target.confidence)
    known = {places: _short(float(value)) for places, value in zip(wanted, said, strict=True)}
    full = _short(gradient_pass(explained).confidence)
    target = explained.target
    answer = (target.words, target.measure, full, name, erasing, explained.erased_by)
    tables = {
        "answer": Table(ANSWER, ((*answer, *_together(own, best, known)),)),
        "words": Table(WORDS, _words(own, best, known, (full, target.measure == "probability"))),
    }
    if record.aspects:
        tables["aspects"] = Table(ASPECTS, _aspects(asked, record.aspects, best, known))
    return Result(ANALYSIS.name, tables=tables)


def questions(tokens: int) -> int:
    """Return how many questions are asked about the words of a text of so many tokens."""
    return min(QUESTIONS, max(FEWEST, TOKENS // tokens))


def _confirmed(results: Mapping[str, Result]) -> tuple[str, Singles, float | None]:
    """Return the signed method that erasing confirms best, its values, and how well it does.

    That is the mean comprehensiveness of its order, None where nothing was erased. An integral
    that does not add up is passed over if there is another method.
    """
    found = {one.name: one.values for one in methods(results) if one.name in SIGNED}
    kept = {name: found[name] for name in SIGNED if name in found and name not in _failed(results)}
    erased = _erased(results)
    best = max(kept or found, key=lambda name: erased.get(name, -1.0))
    return best, found[best], erased.get(best)


def _failed(results: Mapping[str, Result]) -> set[str]:
    rows = results["saliency"].rows("target")
    return {str(row["method"]) for row in rows if row["converged"] == "no"}


def _erased(results: Mapping[str, Result]) -> dict[str, float]:
    table = results["faithfulness"].tables.get("aopc") if "faithfulness" in results else None
    return {str(row[0]): float(row[1] or 0) for row in table.rows} if table else {}


def _ranked(own: Pieces, values: Singles) -> Ranked:
    sums = own.sums(values)
    shares = sums / max(float(np.abs(sums).sum()), 1e-12)
    order = [int(at) for at in np.argsort(-np.abs(shares), kind="stable")]
    named = [at for at in order if abs(shares[at]) >= max(LEAST_PART * abs(shares[order[0]]), 1e-9)]
    speaks_for = [at for at in named if shares[at] > 0][:FOR]
    against = [at for at in named if shares[at] < 0][:AGAINST]
    return Ranked(shares, tuple(speaks_for), tuple(against))


def _questions(asked: Asked, best: Ranked) -> list[Places]:
    """Return what is erased, the most telling first: words, aspects, words together, more words."""
    own, every = asked.own, asked.every
    first = (*best.speaks_for[:2], *best.against[:1])
    more = (*best.speaks_for[2:], *best.against[1:])
    found = [own.of_word(at) for at in first]
    found += [places for part in asked.of_parts for places in (part, every - part)]
    found += [_union(own, best.speaks_for[:3])] if len(best.speaks_for) > 1 else []
    found += [own.of_word(at) for at in more]
    return [places for places in dict.fromkeys(found) if places and places != every]


def _union(own: Pieces, words: Sequence[int]) -> Places:
    return frozenset().union(*(own.of_word(at) for at in words))


def _together(
    own: Pieces, best: Ranked, known: Mapping[Places, float]
) -> tuple[float | None, str | None]:
    """Return the answer without the first words for it at once, and which these are."""
    words = best.speaks_for[:3]
    value = known.get(_union(own, words)) if len(words) > 1 else None
    return value, None if value is None else listed([f"“{own.words[at].text}”" for at in words])


def _aspects(
    asked: Asked, aspects: Sequence[Span], best: Ranked, known: Mapping[Places, float]
) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (
            aspect.text, aspect.start, part.text, part.start, _share(asked.own, best, places),
            known.get(places), known.get(asked.every - places),
        )
        for aspect, part, places in zip(aspects, asked.parts, asked.of_parts, strict=True)
    )  # fmt: skip


def _words(
    own: Pieces, best: Ranked, known: Mapping[Places, float], answer: tuple[float, bool]
) -> tuple[tuple[Cell, ...], ...]:
    """Return a row for each word; `answer` is how likely it is, or its value, and which of both."""
    named = {*best.speaks_for, *best.against}
    strong = sorted(own.read, key=lambda at: -abs(best.shares[at]))[:KEPT]
    rows = []
    for at in sorted(strong):
        word, share = own.words[at], _short(best.shares[at])
        without = known.get(own.of_word(at))
        side = side_of(share, answer[0], without, answer[1]) if at in named else None
        rows.append((word.text, word.start, share, side, without))
    return tuple(rows)


def _share(own: Pieces, best: Ranked, places: Places) -> float:
    words = {int(own.owner[at]) for at in places}
    return _short(float(sum(best.shares[at] for at in words)))


def _short(value: float) -> float:
    """Return a number with six significant digits, all that float32 holds."""
    return float(f"{value:.6g}")


ANALYSIS = RecordProbe(
    name="word_erasure",
    tables=TABLES,
    probable=PROBABLE,
    title="Words for and against the answer",
    about=(
        "The tokens of each word are put together, and the words that speak most for the answer "
        "and against it are erased, each alone. Which words these are says the signed method whose "
        "order costs the answer most when it is erased: integrated gradients, gradient × input, or "
        "occlusion. The part of a text that speaks of an aspect is the piece it stands in, cut at "
        "marks and at words such as “but”: it is erased, and then read alone."
    ),
    reading=(
        "A word for the answer makes it less likely when it is erased, a word against it more "
        "likely: by five points at least, or by half of what is left. A word that erasing "
        "contradicts, or without which hardly anything changes, is named apart, and on neither "
        "side."
    ),
    limits=(
        "One word at a time misses what two say alike. A text with a hole is unlike any the model "
        f"has read. Of one text, at most {QUESTIONS} versions are read, of a long one {FEWEST}: "
        "words that come after are listed without a number."
    ),
    cite=(
        "Li et al. 2016, Understanding Neural Networks through Representation Erasure, "
        "https://arxiv.org/abs/1612.08220"
    ),
    compute=compute,
    misread=misread,
    version="2",
    fields=(*ASKED_FIELDS, "words", "aspects"),
    after=("saliency", "faithfulness"),
)
