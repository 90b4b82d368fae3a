"""`attnatlas build`: make a site, and say what it weighs and what to open."""

from __future__ import annotations

import dataclasses
import gc
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ..config import Settings
from ..report import duration, printable, progress_for, weight_table
from ..results.wording import counted
from .gate import read_gates, require_passed, sentences, write_summary
from .parameters import json_option
from .settings import all_settings

if TYPE_CHECKING:
    from ..build import BuildReport
    from ..corpus import Skipped

FEW = 3
"""Records left out for one reason that the end of a build names one by one."""

GARBAGE = 100_000
"""Objects after which Python looks for cycles: after 700, as usual, it is a tenth of rendering."""
ROOM = 31 << 20
"""Bytes up to which memory that was freed is used again: a heap of glibc gives blocks of more than
128 kB back to the system at once, until a larger one was freed (it learns up to 32 MB)."""


@click.command()
@all_settings
@click.option("-q", "--quiet", is_flag=True, help="No progress; print only what to open.")
@json_option
def build(quiet: bool, as_json: bool, **settings: Any) -> None:
    """Build a site from CORPUS files or names.

    Without CORPUS it shows the bundled showcase, without -m the embedded models.
    """
    gc.set_threshold(GARBAGE, 10, 10)
    bytearray(ROOM)
    from ..build import build_site

    report = build_site(Settings(**settings), progress=progress_for(quiet))
    for note in report.notes:
        click.echo(printable(f"{note}."), err=True)
    for line in skipped_lines(report.skipped):
        click.echo(printable(line), err=True)
    for name, times in report.failed:
        click.echo(printable(failure_line(name, times)), err=True)
    if as_json:
        click.echo(json.dumps(_to_json(report), indent=1, ensure_ascii=False))
    elif quiet:
        click.echo(report.output / "index.html")
    else:
        click.echo(summary(report))
    _gate(report, settings["gate"])


def _gate(report: BuildReport, asked: bool) -> None:
    """Say what became of the expectations, and fail where that is asked for."""
    rows = read_gates(report.output)
    for sentence in sentences(rows):
        click.echo(sentence, err=True)
    write_summary(rows)
    if asked:
        require_passed(rows)


def skipped_lines(skipped: Sequence[Skipped]) -> list[str]:
    """Return what the end of a build says of records that were left out: each reason, and where.

    Where it is that of more than a few records, the first of them and how many more there are.
    """
    places: dict[str, list[str]] = {}
    for one in skipped:
        places.setdefault(one.reason, []).append(one.where)
    lines = []
    for reason, where in places.items():
        few = where if len(where) <= FEW else [f"{where[0]}, and {len(where) - 1:,} more"]
        lines += [f"Skipped {place}: {reason}" for place in few]
    return lines


def failure_line(analysis: str, times: int) -> str:
    """Return what the end of a build says of an analysis that failed."""
    often = "once" if times == 1 else f"{times:,} times"
    return f"The analysis {analysis!r} failed {often}; its place on the pages says why."


def summary(report: BuildReport) -> str:
    """Return the page-weight table, what was built, and what to open."""
    done = "Nothing has changed since the last build" if report.unchanged else "Built"
    counts = f"{counted(report.records, 'record')}, {counted(report.pages, 'page')}"
    skipped = f", {counted(len(report.skipped), 'record')} skipped" if report.skipped else ""
    line = f"{done}: {counts}{skipped}, {duration(report.seconds)}."
    opened = f"Open {report.output / 'index.html'} or run: attnatlas open {report.output}"
    return "\n".join([weight_table(report.weights), "", line, opened])


def _to_json(report: BuildReport) -> dict[str, Any]:
    weights = [
        {"group": group, "files": files, "bytes": size} for group, files, size in report.weights
    ]
    skipped = [{"where": one.where, "reason": one.reason} for one in report.skipped]
    return {
        **dataclasses.asdict(report),
        "skipped": skipped,
        "output": str(report.output),
        "weights": weights,
    }
