"""Parameters that several commands share, and how a shell completes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from ..config import DEFAULT_OUTPUT


class Named(click.ParamType[str]):
    """A text that a shell completes with known names, and with files or folders."""

    def __init__(self, metavar: str, kinds: Sequence[str], files: str) -> None:
        self.name = metavar
        self.kinds = kinds
        self.files = files

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the known names that begin so, after leave to complete paths."""
        known = sorted({name for kind in self.kinds for name in known_names(kind)})
        paths = CompletionItem(incomplete, type=self.files)
        return [paths, *(CompletionItem(name) for name in known if name.startswith(incomplete))]


def known_names(kind: str) -> Sequence[str]:
    """Return the names of the embedded `models` or the bundled `corpora`."""
    if kind == "models":
        from ..zoo import zoo_names

        return zoo_names()
    from ..corpus import bundled_corpora

    return bundled_corpora()


class CountOrAuto(click.ParamType[Any]):
    """A whole number from 1, or `auto`."""

    name = "count"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, or `auto` as it is."""
        return value if value == "auto" else COUNT.convert(value, param, ctx)


class Column(click.ParamType[str]):
    """A choice of a column; in the environment, several are separated by spaces or commas."""

    name = "column"

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Return the choices in a variable; a name may hold spaces, for each begins `FIELD=`."""
        return re.split(r"[\s,;]+(?=\w+=)", rv.strip())


class Expected(click.ParamType[str]):
    """An expectation; in the environment, several are separated by semicolons or lines."""

    name = "expectation"

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Return the expectations in a variable; each may hold spaces."""
        return [part.strip() for part in re.split(r"[;\n]", rv) if part.strip()]


COUNT = click.IntRange(min=1)
COUNT_OR_AUTO = CountOrAuto()
COLUMN = Column()
EXPECTED = Expected()
CORPUS = Named("corpus", ["corpora"], files="file")
MODEL = Named("model", ["models"], files="dir")
ANYTHING = Named("what", ["corpora", "models"], files="file")
FOLDER = click.Path(file_okay=False, path_type=Path)

site_argument = click.argument(
    "output",
    metavar="[DIR]",
    type=FOLDER,
    default=DEFAULT_OUTPUT,
    envvar="ATTNATLAS_OUTPUT",
)
"""The folder of a built site; where none is named, the one that `build` writes to."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
