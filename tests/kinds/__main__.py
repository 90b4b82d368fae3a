"""Print the table of all kinds: `python -m tests.kinds > tests/kinds/table.md`."""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path

from tests.kinds.cases import CASES
from tests.kinds.outcome import outcome
from tests.kinds.table import table


def main() -> None:
    """Run every case, and print the table; a case that ends otherwise than meant is the exit."""
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as made:
        store = Path(made, "store")
        found = [outcome(case, Path(made, str(at)), store) for at, case in enumerate(CASES)]
    sys.stdout.write(table(zip(CASES, found, strict=True)))
    wrong = [case.name for case, one in zip(CASES, found, strict=True) if one.code != case.code]
    sys.exit(f"Ends otherwise than meant: {', '.join(wrong)}" if wrong else 0)


if __name__ == "__main__":
    main()
