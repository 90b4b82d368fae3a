"""Result shapes as Vega-Lite charts. The only user of Altair.

A chart depends on the shape of a result, never on a record: each is built once per build, holds
no corpus text, and gets its rows, labels and colours on the page.
"""

from __future__ import annotations

from functools import cache
from typing import Any

Spec = dict[str, Any]


@cache
def record_charts() -> dict[str, Spec]:
    """Return the charts of a record page by name."""
    return {}


@cache
def model_charts() -> dict[str, Spec]:
    """Return the charts of a model page by name."""
    return {}
