"""Distances as a flat map: metric multidimensional scaling, and how faithful the map is.

Classical scaling (Torgerson 1952) is where the map starts; SMACOF (de Leeuw 1977), which lowers the
stress at every step, is where it ends.
"""

from __future__ import annotations

import numpy as np

from ..array_types import Doubles

STEPS, FEWEST = 300, 20
WORK = 40_000_000
"""Cells of distances worked out in all steps: a map of very many points gets fewer of them."""
ENOUGH = 1e-6
"""The share of the stress that a step must take away for another to follow."""


def classical(distances: Doubles) -> Doubles:
    """Return points [point, 2] whose distances come near to `distances` [point, point]."""
    count = len(distances)
    centre = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-centre @ distances**2 @ centre / 2)
    points = np.zeros((count, 2))
    for axis, place in enumerate(np.argsort(values)[::-1][:2]):
        points[:, axis] = vectors[:, place] * np.sqrt(max(values[place], 0))
    return points


def metric_map(distances: Doubles) -> tuple[Doubles, float]:
    """Return points [point, 2] and Kruskal's stress 1: 0 where every distance is as it should be.

    The points are turned so that they spread most along the first axis, and each axis so that its
    farthest point is positive: the same distances give the same map.
    """
    points = classical(distances)
    total = float((distances**2).sum())
    if not total:
        return points, 0.0
    last = np.inf
    for _ in range(max(FEWEST, min(STEPS, WORK // len(points) ** 2))):
        apart = between(points)
        stress = float(((apart - distances) ** 2).sum())
        if last - stress <= ENOUGH * total:
            break
        last = stress
        ratios = np.divide(distances, apart, out=np.zeros_like(apart), where=apart > 0)
        points = (ratios.sum(axis=1)[:, None] * points - ratios @ points) / len(points)
    apart = between(points)
    return turned(points), float(np.sqrt(((apart - distances) ** 2).sum() / (apart**2).sum()))


def between(points: Doubles) -> Doubles:
    """Return the Euclidean distances between points, [point, point]."""
    squares = np.zeros((len(points), len(points)))
    for axis in points.T:
        squares += np.subtract.outer(axis, axis) ** 2
    return np.sqrt(squares)


def turned(points: Doubles) -> Doubles:
    """Return points about their centre, along their principal axes, with signs fixed."""
    centred = points - points.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2]
    aligned: Doubles = centred @ axes.T
    farthest = np.abs(aligned).argmax(axis=0)
    signs = np.where(aligned[farthest, np.arange(aligned.shape[1])] < 0, -1.0, 1.0)
    return aligned * signs
