"""`attnatlas new`: a project to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from .parameters import FOLDER


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
def new(folder: Path) -> None:
    """Write a project into DIR, to begin with.

    That is settings, a few texts, and a workflow that publishes them on GitHub Pages.
    """
    from ..share.starter import REQUIREMENTS, came_from_a_folder, write_starter

    for name in write_starter(folder):
        click.echo(folder / name)
    if came_from_a_folder():
        click.echo(
            f"This attnatlas was installed from a folder; say in {REQUIREMENTS} where a workflow "
            "gets it.",
            err=True,
        )
    click.echo(f"Build it: cd {folder} && attnatlas build", err=True)
