"""`attnatlas clean`: take away what builds wrote, and nothing else."""

from __future__ import annotations

from pathlib import Path

import click

from ..config import DEFAULT_STORE
from .parameters import FOLDER, site_argument


@click.command()
@site_argument
@click.option("--store", "also_store", is_flag=True, help="Remove the kept captures, too.")
@click.option("--store-folder", "store", type=FOLDER, default=DEFAULT_STORE, hidden=True)
def clean(output: Path, also_store: bool, store: Path) -> None:
    """Remove the site in DIR; refuse a folder that no build wrote."""
    from .folders import remove_site, remove_store

    click.echo(f"Removed {output}" if remove_site(output) else f"No site in {output}")
    if also_store:
        click.echo(f"Removed {store}" if remove_store(store) else f"No captures in {store}")
