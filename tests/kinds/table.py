"""The table of all kinds: case, command, exit code, outcome; as Markdown, and read again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from tests.kinds.case import KINDS, Case
from tests.kinds.outcome import Outcome

FILE = Path(__file__).with_name("table.md")
HEAD = """# What people have in hand, and what comes of it

Written by `python -m tests.kinds > tests/kinds/table.md`; a test runs every line of it. Builds have
`--without twins --without asking-the-model -q`, too. 0 is built or read, 2 is refused.
"""
ROW = "| Case | Command | Exit | Outcome |\n|---|---|---|---|\n"


def table(found: Iterable[tuple[Case, Outcome]]) -> str:
    """Return the table, a part a kind."""
    rows: dict[int, list[str]] = {}
    for case, one in found:
        rows.setdefault(case.kind, []).append(row(case, one.code, one.line))
    parts = [f"## {kind}. {KINDS[kind]}\n\n{ROW}{''.join(rows[kind])}" for kind in sorted(rows)]
    return "\n".join([HEAD, *parts])


def row(case: Case, code: int, line: str) -> str:
    """Return one line of the table."""
    last = case.before.rpartition("\n")[2]
    command = f"`{case.command}`" + (f" after `{last}`" if last else "")
    return f"| {_cell(case.what)} | {_cell(command)} | {code} | {_cell(line)} |\n"


def _cell(text: str) -> str:
    """Return a text as it may stand in a cell: one line, with no bar that would end it."""
    return re.sub(r"\s+", " ", text.replace("|", "\\|")).strip()
