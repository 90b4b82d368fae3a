"""`attnatlas inspect`: what a name stands for, and what building from it will take."""

from __future__ import annotations

import json
from typing import Any

import click

from ..config import Settings
from ..report import printable, weight_table
from .parameters import ANYTHING, COUNT, COUNT_OR_AUTO, json_option
from .settings import choice, reading, setting


@click.command()
@click.argument("names", metavar="MODEL|CORPUS|SITE...", nargs=-1, required=True, type=ANYTHING)
@setting("revision", help="Branch, tag or commit of a model on the Hub.")
@setting("offline", is_flag=True, help="Never ask the Hub.")
@reading
@setting("max_tokens", metavar="N", type=COUNT, help="Texts are cut here.")
@setting("windows", metavar="STRIDE", type=COUNT, help="Long texts become windows.")
@setting("batch_size", metavar="N|auto", type=COUNT_OR_AUTO, help="Texts at a time.")
@setting("numbers", type=choice("numbers"), help="Precision of the attention beside the pages.")
@json_option
def inspect(names: tuple[str, ...], as_json: bool, **settings: Any) -> None:
    """Say what a model, a corpus or a site is.

    Of MODEL with CORPUS, what a build will take, too.
    """
    found = described(names, Settings(**settings))
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        click.echo("\n\n".join(shown(facts) for facts in found))


def described(names: tuple[str, ...], settings: Settings) -> list[dict[str, Any]]:
    """Return the facts of everything named, and a forecast for every model with the corpora."""
    from ..corpus import Corpus
    from ..forecast import forecasts
    from ..inspection import describe, facts
    from ..models import ModelSource

    things = describe(names, settings)
    corpora = [thing for thing in things if isinstance(thing, Corpus)]
    models = [thing for thing in things if isinstance(thing, ModelSource)]
    found = [facts(thing) for thing in things]
    if corpora:
        found += forecasts(models, corpora, settings)
    return found


def shown(facts: dict[str, Any]) -> str:
    """Return facts as lines of name and value; those that say nothing are left out."""
    facts = dict(facts)
    weights = facts.pop("weights", None)
    title = printable(f"{facts.pop('kind')} {facts.pop('name')}")
    texts = {name: _text(name, value) for name, value in facts.items()}
    said = {name.removesuffix("_bytes"): text for name, text in texts.items() if text}
    width = max(map(len, said))
    lines = [f"  {name.replace('_', ' '):<{width}}  {text}" for name, text in said.items()]
    return "\n".join([title, *lines, *(["", weight_table(weights)] if weights else [])])


def _text(name: str, value: Any) -> str:
    """Return a value as a person reads it."""
    if isinstance(value, dict):
        return ", ".join(f"{printable(key)} {_text('', item)}" for key, item in value.items())
    if name == "notes":
        return printable("; ".join(value))
    if isinstance(value, list):
        return ", ".join(_text("", item) for item in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"about {value / 1e6:,.1f} MB" if name.endswith("_bytes") else f"{value:,}"
    return "" if value is None else printable(str(value))
