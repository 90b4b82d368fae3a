"""Settings from `attnatlas.toml`, as defaults of the commands."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from ..config import column_choices
from ..errors import InputError
from ..gates.expectation import written

CONFIG_FILE = "attnatlas.toml"
LISTS = ("corpora", "models", "from_sites", "redact")
OTHERWISE = {
    "diff": frozenset({"output"}),
    "history": frozenset({"output"}),
    "verify": frozenset({"models", "sample", "seed"}),
}
"""What a command calls as a build does and means otherwise: its own table alone sets it."""


def default_map(path: Path | None, commands: Iterable[click.Command]) -> dict[str, Any]:
    """Return the defaults that a settings file gives to each command.

    Its top level holds settings (`max_tokens = 64`, `models = "sentiment"`) for every command that
    knows them; a table named after a command holds those of it alone.
    """
    if path is None and not Path(CONFIG_FILE).is_file():
        return {}
    path = path or Path(CONFIG_FILE)
    values = _read(path)
    known = {
        str(command.name): {str(param.name) for param in command.params} for command in commands
    }
    own = {name: values.pop(name) for name in known if isinstance(values.get(name), dict)}
    _check(path, values, set().union(*known.values(), known))
    for command, table in own.items():
        _check(path, table, known[command])
    shared = {command: names - OTHERWISE.get(command, set()) for command, names in known.items()}
    return {
        command: {name: value for name, value in values.items() if name in names}
        | own.get(command, {})
        for command, names in shared.items()
    }


def _read(path: Path) -> dict[str, Any]:
    """Return the content of a settings file; a lone name is a list of one."""
    try:
        values = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read as TOML: {error}.") from error
    for name in LISTS:
        if isinstance(values.get(name), str):
            values[name] = [values[name]]
    for table in (values, *(part for part in values.values() if isinstance(part, dict))):
        if "column" in table:
            table["column"] = column_choices(table["column"])
        if "expect" in table:
            table["expect"] = written(table["expect"])
    return values


def _check(path: Path, values: Iterable[str], known: set[str]) -> None:
    for name in values:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f"did you mean {near[0]!r}?" if near else "attnatlas build --help lists them"
            raise InputError(f"{path} has an unknown setting {name!r}; {meant}.")
