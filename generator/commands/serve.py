"""`attnatlas serve`: look at a site through a web server on this machine."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from .parameters import site_argument


@click.command()
@site_argument
@click.option(
    "-p",
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port; 0 finds a free one.",
)
@click.option("--open", "opened", is_flag=True, help="Open it in the browser.")
def serve(output: Path, port: int, opened: bool) -> None:
    """Serve the site in DIR to this machine alone, until Ctrl-C."""
    from ..serve import server
    from .folders import require_atlas

    require_atlas(output)
    with server(output, port) as running:
        address = f"http://127.0.0.1:{running.server_port}/"
        click.echo(address)
        click.echo("Press Ctrl-C to stop.", err=True)
        if opened:
            webbrowser.open(address)
        running.serve_forever(poll_interval=0.1)
