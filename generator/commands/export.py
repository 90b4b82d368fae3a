"""`attnatlas export`: a site as one file or folder, to send or to keep."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..config import DEFAULT_OUTPUT
from ..errors import InputError
from ..report import weight_table
from .warnings import warn

if TYPE_CHECKING:
    from ..share.built_site import BuiltSite

FORMS = (
    *("--zip", "--single-file", "--report NAME", "--bag", "--space", "--model-card"),
    *("--pdf PAGE", "--sign KEY"),
)
ZIP = ".zip"


@click.command()
@click.argument(
    "output",
    metavar="[DIR|ZIP|BAG]",
    type=click.Path(path_type=Path),
    default=DEFAULT_OUTPUT,
    envvar="ATTNATLAS_OUTPUT",
)
@click.option("--zip", is_flag=True, help="A zip: the same bytes for the same site.")
@click.option("--single-file", is_flag=True, help="One HTML file with all of it.")
@click.option("--bag", is_flag=True, help="BagIt 1.0 with RO-Crate, to archive.")
@click.option("--space", is_flag=True, help="A static Space of Hugging Face.")
@click.option("--model-card", is_flag=True, help="Results, for the card of a model.")
@click.option("--report", metavar="NAME", help="One report, such as errors, as one HTML file.")
@click.option("--pdf", metavar="PAGE", help="One page, such as index.html, as PDF (by Chromium).")
@click.option(
    "--sign",
    metavar="KEY",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A statement of what the site was made of, signed with this SSH key.",
)
@click.option(
    "--only",
    metavar="ID",
    multiple=True,
    help="A single file with this text alone; may be repeated.",
)
@click.option("--without-numbers", is_flag=True, help="A single file without *.safetensors.")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="FILE|DIR",
    type=click.Path(path_type=Path),
    help="Where it goes.  [default: named after DIR, beside it]",
)
def export(output: Path, target: Path | None, **chosen: Any) -> None:
    """Write a site as one file or folder, to send or to keep.

    One form at a time, over nothing but an earlier zip or HTML file of a site.
    """
    form = _form(chosen)
    from ..share.archives import understanding
    from ..share.built_site import open_site

    with understanding(output):
        WRITERS[form](open_site(output), target, chosen)


def _form(chosen: Mapping[str, Any]) -> str:
    """Return what to write; raises InputError where that is not one thing, or a part of none."""
    forms = [form for form in WRITERS if chosen[form]]
    if not forms:
        raise InputError(f"Say what to write: {', '.join(FORMS)}.")
    if len(forms) > 1:
        raise InputError(f"{_flag(forms[0])} and {_flag(forms[1])}: ask for one at a time.")
    for part in ("only", "without_numbers"):
        if chosen[part] and forms != ["single_file"]:
            raise InputError(
                f"{_flag(part)} goes with --single-file alone; {_flag(forms[0])} would leave out "
                "nothing."
            )
    return forms[0]


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _zip(site: BuiltSite, target: Path | None, chosen: Mapping[str, Any]) -> None:
    from ..share.chosen import contents_of
    from ..share.zip_file import zip_file

    path = target or _beside(site, ZIP)
    _write(path, zip_file(contents_of(site), _stem(site)))


def _single_file(site: BuiltSite, target: Path | None, chosen: Mapping[str, Any]) -> None:
    from ..share.chosen import choose, contents_of, one_report
    from ..share.single_file import single_file

    contents, report = contents_of(site), chosen["report"]
    if report:
        files = one_report(contents, report)
    else:
        files = choose(contents, chosen["only"], not chosen["without_numbers"])
    made = single_file(contents, files)
    click.echo(weight_table(made.parts), err=True)
    if files.left_out:
        texts = "other text has" if files.left_out == 1 else "other texts have"
        click.echo(f"{files.left_out} {texts} no page here; lists name them still.", err=True)
    _write(target or _beside(site, f"-{report}.html" if report else ".html"), made.content)


def _bag(site: BuiltSite, target: Path | None, chosen: Mapping[str, Any]) -> None:
    from ..share.archive.bag import bag
    from ..share.chosen import contents_of

    files = bag(contents_of(site), site.atlas)
    path = target or _beside(site, "-bag")
    if path.suffix.lower() != ZIP:
        _write_folder(path, files)
        return
    from ..share.zip_file import zip_file

    _write(path, zip_file(files, f"{_stem(site)}-bag"))


def _space(site: BuiltSite, target: Path | None, chosen: Mapping[str, Any]) -> None:
    from ..share.chosen import contents_of
    from ..share.hugging_face import space

    _write_folder(target or _beside(site, "-space"), space(contents_of(site), site.atlas))


def _card(site: BuiltSite, target: Path | None, chosen: Mapping[str, Any]) -> None:
    from ..share.hugging_face import model_card
    from ..share.trusted import trusted

    kept = trusted(site.where)
    text = model_card(kept)
    warn(kept)
    if target is None:
        click.echo(text, nl=False)
    else:
        _write_new({target: text.encode()})


def _pdf(site: BuiltSite, target: Path | None, chosen: Mapping[str, Any]) -> None:
    from ..share.printed import print_page

    page = chosen["pdf"]
    path = target or _beside(site, f"-{Path(page).stem}.pdf")
    _write_new({path: print_page(site, page)})


def _sign(site: BuiltSite, target: Path | None, chosen: Mapping[str, Any]) -> None:
    from ..share.archive.signed import SIGNATURE, sign, statement, tell_pages
    from ..share.chosen import contents_of

    contents_of(site)  # what is not whole is not signed
    path = target or _beside(site, ".intoto.json")
    signature = path.with_name(path.name + SIGNATURE)
    said = statement(site)
    signed = sign(said, chosen["sign"])
    _write_new({path: said, signature: signed})
    if told := tell_pages(site, said, signed):
        click.echo(f"{told} tells the pages of the signature.", err=True)


WRITERS = {
    "zip": _zip,
    "single_file": _single_file,
    "report": _single_file,
    "bag": _bag,
    "space": _space,
    "model_card": _card,
    "pdf": _pdf,
    "sign": _sign,
}


def _stem(site: BuiltSite) -> str:
    path = site.where.absolute()
    return path.name if site.where.is_dir() else path.stem


def _beside(site: BuiltSite, ending: str) -> Path:
    """Return a path beside a site, with its name and an ending."""
    return site.where.absolute().with_name(f"{_stem(site)}{ending}")


def _write(path: Path, content: bytes) -> None:
    from ..share.target import write_file

    write_file(path, content)
    click.echo(path)


def _write_new(files: Mapping[Path, bytes]) -> None:
    from ..share.target import write_new

    write_new(files)
    for path in files:
        click.echo(path)


def _write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    from ..share.target import write_folder

    write_folder(path, files)
    click.echo(path)
