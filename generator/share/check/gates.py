"""gates.json against the numbers of the site: every expectation, decided once more."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ...errors import InputError
from ...gates import GATES, REPORTS, expectations, gate_json, line_of, measured_by
from ...gates import gates as decided
from ..archives import DamagedError
from ..built_site import BuiltSite
from .problem import Problem


def gates(site: BuiltSite) -> Iterator[Problem]:
    """Yield the first gate that the numbers of the site do not decide as its file says."""
    if GATES not in site.manifest or GATES not in site.files:
        return
    reports = [name for name in site.files if name.startswith(REPORTS) and name.endswith(".json")]
    try:
        said = site.json(GATES)
        lines = dict.fromkeys(line_of(row) for row in said)
        again = decided(expectations([*lines]), measured_by(site.json, reports))
    except DamagedError as error:
        yield Problem(error.name, error.reason, "numbers")
        return
    except (InputError, KeyError, TypeError, ValueError) as error:
        yield Problem(GATES, f"cannot be decided again ({error})", "numbers")
        return
    found = json.loads(json.dumps([gate_json(gate) for gate in again]))
    wrong = next((row for row in said if row not in found), None)
    if wrong:
        yield Problem(GATES, f"says what no number gives: {wrong['statement'][:120]}", "numbers")
