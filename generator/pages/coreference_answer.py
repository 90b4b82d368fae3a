"""The answer of the report of pairs to its own title, in a few sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..results.wording import count, listed, points, sentence
from ..statistics.bootstrap import LEAST

Row = dict[str, Any]
KINDS = 3
"""Kinds of pairs that the opening has a sentence about, those with the most pairs."""
NAMED = 3
"""Models that are named where all of them choose alike."""
GAPS = 2
"""Models whose gap of too few pairs is told."""
ALONE = {
    "holds": "holds",
    "does not hold": "does not hold",
    "undecided": "is undecided",
    "described": "is not judged",
}
"""What is said of a gap that was measured in one model and way only."""
ATTENTION = "attention"
PRONOUN = "pronoun"


def answers(pairs: Sequence[Row], gaps: Sequence[Row], texts: Sequence[Row]) -> list[str]:
    """Return what was found over how many pairs, beside copies, and whether who is meant changes.

    The rows are those of the tables of the same names.
    """
    asked = [row for row in gaps if row["measure"] != ATTENTION]
    judged = [row for row in asked if row["clusters"] >= LEAST]
    few = [row for row in asked if row["clusters"] < LEAST]
    found = [*_judged(judged), *_too_few(few, bool(judged)), *_largest(few, pairs)]
    return [*found, *_who(pairs, texts)]


def kind_of(row: Row) -> str:
    """Return what the two texts of a pair are called."""
    return f"{row['first_variant']}/{row['second_variant']}"


def _judged(rows: Sequence[Row]) -> Iterator[str]:
    """Yield, by kind of pair, in how many measurements a gap was found."""
    kinds: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda row: -row["pairs"]):
        kinds.setdefault(kind_of(row), []).append(row)
    for kind, own in [*kinds.items()][:KINDS]:
        yield f"Over {own[0]['pairs']} {kind} pairs, a gap of five points or more {_levels(own)}."


def _levels(rows: Sequence[Row]) -> str:
    """Say in how many measurements a gap holds, and how many are open or have no verdict."""
    levels = [row["level"] for row in rows]
    if len(levels) == 1:
        return ALONE[levels[0]]
    held = levels.count("holds")
    more = [
        f"{count(levels.count(level))} {words}"
        for level, words in (("undecided", "undecided"), ("described", "not judged"))
        if level in levels
    ]
    said = f"holds in {count(held) if held else 'none'} of {count(len(levels))} measurements"
    return "; ".join((said, ", ".join(more))) if more else said


def _too_few(rows: Sequence[Row], others: bool) -> Iterator[str]:
    """Yield that nothing can be concluded from kinds with too few pairs."""
    most: dict[str, int] = {}
    for row in rows:
        most[kind_of(row)] = max(most.get(kind_of(row), 0), row["pairs"])
    if not most:
        return
    of = "" if others else "Only "
    names = [*most]
    shown = ", ".join(names[:KINDS]) + (", …" if names[KINDS:] else "")
    total = sum(most.values())
    pair = "pair" if total == 1 else "pairs"
    what = f"{count(total)} {shown} {pair}" if len(most) == 1 else f"{count(total)} pairs ({shown})"
    if set(most.values()) == {1} and len(most) > 1:
        what = f"one pair of each kind ({shown})"
    yield sentence(f"{of}{what}: from so few nothing can be concluded about a gap.")


def _largest(rows: Sequence[Row], pairs: Sequence[Row]) -> Iterator[str]:
    """Yield the largest gap of each of two models: of kinds with too few pairs, pronouns first."""
    few = [row for row in rows if row["measure"] == PRONOUN] or rows
    if not few:
        return
    kinds = {(row["model"], kind_of(row), row["measure"], row["option"]) for row in few}
    own = [
        row for row in pairs if (row["model"], kind_of(row), row["measure"], row["option"]) in kinds
    ]
    most: dict[str, Row] = {}
    for row in sorted(own, key=lambda row: -abs(row["gap"])):
        most.setdefault(row["model"], row)
    told = [*most.values()][:GAPS]
    gaps = [_gap(row, " points" if not at else "") for at, row in enumerate(told)]
    if gaps:
        yield f"{_differs(told)} {listed(gaps)}."


def _differs(rows: Sequence[Row]) -> str:
    """Return what is likelier than what, where all rows are of one pronoun beside another."""
    words = [*dict.fromkeys(_words(row) for row in rows)]
    less = {row["gap"] < 0 for row in rows}
    pronoun = rows[0]["measure"] == PRONOUN
    if pronoun and len(words) == len(less) == 1 and words[0]:
        one, other = words[0]
        return f"“{one}” is {'less' if less == {True} else 'more'} expected than “{other}”:"
    return f"{'How likely a pronoun is' if pronoun else 'The answer'} differs"


def _words(row: Row) -> tuple[str, str] | None:
    """Return the one word in which the two texts of a pair differ, None where it is not one."""
    texts = [str(row.get(name, "")).split() for name in ("first_text", "second_text")]
    pairs = [*zip(*texts, strict=False)]
    differ = [(one, other) for one, other in pairs if one != other]
    return differ[0] if len(differ) == 1 and len(texts[0]) == len(texts[1]) else None


def _gap(row: Row, unit: str) -> str:
    """Say how far apart the two texts of a pair are in one model, beside its untrained copy."""
    copy = row["untrained"]
    other = " the other way" if copy is not None and copy * row["gap"] < 0 else ""
    beside = "" if copy is None else f" (untrained copy {points(abs(copy))}{other})"
    return f"by {points(abs(row['gap']))}{unit} in {row['model']}{beside}"


def _who(pairs: Sequence[Row], texts: Sequence[Row]) -> Iterator[str]:
    """Yield whether whom a model takes to be meant changes with the pronoun."""
    read = {(row["model"], row["corpus"], row["record"]): row for row in texts}
    sides = {
        (
            (row["model"], row["corpus"], row["first_record"]),
            (row["model"], row["second_corpus"], row["second_record"]),
        )
        for row in pairs
    }
    chosen: list[tuple[str, str, str]] = []
    for first, second in sides:
        one, other = read.get(first), read.get(second)
        if one is None or other is None or not (one["chosen"] and other["chosen"]):
            continue
        if one["mention"].lower() != other["mention"].lower():
            chosen.append((one["model"], one["chosen"].lower(), other["chosen"].lower()))
    if chosen:
        yield _either(chosen)


def _either(chosen: Sequence[tuple[str, str, str]]) -> str:
    """Say whether the choice, of (model, with one pronoun, with the other), changes."""
    same, n = sum(one == other for _, one, other in chosen), len(chosen)
    models = [*dict.fromkeys(sorted(model for model, _, _ in chosen))]
    who = {one for pair in chosen for one in pair[1:]}
    if len(who) == 1 and len(models) == n <= NAMED:
        take = "takes" if n == 1 else "take"
        return f"With either pronoun, {listed(models)} {take} “{who.pop()}” to be meant."
    where = "" if n == 1 else " in both cases" if n == 2 else f" in all {count(n)} cases"
    how = f"changes in {n - same} of {n} cases"
    if same in (0, n):
        how = f"{'stays the same' if same else 'changes'}{where}"
    return f"With the other pronoun, whom a model takes to be meant {how}."
