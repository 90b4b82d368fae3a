"""What erasing shows over all records of a model, in sentences: orders beside chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...array_types import Doubles
from ...corpus import Record, group_of
from ...results.levels import PROBABILITY, Claim
from ...results.shapes import Finding, Result
from ...results.wording import correlation, points, say
from ...statistics.bootstrap import EDGES, estimate
from ...statistics.splits import Group
from ..analysis import RecordResults
from ..attention_views import VIEWS
from ..saliency import METHODS, without

NAMES = {**METHODS, **VIEWS}
SAID = ("integrated_gradients", "relevance", "rollout", "attention")
"""The orders that sentences are about."""


VERBS = {"the mask token": "Hiding", "an unknown token": "Hiding", "deletion": "Deleting"}
"""What is done to the words that are erased."""
SAME = 0.5
"""From this rank correlation on, shuffled weights are said to change little."""
DRAWS, SEED = 1000, 0
"""Draws of one random order of each text, whose means are the band."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing did to one text: AOPC means of each order, and of each random one [order, 4]."""

    orders: Mapping[str, Doubles]
    random: Doubles
    by: str
    measure: str
    group: Group | None


def aggregate(record_results: RecordResults) -> Result:
    """Return how much erasing each order does, and how far attributions depend on the weights."""
    texts = [text for pair in record_results if (text := _erased(*pair)) is not None]
    weights = [(group_of(record), dict(_weights(results))) for record, results in record_results]
    erasing = (
        _finding(
            name,
            [text for text in texts if name in text.orders],
            without(record_results, "faithfulness", name),
        )
        for name in SAID
    )
    twins = (_twin(name, [(g, r[name]) for g, r in weights if name in r]) for name in NAMES)
    said = tuple(finding for finding in (*erasing, *twins) if finding is not None)
    return Result("faithfulness", findings=said)


def _erased(record: Record, results: Mapping[str, Result]) -> Erased | None:
    """Return what erasing did to one text, None where nothing was erased."""
    tables = results["faithfulness"].tables if "faithfulness" in results else {}
    if not all(name in tables for name in ("asked", "aopc", "random")):
        return None
    orders = {str(name): np.array(row, np.float64) for name, *row in tables["aopc"].rows}
    random = np.array([row for _, *row in tables["random"].rows], dtype=np.float64)
    asked = dict(zip(tables["asked"].columns, tables["asked"].rows[0], strict=True))
    return Erased(orders, random, str(asked["erased by"]), str(asked["measure"]), group_of(record))


def _finding(name: str, texts: Sequence[Erased], more: str) -> Finding | None:
    """Say what erasing an order does beside erasing at random, mean over records."""
    if not texts:
        return None
    groups = [text.group for text in texts]
    falls = [text.orders[name][:1] for text in texts]
    gains = [text.orders[name][:1] - text.random[:, 0].mean() for text in texts]
    found, gain = (estimate(rows, groups=groups) for rows in (falls, gains))
    drawn = band([text.random[:, 0] for text in texts])
    middle, (low, high) = float(drawn.mean()), map(float, np.quantile(drawn, EDGES))
    value, by_chance = float(found.value[0]), (low - middle, high - middle)
    claim = Claim(float(gain.value[0]), gain.interval(), by_chance, PROBABILITY)
    return Finding(
        f"{name}-erased", f"{_claims(name, texts, value, middle)}.{more}",
        plain=f"{_says(name, texts, value, middle)}.{more}", value=value,
        n=len(texts), interval=found.interval(), null=(low, high),
        null_says="random orders, each text its own", claim=claim,
        clusters=int(found.clusters[0]),
    )  # fmt: skip


def band(texts: Sequence[Doubles]) -> Doubles:
    """Return DRAWS means over texts of one random order each; `texts` have a number an order."""
    random = np.random.default_rng(SEED)
    total = np.zeros(DRAWS)
    for numbers in texts:
        total += numbers[random.integers(0, len(numbers), DRAWS)]
    return total / len(texts)


def _claims(name: str, texts: Sequence[Erased], value: float, by_chance: float) -> str:
    """Say that an order costs more than random ones do, by at least the floor, and how much."""
    is_value = any(text.measure == "value" for text in texts)
    verb, unit = VERBS.get(texts[0].by, "Erasing"), "" if is_value else " points"
    one, other = ((say if is_value else points)(fall) for fall in (value, by_chance))
    what, least = ("the answer’s value", say(PROBABILITY)) if is_value else ("the answer", "five")
    return (
        f"{verb} the words that {NAMES[name]} ranks first costs {what} at least {least}{unit} more "
        f"than {verb.lower()} random ones: {one}{unit}, against {other}"
    )


def _says(name: str, texts: Sequence[Erased], value: float, by_chance: float) -> str:
    """Say both falls, in points of probability; of a regression, in its own unit."""
    is_value = any(text.measure == "value" for text in texts)
    what = "the value" if is_value else "the answer’s probability"
    sign, unit = (1 if value >= 0 else -1), "" if is_value else " points"
    verb = VERBS.get(texts[0].by, "Erasing")
    one, other = ((say if is_value else points)(sign * fall) for fall in (value, by_chance))
    return (
        f"{verb} the words that {NAMES[name]} ranks first {'lowers' if sign > 0 else 'raises'} "
        f"{what} by {one}{unit}; {verb.lower()} random ones, by {other}"
    )


def _twin(name: str, values: list[tuple[Group | None, float]]) -> Finding | None:
    """Say how far an attribution changes when the weights of the model are shuffled: a check."""
    if not values:
        return None
    groups, numbers = zip(*values, strict=True)
    found = estimate([np.array([number]) for number in numbers], groups=groups)
    value, n = float(found.value[0]), len(values)
    ends = "changes", "so it depends on the weights"
    if abs(value) >= SAME:
        ends = "hardly changes", "so it depends little on them"
    text = (
        f"Shuffling the weights {ends[0]} the ranking by {NAMES[name]} (rank correlation "
        f"{correlation(value)}), {ends[1]}"
    )
    return Finding(
        f"{name}-weights", f"{text}.", value=value, n=n,
        interval=found.interval(), clusters=int(found.clusters[0]),
        null_says="1 would be the same order: it would not depend on the weights",
    )  # fmt: skip


def _weights(results: Mapping[str, Result]) -> Iterator[tuple[str, float]]:
    table = results["faithfulness"].tables.get("weights") if "faithfulness" in results else None
    for name, _, value in table.rows if table else ():
        if value is not None:
            yield str(name), float(value)
