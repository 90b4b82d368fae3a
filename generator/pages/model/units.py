"""In which unit a sentence about a model is measured, and the one axis that a unit has. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...results.shapes import Finding

STEPS = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
"""What an axis ends at, times a power of ten."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as pages call it, by how much a value is multiplied, and decimals of a table."""

    name: str
    factor: float = 1.0
    places: int = 2


RANK = Unit("rank correlation")
POINTS = Unit("points of probability", 100.0, 1)
SHARE = Unit("share of attention")
HEADS = Unit("share of heads")
WORDS = Unit("share of words")
CASES = Unit("share of cases")
NATS = Unit("nats")
COST = Unit("nats a token")
TOKENS = Unit("tokens")
ERRORS = Unit("error rate")
SCORE = Unit("score")
COUNT = Unit("number of heads", places=0)

UNITS: tuple[tuple[str, str, Unit], ...] = (
    ("profile", r"-(habits|unnamed)$", HEADS),
    ("profile", r"-rest$", SHARE),
    ("profile", r"-reach$", TOKENS),
    ("profile", r"-spread$", NATS),
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
)
"""Analysis, what the id of a sentence is found by, and its unit; the first that fits."""

VALUE = re.compile(r"\b(the|answer’s) value\b")


def unit_of(finding: Finding, analysis: str) -> Unit | None:
    """Return the unit of an estimate, None where it is not known: such a sentence has no axis."""
    if finding.value is None:
        return None
    if analysis == "faithfulness" and VALUE.search(finding.statement):
        return None  # a regression, whose value has a unit of its own
    named = ((unit, pattern) for name, pattern, unit in UNITS if name == analysis)
    return next((unit for unit, pattern in named if re.search(pattern, finding.id)), None)


def ends(values: Sequence[float]) -> tuple[float, float]:
    """Return the round ends of an axis that holds all values, and zero."""
    least, most = min(0.0, *values), max(0.0, *values)
    return (-_round(-least) if least < 0 else 0.0), (_round(most) if most > 0 else 0.0)


def _round(most: float) -> float:
    """Return the least round number from `most` on, which is more than zero."""
    scale = 10.0 ** math.floor(math.log10(most))
    return float(f"{next(step for step in STEPS if most <= step * scale * 1.0001) * scale:.6g}")
