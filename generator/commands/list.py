"""`attnatlas list`: the models, corpora and analyses that come with the package."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click

from ..report import table
from .parameters import json_option

Rows = list[dict[str, Any]]


def models() -> Rows:
    """Return the embedded models."""
    from ..config import Settings
    from ..models import resolve_model
    from ..zoo import zoo_names

    infos = [resolve_model(name, Settings(offline=True)).info for name in zoo_names()]
    return [
        {
            "name": info.name,
            "family": info.family,
            "layers": info.layers,
            "heads": info.heads,
            "parameters": info.parameters,
            "architecture": info.architecture,
        }
        for info in infos
    ]


def corpora() -> Rows:
    """Return the bundled corpora."""
    from ..corpus import bundled_corpora, load_corpus

    found = [load_corpus(name) for name in bundled_corpora()]
    return [
        {
            "name": corpus.name,
            "records": len(corpus.records),
            "licence": corpus.licence,
            "title": corpus.title,
        }
        for corpus in found
    ]


def analyses() -> Rows:
    """Return the analyses, those of other packages included."""
    from ..analyses import analyses as registered

    return [
        {"name": analysis.name, "scope": analysis.scope, "title": analysis.title}
        for analysis in registered()
    ]


LISTS: dict[str, Callable[[], Rows]] = {"models": models, "corpora": corpora, "analyses": analyses}


@click.command("list")
@click.argument("kinds", metavar="[models|corpora|analyses]...", nargs=-1, type=click.Choice(LISTS))
@json_option
def list_names(kinds: tuple[str, ...], as_json: bool) -> None:
    """List what is there: models, corpora, analyses, or all of it."""
    found = {kind: LISTS[kind]() for kind in kinds or LISTS}
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        click.echo("\n\n".join(f"{kind}\n\n{shown(rows)}" for kind, rows in found.items()))


def shown(rows: Rows) -> str:
    """Return rows as a table, numbers to the right."""
    if not rows:
        return "none"
    cells = [[_cell(value) for value in row.values()] for row in rows]
    numbers = [at for at, value in enumerate(rows[0].values()) if isinstance(value, int)]
    return table(list(rows[0]), cells, numbers)


def _cell(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value if value is not None else "")
