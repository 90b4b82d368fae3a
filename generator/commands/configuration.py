"""Settings from `attnatlas.toml`, as defaults of the commands."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from ..config import column_choices
from ..errors import InputError
from ..gates.expectation import written

CONFIG_FILE = "attnatlas.toml"
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
    known = {str(one.name): {str(param.name): param for param in one.params} for one in commands}
    own = {name: values.pop(name) for name in known if isinstance(values.get(name), dict)}
    _check(path, values, {*known}.union(*known.values()))
    for command, table in own.items():
        _check(path, table, {*known[command]})
    return {
        command: {
            name: _given(path, params[name], value)
            for name, value in {**_shared(command, values), **own.get(command, {})}.items()
            if name in params
        }
        for command, params in known.items()
    }


def _shared(command: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings for every command that one of them takes."""
    otherwise = OTHERWISE.get(command, frozenset())
    return {name: value for name, value in values.items() if name not in otherwise}


def _given(path: Path, param: click.Parameter, value: Any) -> Any:
    """Return a setting as the command line would give it, a lone value as a list where one is."""
    parts = value if isinstance(value, list | tuple) else [value]
    if not all(isinstance(part, str | int | float) for part in parts):
        kinds = "a text, a number, true, false or a list of these"
        raise InputError(f"{path}: {param.name!r} must be {kinds}.")
    plain = [_plain(part, param) for part in parts]
    if param.nargs == -1 or getattr(param, "multiple", False):
        return plain
    if parts is value:
        raise InputError(f"{path}: {param.name!r} must be one value, and no list.")
    return plain[0]


def _plain(part: str | float, param: click.Parameter) -> str | float:
    """Return a part of a setting as it is where its kind is wanted, else as a text."""
    if isinstance(part, bool):
        return part if getattr(param, "is_flag", False) else str(part)
    whole = isinstance(part, int) and isinstance(param.type, click.types.IntParamType)
    return part if whole else str(part)


def _read(path: Path) -> dict[str, Any]:
    """Return the content of a settings file."""
    try:
        values = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path} cannot be read as TOML: {error}.") from error
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
            meant = f"did you mean {near[0]!r}?" if near else "attnatlas build --help lists them."
            raise InputError(f"{path} has an unknown setting {name!r}; {meant}")
