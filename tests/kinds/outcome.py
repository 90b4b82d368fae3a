"""What comes of a case: its exit code, and in one line what was refused, built or said."""

from __future__ import annotations

import contextlib
import io
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import attnatlas
from attnatlas.cli import run
from attnatlas.data.record_files import read_arrays
from attnatlas.errors import AtlasError

from tests.kinds.case import Case, lay_out

SITE, STORE = "site", "store"
LEAN = f"--without twins --without asking-the-model -q -o {SITE}".split()
"""What no case needs: all but attention."""
TOLD = ("read ", "part ", "notes ", "records ", "skipped ")
"""Lines of `inspect` that say how something was read."""
PIECES = (2, 3, 10, 13)
"""Kinds of which the pieces of the text are told; of kinds 5 and 6, the answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`line` is the one sentence of a refusal, or what was built and what was said of it."""

    code: int
    err: str
    line: str


def outcome(case: Case, folder: Path, store: Path) -> Outcome:
    """Run a case in an empty folder; `store` is where builds keep what they computed."""
    folder.mkdir(parents=True, exist_ok=True)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        lay_out(case.files)
        called = case.command.startswith("attnatlas.")
        code = _python(case, store) if called else _command(case.command, store)
        line = _refusal(err.getvalue()) if code else _result(case, out.getvalue(), err.getvalue())
    return Outcome(code, err.getvalue(), line)


def _command(command: str, store: Path) -> int:
    words = shlex.split(command)[1:]
    more = [*LEAN, "--store", str(store)] if words[0] == "build" else []
    return run([*words, *more])


def _python(case: Case, store: Path) -> int:
    """Run a line of Python as a caller would who prints what an AtlasError says."""

    def build(*arguments: Any, **settings: Any) -> object:
        lean = {"output": SITE, "store": store, "without": ["twins", "asking-the-model"]}
        return attnatlas.build(*arguments, **{**lean, **settings})

    command = case.command.removeprefix("attnatlas.")
    try:
        exec(f"{case.before}\n{command}", {"build": build, "Path": Path})
    except AtlasError as error:
        error.show()
        return error.exit_code
    return 0


def _refusal(err: str) -> str:
    """Return all that was said, but for how a command is used and that it is an error."""
    said = [line for line in err.splitlines() if not line.startswith(("Usage:", "Try "))]
    return " ".join(line.removeprefix("Error: ") for line in said if line.strip())


def _result(case: Case, out: str, err: str) -> str:
    lines = [" ".join(line.split()) for line in out.splitlines()]
    told = [line for line in lines if line.startswith(TOLD)]
    if Path(SITE).is_dir():
        told = [_built(case.kind)]
    return "; ".join([*told, *err.splitlines()])


def _built(kind: int) -> str:
    captures = json.loads(Path(SITE, "atlas.json").read_text("utf-8"))["captures"]
    said = f"built, {len(captures)} text{'s' * (len(captures) != 1)}"
    if kind in PIECES:
        first = next(iter(read_arrays(Path(SITE, "data")))).capture.maps[0].queries
        said += f": {'|'.join(token.text or token.name or '' for token in first)}"
    if kind in (5, 6):
        said += f": {', '.join(_answer(one) for one in captures)}"
    return said


def _answer(capture: dict[str, Any]) -> str:
    """Return what a model gives (its labels, or their kind), and whether it is right."""
    kind = str((capture["prediction"] or {}).get("problem_type", "no labels"))
    right = {True: "right", False: "wrong", None: "not judged"}[capture["right"]]
    return f"{kind.removesuffix('_classification').replace('_', ' ')} {right}"
