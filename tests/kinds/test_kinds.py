"""Every small input of every kind ends as the table says: read, or refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kinds.case import KINDS, Case
from tests.kinds.cases import CASES
from tests.kinds.outcome import outcome
from tests.kinds.table import FILE, row

LONGEST = 600
FILE_NAMES = ("x.", "d/", "d:", "m:", "m/", "'m'", "records", "corpus 'x'")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kinds") / "store"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_an_input_ends_as_the_table_says(case: Case, store: Path, tmp_path: Path) -> None:
    found = outcome(case, tmp_path / "case", store)
    assert found.code == case.code, found.line
    assert "Traceback" not in found.err
    assert "unexpected" not in found.err
    assert row(case, found.code, found.line) in FILE.read_text("utf-8")
    if case.code:
        assert found.line.endswith((".", "?")) or "attnatlas build -" in found.line
        assert len(found.line) < LONGEST


def test_the_table_has_several_cases_of_every_kind_and_no_others() -> None:
    counts = {kind: sum(case.kind == kind for case in CASES) for kind in KINDS}
    assert min(counts.values()) >= 3
    assert len({case.name for case in CASES}) == len(CASES)
    rows = [line for line in FILE.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(rows) == len(CASES) + len(KINDS)
