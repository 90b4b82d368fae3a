"""`attnatlas clean`: take away what builds wrote, and nothing else."""

from __future__ import annotations

from pathlib import Path

import click

from ..config import DEFAULT_STORE
from ..report import listed
from .parameters import FOLDER, site_argument


@click.command()
@site_argument
@click.option("--store", "also_store", is_flag=True, help="Remove the kept captures, too.")
@click.option("--store-folder", "store", type=FOLDER, default=DEFAULT_STORE, hidden=True)
def clean(output: Path, also_store: bool, store: Path) -> None:
    """Remove the site in DIR, and nothing else.

    A folder that no build wrote is refused.
    """
    from ..site.ownership import changed
    from .folders import remove_site, remove_store

    edited = changed(output)
    click.echo(_removed(output, remove_site(output)))
    if edited:
        click.echo(f"Changed since it was built, and removed: {listed(edited)}.", err=True)
    if also_store:
        click.echo(f"Removed {store}" if remove_store(store) else f"No captures in {store}")


def _removed(output: Path, left: list[str] | None) -> str:
    """Say what was removed, and what was left since no build wrote it."""
    if not left:
        return f"No site in {output}" if left is None else f"Removed {output}"
    return f"Removed the site in {output}; left what is not of it: {listed(left)}"
