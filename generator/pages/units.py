"""In which unit a sentence is measured, how its numbers are said, and the axis of a unit. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..results.shapes import Finding

STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
"""What an axis ends at, times a power of ten."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as pages call it, by how much a value is multiplied, and decimals of a table.

    `sign` follows a number where the sentence has one, too: “29 points”, “57%”.
    """

    name: str
    factor: float = 1.0
    places: int = 2
    sign: str = ""


RANK = Unit("rank correlation")
POINTS = Unit("points of probability", 100.0, 1, " points")
SHARE = Unit("percent of attention", 100.0, 1, "%")
HEADS = Unit("share of heads")
WORDS = Unit("percent of words", 100.0, 1, "%")
CASES = Unit("percent of cases", 100.0, 1, "%")
TEXTS = Unit("percent of texts", 100.0, 1, "%")
PAIRS = Unit("percent of pairs", 100.0, 1, "%")
NATS = Unit("nats")
COST = Unit("nats a token")
TOKENS = Unit("tokens")
ERRORS = Unit("error rate in percent", 100.0, 1, "%")
SCORE = Unit("score")
COUNT = Unit("number of heads", places=0)

UNITS: tuple[tuple[str, str, Unit], ...] = (
    ("profile", r"-(habits|unnamed)$", HEADS),
    ("profile", r"-rest$", SHARE),
    ("profile", r"-reach$", TOKENS),
    ("profile", r"-spread$", NATS),
    ("agreement", r"(^|-)pairs$", COUNT),
    ("agreement", r"", RANK),
    ("anchors", r"-top$", WORDS),
    ("faithfulness", r"-weights$", RANK),
    ("faithfulness", r"-erased$", POINTS),
    ("semantic", r"-semantic$", COUNT),
    ("semantic", r"-best$", RANK),
    ("norms", r"-share$", SHARE),
    ("norms", r"-order$", RANK),
    ("importance", r"-importance$", SCORE),
    ("importance", r"-habits$", RANK),
    ("alignment", r"", ERRORS),
    ("weighted_alignment", r"", ERRORS),
    ("syntax", r"-syntax-", CASES),
    ("context", r"-context$", NATS),
    ("similarity", r"-(twins|groups)$", HEADS),
    ("similarity", r"-alike$", NATS),
    ("habits", r"", SHARE),
    ("repeated_tokens", r"-loss$", COST),
    ("repeated_tokens", r"", SHARE),
    ("errors", r"^calibration-", POINTS),
    ("errors", r"^(accuracy|errors)-", TEXTS),
    ("sentiment", r"^(erasure-agrees|wrong-aspect-wins)", TEXTS),
    ("counterfactuals", r"", PAIRS),
    ("compare", r"^compare-heads-", SHARE),
    ("coreference", r"^gap-", POINTS),
    ("coreference", r"^who-", TEXTS),
    ("compare", r"^compare-gap-", POINTS),
    ("translation", r"-(head|read|mean|weighted)$", ERRORS),
    ("translation", r"-scattered$", WORDS),
    ("translation", r"-agreement-", SHARE),
)
"""Analysis, what the id of a sentence is found by, and its unit; the first that fits."""

VALUE = re.compile(r"\b(the|answer’s) value\b")


def unit_of(finding: Finding, analysis: str) -> Unit | None:
    """Return the unit of an estimate, None where it is not known: such a sentence has no axis."""
    if finding.value is None:
        return None
    if analysis == "faithfulness" and VALUE.search(finding.statement):
        return None  # a regression, whose value has a unit of its own
    kind = analysis.partition("-")[0]  # a report may be of two models: compare-one-other
    named = ((unit, pattern) for name, pattern, unit in UNITS if name == kind)
    return next((unit for unit, pattern in named if re.search(pattern, finding.id)), None)


def number(value: float, places: int) -> str:
    """Return a number with a true minus, none before a zero."""
    shown = f"{value:,.{places}f}"
    return (shown if float(shown.replace(",", "")) else f"{0:.{places}f}").replace("-", "−")


def said(values: Sequence[float], unit: Unit | None, places: int = 2) -> list[str]:
    """Return numbers as a sentence says them: in the unit, where it is one that has a sign.

    Of percent and points from ten on there are no decimals. In points the last one alone says so.
    """
    if unit is None or not unit.sign:
        return [number(value, places) for value in values]
    scaled = [unit.factor * value for value in values]
    shown = [number(value, int(0.05 <= abs(value) < 9.95)) for value in scaled]
    last = len(shown) - 1
    return [
        text + unit.sign if at == last or unit.sign == "%" else text
        for at, text in enumerate(shown)
    ]


def ends(values: Sequence[float]) -> tuple[float, float]:
    """Return the round ends of an axis that holds all values, and zero."""
    least, most = min(0.0, *values), max(0.0, *values)
    return (-_round(-least) if least < 0 else 0.0), (_round(most) if most > 0 else 0.0)


def _round(most: float) -> float:
    """Return the least round number from `most` on, which is more than zero."""
    scale = 10.0 ** math.floor(math.log10(most))
    return float(f"{next(step for step in STEPS if most <= step * scale * 1.0001) * scale:.6g}")
