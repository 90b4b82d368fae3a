"""What the figures of a record page get that have a bar or a line for each token. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...analyses.anchors import CAVEAT, SHOWN, pair_id
from ...analyses.attention_views import VIEWS
from ...analyses.contrast import TARGET as OTHER
from ...analyses.flow import column_bound, rows_of
from ...analyses.rollout import normalised
from ...analyses.saliency import METHODS, TARGET, methods
from ...capture import Capture
from ...capture.token_positions import content, place_words
from ...results.shapes import Matrix, Result, Table
from ...results.wording import say
from ..packing import JSON
from .erased import erased
from .standing import named_by

LONGEST = 64
"""Tokens with a bar; of a longer text, those with the largest values."""


def bar_islands(capture: Capture, results: Mapping[str, Result]) -> JSON:
    """Return {name: what its figure needs}, for the figures whose results are there."""
    found: JSON = {}
    if "saliency" in results:
        found["saliency"] = _saliency(capture, results)
        found["saliency"]["others"] = _others(results, found["saliency"]["places"])
    if "flow" in results:
        flows = results["flow"].matrices
        found["flow"] = {matrix.kind: _flow(capture, results, matrix) for matrix in flows}
    if "faithfulness" in results:
        found["faithfulness"] = erased(results)
    return found


def _saliency(capture: Capture, results: Mapping[str, Result]) -> JSON:
    """Return two values a token: what a method says, and what attention reached the answer."""
    saliency, anchors = results["saliency"], results.get("anchors")
    views = {s.name: s.values for s in anchors.scores} if anchors else {}
    first = named_by(results)
    found = {s.name: s.values for s in sorted(methods(results), key=lambda s: s.name != first)}
    weight = sum(np.abs(v) / max(float(np.abs(v).max()), 1e-9) for v in found.values())
    places = _kept(content(capture).tolist(), np.asarray(weight))
    said = {finding.id: finding.statement for finding in anchors.findings} if anchors else {}
    targets = [dict(zip(TARGET, row, strict=True)) for row in _rows(saliency.tables.get("target"))]
    return {
        "tokens": [capture.maps[0].queries[place].text for place in places],
        "places": places,
        "of": len(content(capture)),
        "methods": {name: _named(name, values, places) for name, values in found.items()},
        "views": {name: _named(name, values, places) for name, values in views.items()},
        "from": place_words(capture),
        "anchors": [list(row) for row in _rows(anchors.tables.get("anchors") if anchors else None)],
        "sentences": {
            view: {name: said[pair_id(view, name)] for name in found if pair_id(view, name) in said}
            for view in SHOWN
        },
        "shown": [view for view in SHOWN if view in views],
        "caveat": CAVEAT,
        "target": targets[0]["words"] if targets else "",
        "integral": " ".join((_integral(targets), *_complete(results))),
        "unmet": _unmet(results),
    }


def _complete(results: Mapping[str, Result]) -> list[str]:
    """Say how well integrated gradients add up that were given more steps, if they were."""
    found = results.get("complete_gradients", Result("complete_gradients"))
    rows = [dict(zip(TARGET, row, strict=True)) for row in _rows(found.tables.get("target"))]
    return [f"With more steps, {_integral(rows)}"] if rows else []


def _others(results: Mapping[str, Result], places: Sequence[int]) -> list[JSON]:
    """Return what else is explained: in words, how well it adds up, and values by method."""
    found = results.get("contrast", Result("contrast"))
    others = []
    for row in _rows(found.tables.get("target")):
        target = {**dict(zip(OTHER, row, strict=True)), "method": "integrated_gradients"}
        start = f"{target['target']}."
        mine = [scores for scores in found.scores if scores.name.startswith(start)]
        names = [scores.name.removeprefix(start) for scores in mine]
        methods = {
            name: _named(name, scores.values, places)
            for name, scores in zip(names, mine, strict=True)
        }
        integral = "" if target["sum"] is None else _integral([target])
        said = {"kind": target["target"], "words": target["words"], "integral": integral}
        others.append({**said, "methods": methods})
    return others


def _unmet(results: Mapping[str, Result]) -> str:
    """Say why a contrast that the record asks for is not there, "" where it is."""
    found = results.get("contrast", Result("contrast"))
    return next((str(why) for (why,) in _rows(found.tables.get("unmet"))), "")


def _integral(targets: Sequence[Mapping[str, Any]]) -> str:
    """Say whether integrated gradients add up, "" where there are none."""
    row = next((row for row in targets if row["converged"] is not None), None)
    if row is None:
        return ""
    total, whole = say(row["sum"]), say(row["difference"])
    adds = f"the words’ values, less those against, add up to {total} of {whole}"
    steps = f" ({row['steps']} steps)" if row["steps"] else ""
    if row["converged"] == "yes":
        return f"{adds}, as they should{steps}."
    return f"{adds}, too far off{steps}: no sentence uses them."


def _flow(capture: Capture, results: Mapping[str, Result], matrix: Matrix) -> JSON:
    """Return flow, what the first layer lets through, and rollout, from one token to each.

    A side that is as another has its name; places are told where there are not all.
    """
    part = next(part for part in capture.maps if part.kind == matrix.kind)
    row = rows_of(part, capture)[0]
    flow, bound = matrix.values[row], normalised(column_bound(part.weights))
    places = _kept(list(range(len(part.keys))), flow)
    sides = {"flow": flow, "first layer alone": bound}
    if "rollout" in results:
        stacks = {m.kind: m.values for m in results["rollout"].matrices}
        sides["rollout"] = stacks[matrix.kind][-1, row]
    shown: JSON = {name: _at(values, places) for name, values in sides.items()}
    if shown["first layer alone"] == shown["flow"]:
        shown["first layer alone"] = "flow"
    return {
        **({} if len(places) == len(part.keys) else {"places": places}),
        "of": len(part.keys),
        "from": part.queries[row].text,
        "sides": shown,
        "apart": round(float(np.abs(flow - bound).sum() / 2), 4),
    }


def _rows(table: Table | None) -> tuple[tuple[Any, ...], ...]:
    return table.rows if table else ()


def _kept(places: list[int], weight: np.ndarray[Any, Any]) -> list[int]:
    """Return at most LONGEST places, those with the largest weights, in the order of the text."""
    ordered = sorted(places, key=lambda place: -float(np.nan_to_num(weight[place])))
    return sorted(ordered[:LONGEST])


def _named(name: str, values: np.ndarray[Any, Any], places: Sequence[int]) -> JSON:
    return {"says": (METHODS | VIEWS).get(name, name), "values": _at(values, places)}


def _at(values: np.ndarray[Any, Any], places: Sequence[int]) -> list[float]:
    return [float(f"{values[place]:.4g}") for place in places]
