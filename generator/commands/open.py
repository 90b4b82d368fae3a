"""`attnatlas open`: show a site in the browser, straight from its files."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from ..errors import AtlasError
from .parameters import site_argument


@click.command("open")
@site_argument
def open_site(output: Path) -> None:
    """Open the site in DIR in the browser."""
    from .folders import require_atlas

    require_atlas(output)
    address = (output / "index.html").absolute().as_uri()
    click.echo(address)
    if not webbrowser.open(address):
        raise AtlasError("No browser could be started; open the address above in one.")
