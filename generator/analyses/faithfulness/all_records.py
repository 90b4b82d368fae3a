"""What erasing shows over all records of a model, in sentences: orders beside chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from ...array_types import Doubles
from ...results.levels import PROBABILITY, Claim
from ...results.shapes import Finding, Result
from ...results.wording import say, sentence
from ...statistics.bootstrap import estimate
from ..analysis import RecordResults
from ..attention_views import VIEWS
from ..saliency import METHODS

NAMES = {**METHODS, **VIEWS}
SAID = ("integrated_gradients", "relevance", "rollout", "attention")
"""The orders that sentences are about."""


def aggregate(record_results: RecordResults) -> Result:
    """Return how much erasing each order does, and how far attributions depend on the weights."""
    less = _lower if any(measure(results) == "value" for _, results in record_results) else _less
    aopc = [dict(_aopc(results)) for _, results in record_results]
    weights = [dict(_weights(results)) for _, results in record_results]
    erasing = (_erasing(name, [r for r in aopc if name in r], less) for name in SAID)
    twins = (_twin(name, [r[name] for r in weights if name in r]) for name in NAMES)
    said = tuple(finding for finding in (*erasing, *twins) if finding is not None)
    return Result("faithfulness", findings=said)


def _aopc(results: Mapping[str, Result]) -> Iterator[tuple[str, Doubles]]:
    """Yield [comprehensiveness, sufficiency] of each order; all random ones as `random`."""
    table = results["faithfulness"].tables.get("aopc") if "faithfulness" in results else None
    chance = []
    for name, *numbers in table.rows if table else ():
        pair = np.array(numbers, dtype=np.float64)
        if str(name).startswith("random"):
            chance.append(pair)
        else:
            yield str(name), pair
    if chance:
        yield "random", np.mean(chance, axis=0)


def measure(results: Mapping[str, Result]) -> str:
    """Return what becomes less without some tokens: the answer's probability, or its value."""
    asked = results["faithfulness"].tables.get("asked") if "faithfulness" in results else None
    return str(asked.rows[0][2]) if asked and asked.rows else "probability"


def _erasing(
    name: str, records: list[dict[str, Doubles]], less: Callable[[float], str]
) -> Finding | None:
    """Say what erasing an order does beside erasing at random, mean over records."""
    if not records:
        return None
    chance = estimate([record["random"] for record in records])
    found = estimate([record[name] for record in records])
    gain = estimate([record[name] - record["random"] for record in records])
    value, kept = map(float, found.value)
    by_chance, kept_by_chance = map(float, chance.value)
    alone = len(records) < 2
    interval = None if alone else (float(found.low[0]), float(found.high[0]))
    null = None if alone else (float(chance.low[0]), float(chance.high[0]))
    ends = None if alone else (float(gain.low[0]), float(gain.high[0]))
    claim = Claim(float(gain.value[0]), ends, (0.0, 0.0), PROBABILITY)
    text = (
        f"Without the tokens that {NAMES[name]} puts first, the answer is {less(value)}, without "
        f"as many at random {less(by_chance)}; with nothing else it is {less(kept)}, with as "
        f"many at random {less(kept_by_chance)}"
    )
    return Finding(
        f"{name}-erased", f"{text}.", value=value, n=len(records), interval=interval,
        null=null, null_says="in random order", claim=claim,
    )  # fmt: skip


def _less(fall: float) -> str:
    return f"{say(fall)} less likely" if fall >= 0 else f"{say(-fall)} more likely"


def _lower(fall: float) -> str:
    return f"{say(fall)} lower" if fall >= 0 else f"{say(-fall)} higher"


def _twin(name: str, values: list[float]) -> Finding | None:
    """Say how far an attribution changes when the weights of the model are shuffled: a check."""
    if not values:
        return None
    found = estimate([np.array([value]) for value in values])
    value, n = float(found.value[0]), len(values)
    interval = (float(found.low[0]), float(found.high[0])) if n > 1 else None
    text = f"With the weights of the model shuffled, {NAMES[name]} keeps a rank correlation of "
    text += f"{say(value)} with what it was"
    return Finding(
        f"{name}-weights", f"{sentence(text)}.", value=value, n=n, interval=interval,
        null_says="1 would be the same order: it would not depend on the weights",
    )  # fmt: skip


def _weights(results: Mapping[str, Result]) -> Iterator[tuple[str, float]]:
    table = results["faithfulness"].tables.get("weights") if "faithfulness" in results else None
    for name, _, value in table.rows if table else ():
        if value is not None:
            yield str(name), float(value)
