"""What `build --gate` says of what was expected, and whether it fails."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import AtlasError
from ..gates.files import GATES
from ..report import printable

SUMMARY = "GITHUB_STEP_SUMMARY"
"""Names the file that GitHub shows on the page of a run."""
Row = Mapping[str, Any]


def read_gates(site: Path) -> list[Row]:
    """Return what a site says of its gates, nothing where it has none."""
    path = site / GATES
    if not path.is_file():
        return []
    found: list[Row] = json.loads(path.read_text("utf-8"))
    return found


def sentences(rows: Sequence[Row]) -> list[str]:
    """Return the sentence of each gate, safe to print."""
    return [printable(row["statement"]) for row in rows]


def write_summary(rows: Sequence[Row]) -> None:
    """Add the gates as a table to the summary of a GitHub step, where there is one."""
    path = os.environ.get(SUMMARY)
    if not path or not rows:
        return
    lines = ["| | Expected | Model | Measured | |", "|---|---|---|---|---|", *map(_line, rows), ""]
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def _line(row: Row) -> str:
    value = "not measured" if row["value"] is None else f"{row['value']:.3g}"
    if row["interval"]:
        value += " ({:.3g} to {:.3g})".format(*row["interval"])
    from ..share.hugging_face import plain

    word = row["level"] or "not measured"
    mark = "✅" if row["passed"] else "❌"
    cells = (mark, f"{row['key']} {row['expected']}", row["model"], value, word)
    return "| " + " | ".join(map(plain, cells)) + " |"


def require_passed(rows: Sequence[Row]) -> None:
    """Raise AtlasError where a gate does not pass."""
    failed = [row for row in rows if not row["passed"]]
    if failed:
        what = "expectations fails" if len(failed) == 1 else "expectations fail"
        raise AtlasError(f"{len(failed)} of {len(rows)} {what}; the site is written.")
