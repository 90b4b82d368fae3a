"""How alike two heads attend: the Jensen-Shannon distance between their rows.

Clark et al. 2019, "What Does BERT Look At?", section 6.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import entr

Doubles = npt.NDArray[np.float64]


def js_distances(weights: npt.NDArray[Any], smooth: float = 0.0) -> Doubles:
    """Return the Jensen-Shannon divergence between all heads, [layer * head, layer * head].

    In nats, the mean over queries, from 0 (the same rows) to ln 2 (no key in common); symmetric
    with a zero diagonal. `weights` is [layer, head, query, key]; `smooth` mixes in that share of
    the uniform distribution. Each pair needs H((a + b) / 2) - (H(a) + H(b)) / 2.
    """
    rows = weights.reshape(-1, *weights.shape[2:]).astype(np.float64)
    rows = rows * (1 - smooth) + smooth / rows.shape[-1]
    own = entr(rows).sum(axis=-1).mean(axis=-1)
    result = np.zeros((len(rows), len(rows)))
    for head in range(1, len(rows)):
        mixed = entr((rows[:head] + rows[head]) / 2).sum(axis=-1).mean(axis=-1)
        result[head, :head] = np.maximum(mixed - (own[:head] + own[head]) / 2, 0)
    return result + result.T
