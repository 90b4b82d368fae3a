"""`attnatlas verify`: whether the models of a site, run again, give its numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..report import listed, printable, progress_for, table
from .check import FAILED, SHOWN, built_site
from .parameters import COUNT, MODEL, json_option

if TYPE_CHECKING:
    from ..share.built_site import BuiltSite
    from ..share.verify.everything import Model, Verification


@click.command()
@built_site
@click.option(
    "--sample",
    metavar="N",
    type=COUNT,
    default=3,
    show_default=True,
    allow_from_autoenv=False,
    help="How many texts of each model.",
)
@click.option("--all", "whole", is_flag=True, help="All texts, and the findings.")
@click.option(
    "--seed",
    metavar="S",
    type=int,
    default=0,
    show_default=True,
    allow_from_autoenv=False,
    help="Decides which texts are drawn.",
)
@click.option(
    "-m",
    "--model",
    "models",
    metavar="NAME=FOLDER",
    multiple=True,
    type=MODEL,
    allow_from_autoenv=False,
    help="Where a model of the site is; may be repeated.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing on the way.")
@json_option
def verify(
    output: Path,
    sample: int,
    whole: bool,
    seed: int,
    models: tuple[str, ...],
    quiet: bool,
    as_json: bool,
) -> int:
    """Check a site, then run its models on some texts again.

    Every number is compared. Ends with 1 where anything is wrong, or a model is not at hand.
    """
    from ..share.archives import understanding
    from ..share.built_site import open_site
    from ..share.verify.everything import verify as verify_site

    parts = [model.partition("=") for model in models]
    if wrong := [model for model in models if "=" not in model]:
        raise click.UsageError(f"-m {wrong[0]} names no model of the site: write NAME=FOLDER.")
    site = open_site(output)
    with understanding(output):
        _require_known(site, [name for name, _, _ in parts])
        found = verify_site(
            site,
            sample=None if whole else sample,
            seed=seed,
            given={name: place for name, _, place in parts},
            progress=progress_for(quiet),
        )
    if as_json:
        click.echo(json.dumps(found.to_json(), indent=1, ensure_ascii=False))
    else:
        for line in said(found):
            click.echo(line)
    return 0 if found.good else FAILED


def _require_known(site: BuiltSite, names: list[str]) -> None:
    """Raise UsageError for a name that no model of a site has."""
    known = [str(model["name"]) for model in site.atlas["models"]]
    for name in names:
        if name not in known:
            raise click.UsageError(
                f"-m {name}= names no model of the site: it has {listed(known)}."
            )


def said(found: Verification) -> Iterator[str]:
    """Yield what a verification has shown, for a person."""
    yield from (printable(str(problem)) for problem in found.check.problems[:SHOWN])
    yield from map(printable, found.check.notes)
    wrong = len(found.check.problems)
    yield f"Files, pages and sentences: {f'{wrong:,} wrong' if wrong else 'nothing is wrong'}."
    for model in found.models:
        yield from (printable(line) for line in _of_model(model))
        if model.largest:
            rows = [
                (name, f"{value:.2g}", f"{model.allowed[name]:g}")
                for name, value in model.largest.items()
            ]
            yield table(("tensor", "difference", "allowed"), rows, numbers=(1, 2))
        yield from (printable(f"  {line}") for line in model.wrong[:SHOWN])
    if not found.models:
        yield "No model was run: the site holds no attention to compare with."


def _of_model(model: Model) -> Iterator[str]:
    if not model.at_hand:
        yield f"{model.name}: not run, its weights are not at hand: {model.says}"
        yield f"  Say where they are with -m {model.name}=FOLDER."
        return
    verdict = "the same numbers" if model.good else "not the same"
    yield f"{model.name}: {model.texts} of {model.of} texts read again: {verdict}."
    if model.says:
        yield f"  {model.says}."
