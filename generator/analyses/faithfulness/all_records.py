"""What erasing shows over all records of a model, in sentences: orders beside chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from ...array_types import Doubles
from ...results.shapes import Finding, Result, Verdict
from ...results.wording import say, sentence
from ...statistics.bootstrap import Interval, estimate
from ..analysis import RecordResults
from ..attention_views import VIEWS
from ..saliency import METHODS

NAMES = {**METHODS, **VIEWS}
SAID = ("integrated_gradients", "relevance", "rollout", "attention")
"""The orders that sentences are about."""
SAME = 0.5
"""From this mean correlation with shuffled weights on, an attribution owes little to learning."""


def aggregate(record_results: RecordResults) -> Result:
    """Return for each order how much erasing it does, and whether attributions owe to learning."""
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
    ends = (float(gain.low[0]), float(gain.high[0]))
    verdict = "described" if null is None else _verdict(value, null, ends)
    text = (
        f"Without the tokens that {NAMES[name]} puts first, the answer is {less(value)}, without "
        f"as many at random {less(by_chance)}; with nothing else it is {less(kept)}, with as "
        f"many at random {less(kept_by_chance)}"
    )
    if verdict == "no difference found":
        text += f". A difference up to {say(max(map(abs, ends)))} cannot be ruled out"
    return Finding(
        f"{name}-erased", f"{text}.", value=value, n=len(records), interval=interval,
        null=null, null_says="in random order", verdict=verdict,
    )  # fmt: skip


def _less(fall: float) -> str:
    return f"{say(fall)} less likely" if fall >= 0 else f"{say(-fall)} more likely"


def _lower(fall: float) -> str:
    return f"{say(fall)} lower" if fall >= 0 else f"{say(-fall)} higher"


def _verdict(value: float, null: Interval, gain: Interval) -> Verdict:
    """Return the word for a mean beside `null`; `gain` is the interval of their difference."""
    if gain[0] <= 0 <= gain[1]:
        return "no difference found"
    if null[0] <= value <= null[1]:
        return "mixed"
    return "supported" if gain[0] > 0 else "contradicted"


def _twin(name: str, values: list[float]) -> Finding | None:
    """Say whether an attribution changes when the weights of the model are shuffled."""
    if not values:
        return None
    found = estimate([np.array([value]) for value in values])
    value, n = float(found.value[0]), len(values)
    interval = (float(found.low[0]), float(found.high[0])) if n > 1 else None
    text = f"With the weights of the model shuffled, {NAMES[name]} keeps a rank correlation of "
    text += f"{say(value)} with what it was"
    verdict: Verdict = "described"
    if interval:
        verdict = "supported" if interval[1] < SAME else "mixed"
        verdict = "contradicted" if interval[0] > SAME else verdict
        ends = {
            "supported": "it owes its order to what was learnt",
            "mixed": "how much it owes to learning stays open",
            "contradicted": "it owes little to what was learnt",
        }
        text += f": {ends[verdict]}"
    return Finding(
        f"{name}-weights", f"{sentence(text)}.", value=value, n=n, interval=interval,
        null=(SAME, 1.0), null_says="had nothing been learnt, by our margin", verdict=verdict,
    )  # fmt: skip


def _weights(results: Mapping[str, Result]) -> Iterator[tuple[str, float]]:
    table = results["faithfulness"].tables.get("weights") if "faithfulness" in results else None
    for name, _, value in table.rows if table else ():
        if value is not None:
            yield str(name), float(value)
