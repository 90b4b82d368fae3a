"""`attnatlas check`: whether a built site is whole, safe to publish, and says what its data say."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..config import DEFAULT_OUTPUT
from ..report import printable, progress_for
from .parameters import json_option

FAILED = 1
SHOWN = 40
"""Lines of what is wrong that are printed, where no JSON is asked for."""

built_site = click.argument(
    "output",
    metavar="[DIR|ZIP|BAG|HTML]",
    type=click.Path(path_type=Path),
    default=DEFAULT_OUTPUT,
    envvar="ATTNATLAS_OUTPUT",
)
"""A built site: its folder, or an archive of it; where none is named, what `build` wrote."""


@click.command()
@built_site
@click.option("--fast", is_flag=True, help="Do not compute findings from the data once more.")
@click.option(
    "--budget",
    metavar="MB",
    type=click.FloatRange(min=0),
    default=800.0,
    show_default=True,
    help="What the site may weigh.",
)
@json_option
def check(output: Path, fast: bool, budget: float, as_json: bool) -> int:
    """Check every file, link and number of a site.

    Nothing is unpacked or changed. Ends with 1 where anything is wrong.
    """
    from ..share.built_site import open_site
    from ..share.check.everything import check as check_site

    progress = progress_for(quiet=True)
    report = check_site(open_site(output), recompute=not fast, budget_mb=budget, progress=progress)
    if as_json:
        click.echo(json.dumps(report.to_json(), indent=1, ensure_ascii=False))
        return 0 if report.good else FAILED
    for problem in report.problems[:SHOWN]:
        click.echo(printable(str(problem)))
    if (more := len(report.problems) - SHOWN) > 0:
        click.echo(f"and {more:,} more; --json names all.")
    for note in report.notes:
        click.echo(printable(note), err=True)
    size = f"{report.files:,} files, {report.bytes / 1e6:,.1f} MB"
    wrong = len(report.problems)
    said = "nothing is wrong" if report.good else f"{wrong:,} thing{'s' * (wrong > 1)} wrong"
    if report.fingerprint:
        size += f", fingerprint {report.fingerprint}"
    click.echo(printable(f"{output} ({report.form}, {size}): {said}."))
    return 0 if report.good else FAILED
