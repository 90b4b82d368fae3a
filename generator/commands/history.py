"""`attnatlas history`: several sites, such as those of checkpoints, on one axis."""

from __future__ import annotations

from pathlib import Path

import click

from .parameters import FOLDER
from .warnings import warn


@click.command()
@click.argument("sites", metavar="SITE...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=FOLDER,
    default=Path("history_output"),
    show_default=True,
    allow_from_autoenv=False,
    help="Where the page goes.",
)
@click.option("--model", metavar="NAME", help="Which model to follow, where sites share several.")
def history(sites: tuple[str, ...], output: Path, model: str | None) -> None:
    """Show how one model changes from SITE to SITE.

    They are given in order; NAME=SITE calls one NAME. Each is a folder, a zip, a bag or one HTML
    file. The page says which measurements moved beyond their
    intervals, and shows every head of every site behind a slider.
    """
    from ..share.archives import understanding
    from ..share.history import read_history
    from ..share.history_page import write_history

    with understanding(*map(Path, sites)):
        found = read_history(sites, model)
        write_history(found, output)
    moved = sum(course.beyond for course in found.courses)
    click.echo(
        f"{len(found.moments)} sites, {len(found.courses)} measurements, {moved} of them moved "
        f"beyond their intervals.\nOpen {output / 'index.html'}"
    )
    warn(*(moment.site for moment in found.moments))
