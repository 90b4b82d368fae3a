"""A small input of a kind that people have in hand, and the command that is given it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = {
    1: "Weights that do not fit",
    2: "Tokenizers without offsets",
    3: "Folders with sentencepiece alone",
    4: "Tables in memory",
    5: "Regression and several labels",
    6: "Gold labels",
    7: "Columns",
    8: "Files",
    9: "Formats of the field",
    10: "Markers that are meant",
    11: "Objects and names",
    12: "No pad token",
    13: "Odd names and tokens",
    14: "Arrays",
    15: "What never ends",
}
"""What each kind is about."""
Files = Mapping[str, Any] | Callable[[], object]
"""Contents of files by name (bytes and texts as they are, a list as lines of JSON), or a maker."""


@dataclass(frozen=True, slots=True)
class Case:
    """`command` is run in a folder with `files`, and ends with `code`.

    A command that begins with `attnatlas.` is Python, and `before` what comes before it.
    """

    kind: int
    what: str
    command: str
    files: Files
    code: int = 0
    before: str = ""

    @property
    def name(self) -> str:
        """Return what the case is called."""
        return f"{self.kind}: {self.what}"


def python(kind: int, what: str, before: str, command: str, code: int = 0) -> Case:
    """Return a case of the Python door."""
    return Case(kind, what, command, {}, code, before)


def lay_out(files: Files) -> None:
    """Write the files of a case into the current folder."""
    for name, content in {} if callable(files) else files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = "".join(f"{json.dumps(row)}\n" for row in content)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    if callable(files):
        files()
