"""`attnatlas diff`: what is not the same in two sites."""

from __future__ import annotations

import json
from pathlib import Path

import click

from .check import FAILED
from .parameters import FOLDER, json_option
from .warnings import warn

SITE = click.Path(path_type=Path)


@click.command()
@click.argument("one", metavar="SITE", type=SITE)
@click.argument("other", metavar="OTHER", type=SITE)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=FOLDER,
    allow_from_autoenv=False,
    help="Write a page that shows it.",
)
@click.option("--fail-on-change", is_flag=True, help="End with 1 where more than noise changed.")
@json_option
def diff(one: Path, other: Path, output: Path | None, fail_on_change: bool, as_json: bool) -> int:
    """Say what changed from SITE to OTHER.

    Each is a folder, a zip, a bag or one HTML file. Everything in them is added, removed, changed
    beyond its interval, within noise, or identical.
    """
    from ..share.archives import understanding
    from ..share.diff.compare import compare
    from ..share.diff.report import as_json as to_json
    from ..share.diff.report import lines
    from ..share.trusted import trusted

    both = trusted(one), trusted(other)
    with understanding(one, other):
        found = compare(*both)
        said = to_json(found) if as_json else [*lines(found)]
        if output is not None:
            from ..share.diff.page import write_diff

            write_diff(found, output)
    if as_json:
        click.echo(json.dumps(said, indent=1, ensure_ascii=False))
    else:
        click.echo("\n".join(said))
        if output is not None:
            click.echo(f"Open {output / 'index.html'}", err=True)
    warn(*both)
    return FAILED if fail_on_change and found.changed else 0
