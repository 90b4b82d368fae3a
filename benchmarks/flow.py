"""Flow against networkx's Edmonds-Karp, the way of the authors' code, on the same graph."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from attnatlas.analyses.flow import flow
from attnatlas.analyses.rollout import fused, with_residual

from benchmarks.material import attention

TOKENS, LAYERS, HEADS, REPEATS = 16, 12, 12, 5
LAST = TOKENS - 1


def weights_of(causal: bool) -> np.ndarray[Any, np.dtype[np.floating[Any]]]:
    """Return attention [layer, head, token, token] as the other benchmarks have it."""
    found = attention(np.random.default_rng(0), LAYERS, HEADS, TOKENS)
    if causal:
        found = found * np.tri(TOKENS, dtype=np.float32)
        found /= found.sum(axis=-1, keepdims=True)
    return found


def edmonds_karp(weights: np.ndarray[Any, Any], row: int) -> np.ndarray[Any, Any]:
    """Return the flow from one token at the top to each input token, rows summing to 1."""
    import networkx

    steps = with_residual(fused(weights))
    graph = networkx.DiGraph()
    for layer, query, key in zip(*np.nonzero(steps), strict=True):
        place = (layer, query, key)
        graph.add_edge((layer + 1, query), (layer, key), capacity=float(steps[place]))
    solver = networkx.algorithms.flow.edmonds_karp
    ends = [(len(steps), row), *((0, key) for key in range(steps.shape[1]))]
    found = [networkx.maximum_flow_value(graph, ends[0], end, flow_func=solver) for end in ends[1:]]
    return np.array(found) / sum(found)


def flow_ratios() -> list[tuple[str, float, float, float]]:
    """Return (graph, CPU s of Edmonds-Karp, CPU s of ours, largest difference) of one row."""
    rows = []
    for name, causal in (("bidirectional", False), ("causal", True)):
        weights = weights_of(causal)
        ours, cost = timed(lambda weights=weights: flow(weights, [LAST])[LAST], REPEATS)
        theirs, other = timed(lambda weights=weights: edmonds_karp(weights, LAST), 1)
        rows.append((name, other, cost, float(np.abs(ours - theirs).max())))
    return rows


def timed(work: Callable[[], Any], repeats: int) -> tuple[Any, float]:
    """Return what the work gives, and the CPU seconds of one time."""
    start = time.process_time()
    for _ in range(repeats):
        found = work()
    return found, (time.process_time() - start) / repeats
