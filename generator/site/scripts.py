"""The scripts of the pages: one for each kind of page, out of files whose order is worked out here.

A file provides a name by assigning to it (`atlas.scaleBar = ...` at the start of a line) and uses
one by naming it. A page gets the files of `base/`, those of the folder of its kind, and whatever
they use.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from importlib.resources.abc import Traversable

BASE = "base"
ON_DEMAND = ("shared", "figures")
"""Folders whose files a page gets only if it uses them."""
LATER = ("saving", "filing", "difference", "closeup", "inside", "terms")
"""Folders that make a script of their own, which a page loads once a reader asks for it. It goes on
where the script of the page ends, and has all names that its loader hands on."""

START = '"use strict";\nconst atlas = {};\n'
COMMENT = re.compile(r"/\*.*?\*/|(?<!\S)//[^\n]*", re.DOTALL)
ALONE = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE)
"""Comments that have their lines for themselves. No text with several lines holds any."""
INDENT = re.compile(r"^[ \t]+|(?<=\n)\n", re.MULTILINE)
PROVIDED = re.compile(r"^atlas\.([\w$]+) = ", re.MULTILINE)
NAMED = re.compile(r"\batlas\.([\w$]+)")
UNPACKED = re.compile(r"\bconst \{([^}]*)\} = atlas;")


class ScriptError(ValueError):
    """The files do not fit together: a circle, or a name that none or several provide."""


@dataclass(frozen=True)
class Part:
    """A file of JavaScript: its address below js/, and its text."""

    name: str
    text: str

    @cached_property
    def code(self) -> str:
        """Return the text without its comments."""
        return COMMENT.sub("", self.text)

    @cached_property
    def provides(self) -> frozenset[str]:
        """Return the names that other files can use."""
        return frozenset(PROVIDED.findall(self.code))

    @cached_property
    def uses(self) -> frozenset[str]:
        """Return the names that other files must provide."""
        unpacked = ",".join(UNPACKED.findall(self.code))
        listed = (entry.partition(":")[0].strip() for entry in unpacked.split(","))
        named = {*NAMED.findall(self.code), *filter(None, listed)}
        return frozenset(named - self.provides)

    @cached_property
    def block(self) -> str:
        """Return the file as part of a script: a block, which keeps its names for itself."""
        return f"/* {self.name} */\n{{\n{compact(self.text)}}}\n"

    @property
    def folder(self) -> str:
        """Return the folder it lies in."""
        return self.name.partition("/")[0]


def scripts(folder: Traversable) -> dict[str, str]:
    """Return the script of each kind of page, and `base`, that of a page without a kind."""
    parts = list(_read(folder))
    needed = needs(parts)
    kinds = sorted({part.folder for part in parts} - set(ON_DEMAND))
    return {kind: _script(parts_of(parts, kind, needed), kind) for kind in kinds}


def _script(parts: Iterable[Part], kind: str) -> str:
    blocks = (part.block for part in parts)
    return ("" if kind in LATER else START) + "".join(blocks)


def compact(text: str) -> str:
    """Return a script, or styles, without comments that begin a line, and without indentation."""
    return INDENT.sub("", ALONE.sub("", text))


def parts_of(
    parts: Iterable[Part], kind: str, needed: Mapping[str, list[str]] | None = None
) -> list[Part]:
    """Return the files that a kind of page needs, each after those that it uses, `needed`."""
    named = {part.name: part for part in parts}
    needed = needs(named.values()) if needed is None else needed
    wanted = {part.name for part in named.values() if part.folder in (BASE, kind)}
    if kind in LATER:
        wanted = {name for name in wanted if named[name].folder == kind}
    waiting = [] if kind in LATER else list(wanted)
    while waiting:
        new = set(needed[waiting.pop()]) - wanted
        wanted |= {name for name in new if named[name].folder not in LATER}
        waiting += new & wanted
    return [named[name] for name in _ordered(needed) if name in wanted]


def _ordered(needed: Mapping[str, list[str]]) -> list[str]:
    try:
        return list(TopologicalSorter(needed).static_order())
    except CycleError as error:
        raise ScriptError(f"{', '.join(error.args[1])}: each uses the next.") from error


def needs(parts: Iterable[Part]) -> dict[str, list[str]]:
    """Return the files that each file uses, sorted, so that the order is the same every time."""
    parts = list(parts)
    providers = _providers(parts)
    return {
        part.name: sorted({_provider(part, name, providers) for name in part.uses})
        for part in parts
    }


def _providers(parts: list[Part]) -> dict[str, str]:
    counts = Counter(name for part in parts for name in part.provides)
    twice = sorted(name for name, count in counts.items() if count > 1)
    if twice:
        raise ScriptError(f"atlas.{twice[0]} is provided by more than one file.")
    return {name: part.name for part in parts for name in part.provides}


def _provider(part: Part, name: str, providers: Mapping[str, str]) -> str:
    if name not in providers:
        raise ScriptError(f"{part.name} uses atlas.{name}, which no file provides.")
    return providers[name]


def _read(folder: Traversable) -> Iterator[Part]:
    for group in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not group.is_dir():
            continue
        for entry in sorted(group.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".js"):
                yield Part(f"{group.name}/{entry.name}", entry.read_text("utf-8"))
