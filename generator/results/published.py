"""A finding as data/findings.json has it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from .shapes import Finding

PUBLISHED = (
    "id", "key", "page", "model", "analysis", "statement", "value", "n", "clusters", "interval",
    "null", "null_says",
)  # fmt: skip


def published(finding: Finding) -> dict[str, Any]:
    """Return a finding as it is published; what has failed has no level."""
    known = asdict(finding)
    row = {name: known[name] for name in PUBLISHED} | {"statement": finding.sentence}
    row |= {"level": None if finding.failed else finding.level}
    row |= {"floor": finding.claim.floor if finding.claim else None, "twin": known["twin"]}
    return row | {"claims": finding.claims} | _survival(finding)


def _survival(finding: Finding) -> dict[str, Any]:
    """Return in how many ways a claim holds, of how many, in which not, and from what n on."""
    found, twin = finding.survival, finding.twin or ()
    if found is None:
        return dict.fromkeys(("survives", "ways", "flips", "settles_at"))
    flips = found.flips(twin)
    return {
        "survives": len(found.ways) - len(flips),
        "ways": len(found.ways),
        "flips": flips,
        "settles_at": found.settles_at(finding.level, twin),
    }
