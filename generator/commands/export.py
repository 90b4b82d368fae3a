"""`attnatlas export`: a site as one file, to send or to keep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from ..config import DEFAULT_OUTPUT
from ..errors import InputError
from ..report import weight_table


@click.command()
@click.argument(
    "output",
    metavar="[DIR|ZIP]",
    type=click.Path(path_type=Path),
    default=DEFAULT_OUTPUT,
    envvar="ATTNATLAS_OUTPUT",
)
@click.option("--zip", "form", flag_value="zip", help="A zip; the same site, the same bytes.")
@click.option("--single-file", "form", flag_value="single_file", help="One HTML file.")
@click.option("--report", metavar="NAME", help="One report as a single file.")
@click.option("--only", metavar="ID", multiple=True, help="This text alone; may be repeated.")
@click.option("--without-numbers", is_flag=True, help="Without *.safetensors.")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Where it goes.  [default: named after DIR, beside it]",
)
def export(
    output: Path,
    form: str | None,
    report: str | None,
    only: Sequence[str],
    without_numbers: bool,
    target: Path | None,
) -> None:
    """Write the site in DIR as one file."""
    form = form or ("single_file" if report else None)
    if form is None:
        raise InputError("Say what to write: --zip, --single-file or --report NAME.")
    from ..share.built_site import open_site
    from ..share.chosen import contents_of

    contents = contents_of(open_site(output))
    name = output.absolute().name.removesuffix(".zip")
    if form == "zip":
        from ..share.zip_file import zip_file

        _write(target or output.absolute().with_name(f"{name}.zip"), zip_file(contents, name))
        return
    from ..share.chosen import choose, one_report
    from ..share.single_file import single_file

    chosen = one_report(contents, report) if report else choose(contents, only, not without_numbers)
    made = single_file(contents, chosen)
    click.echo(weight_table(made.parts), err=True)
    if chosen.left_out:
        texts = "other text has" if chosen.left_out == 1 else "other texts have"
        click.echo(f"{chosen.left_out} {texts} no page here; lists name them still.", err=True)
    stem = f"{name}-{report}" if report else name
    _write(target or output.absolute().with_name(f"{stem}.html"), made.content)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    click.echo(path)
