"""Expectations of a site that was built, for tests: `assert_expectations("site_output", ...)`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from ..errors import InputError
from .decide import Gate, gates
from .expectation import expectations
from .files import GATES, line_of
from .measures import Measured, measured

REPORTS, FINDINGS = "data/reports/", "data/findings.json"


def assert_expectations(site: str | PathLike[str], *lines: str) -> None:
    """Raise AssertionError with a sentence for each expectation that a built site fails.

    `lines` are as `--expect` takes them: `accuracy >= 0.9`. Without any, those that the site was
    built with count, which its gates.json has.
    """
    folder = Path(site)
    wanted = lines or tuple(map(line_of, _read(folder, GATES)))
    failed = [gate for gate in held(folder, wanted) if not gate.passed]
    if failed:
        raise AssertionError("\n".join(gate.says for gate in failed))


def held(folder: Path, lines: Sequence[str]) -> tuple[Gate, ...]:
    """Return a gate for each expectation of the site in a folder."""
    reports = [path.relative_to(folder).as_posix() for path in folder.glob(f"{REPORTS}*.json")]
    return gates(expectations(lines), measured_by(lambda name: _read(folder, name), reports))


def measured_by(read: Callable[[str], Any], reports: Iterable[str]) -> list[Measured]:
    """Return all that can be expected of a site; `read` gives the content of a JSON file of it."""
    from ..results.codec import result_from_json  # brings NumPy

    found = [read(name) for name in sorted(reports)]
    results = {one["name"]: result_from_json({**one, "scores": []}, {}) for one in found}
    return measured(results, read(FINDINGS))


def _read(folder: Path, name: str) -> Any:
    try:
        return json.loads((folder / name).read_text("utf-8"))
    except (OSError, ValueError) as error:
        what = "was built to expect nothing" if name == GATES else "holds no site"
        raise InputError(f"{folder} {what}: {name} cannot be read ({error}).") from error
