"""gates.json and badge.json: what was expected, and whether it holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .decide import Gate
from .expectation import STRICTLY

GATES, BADGE = "gates.json", "badge.json"
LABEL = "attnatlas"
GOOD, OPEN, BAD = "brightgreen", "yellow", "red"
"""Colours as shields.io names them."""


def gate_json(gate: Gate) -> dict[str, Any]:
    """Return a gate as it is published."""
    return {
        "key": gate.expectation.key,
        "model": gate.model,
        "expected": gate.expectation.says,
        "value": gate.value,
        "interval": gate.ends,
        "n": gate.n,
        "level": gate.level if gate.value is not None else None,
        "undecided": "fails" if gate.expectation.strictly else "passes",
        "passed": gate.passed,
        "statement": gate.says,
    }


def line_of(row: Mapping[str, Any]) -> str:
    """Return what was expected, as it is written, from a gate as it is published."""
    model = f"@{row['model']}" if row["model"] else ""
    end = f" {STRICTLY}" if row["undecided"] == "fails" else ""
    return f"{row['key']}{model} {row['expected']}{end}"


def badge(found: Sequence[Gate]) -> dict[str, Any]:
    """Return the badge that shields.io draws of a site's expectations."""
    held = sum(gate.level == "holds" and gate.value is not None for gate in found)
    failed = sum(not gate.passed for gate in found)
    message = f"{held} of {len(found)} hold" if held < len(found) else f"all {held} hold"
    if failed:
        message += f", {failed} fail" + ("s" if failed == 1 else "")
    colour = BAD if failed else GOOD if held == len(found) else OPEN
    return {"schemaVersion": 1, "label": LABEL, "message": message, "color": colour}
