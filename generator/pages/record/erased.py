"""What the figure of erased tokens gets: curves, their means, and chance. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ...analyses.anchors import SHOWN
from ...analyses.attention_views import VIEWS
from ...analyses.faithfulness.all_records import VERBS
from ...analyses.faithfulness.tables import CURVES
from ...analyses.saliency import METHODS
from ...results.shapes import Result
from ...results.wording import points, say, sentence
from ...statistics.bootstrap import EDGES
from ..packing import JSON
from .standing import named_by, standing

LINES = ("relevance", "rollout", "attention")
"""The orders that are drawn beside that of the method whose words the page opens with."""


def erased(results: Mapping[str, Result]) -> JSON:
    """Return how likely the answer is with the first tokens of each order erased, or alone.

    Of a regression, its value. `random` has mean and ends of what random orders give; `first` is
    the method that the sentences are about, `means` what the verdict on it is about.
    """
    result, first = results["faithfulness"], named_by(results)
    asked = _asked(result)
    full: Any = asked["full"]
    rows: list[JSON] = [dict(zip(CURVES, row, strict=True)) for row in result.tables["curves"].rows]
    if len({(row["order"], row["share"]) for row in rows}) < len(rows):
        raise ValueError("faithfulness.curves has an order and a share twice")
    lines = [
        {
            "order": row["order"],
            "share": round(row["share"], 4),
            "erased": round(full - row["comprehensiveness"], 4),
            "alone": round(full - row["sufficiency"], 4),
        }
        for row in rows
        if row["order"] in (first, *LINES)
    ]
    random = [
        {
            "share": round(share, 4),
            "erased": [round(full - fall, 4) for fall in falls[:3]],
            "alone": [round(full - fall, 4) for fall in falls[3:]],
        }
        for _, share, *falls in _rows(result, "chance")
    ]
    value = asked["measure"] == "value"
    return {
        "what": sentence(str(asked["answer"])) if value else f"How likely {asked['answer']} is",
        "full": round(full, 4),
        "first": {"name": first, "says": METHODS[first]},
        "lines": lines,
        "random": random,
        "means": _means(results, full, (first, *LINES)),
    }


def _means(results: Mapping[str, Result], full: float, names: tuple[str, ...]) -> JSON:
    """Return the mean over shares of each order, and of random ones what is to be beaten.

    That is from the one that costs least up to the last that the order of the named words must
    cost more than: what lies beyond is said to be better than chance, by the same numbers.
    """
    falls = {str(name): fall for name, fall, *_ in _rows(results["faithfulness"], "aopc")}
    drawn = sorted(fall for _, fall, *_ in _rows(results["faithfulness"], "random"))
    judged = standing(results)
    last = drawn[(judged.needed if judged else len(drawn)) - 1]
    # One digit more than curves have: a dot beyond the grey must not be rounded into it.
    return {
        "random": [round(full - fall, 5) for fall in (drawn[0], last)],
        **{name: round(full - falls[name], 5) for name in names if name in falls},
    }


def erased_words(results: Mapping[str, Result]) -> str:
    """Return what erasing costs the answer, and how many texts were asked about for it."""
    result = results["faithfulness"]
    asked = _asked(result)
    verb = VERBS.get(str(asked["erased by"]), "Erasing").lower()
    read = f"The model read {asked['erased texts']} versions of the text."
    return f"{_falls(result, named_by(results), asked['measure'] == 'value', verb)} {read}"


def _asked(result: Result) -> dict[str, Any]:
    table = result.tables["asked"]
    return dict(zip(table.columns, table.rows[0], strict=True))


def _falls(result: Result, first: str, value: bool, verb: str) -> str:
    """Say how far the answer falls without the words each method ranks first, and at random.

    `verb` says what is done to the words.
    """
    means = {str(name): numbers for name, *numbers in _rows(result, "aopc")}
    drawn = np.array([fall for _, fall, *_ in _rows(result, "random")], dtype=np.float64)
    number, unit = (say, "") if value else (points, " points")
    names = METHODS | VIEWS | SHOWN
    shown = [name for name in (first, *LINES[:2]) if name in means]
    low, high = (number(end) for end in np.quantile(drawn, EDGES))
    falls = [f"{names[name]} {number(means[name][0])}" for name in shown]
    by_chance = f"random words {number(drawn.mean())} ({low} to {high})"
    if not shown:
        return f"On average, {verb} words costs as much: {by_chance}{unit}."
    costs = f"{names[shown[0]]} costs {number(means[shown[0]][0])}{unit}"
    more = ", ".join([costs, *falls[1:], by_chance])
    return f"On average, {verb} the first words of {more}."


def _rows(result: Result, name: str) -> tuple[tuple[Any, ...], ...]:
    return result.tables[name].rows
