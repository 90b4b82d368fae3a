"""The bundled showcase: the first build against a changed title, and against nothing changed.

`python -m benchmarks.rebuild` prints the table, CPU seconds of whole commands in one run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.peers import attnatlas

HEAVY = ("torch", "transformers", "captum", "scipy", "altair", "vl_convert")
INSIDE = f"""
import sys
from attnatlas.cli import main
try:
    main()
finally:
    print("imported:", *(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)
"""
SHARE = 0.25
"""What a changed title may cost of the first build."""

Row = tuple[str, ...]


def rebuild_rows(work: Path) -> list[Row]:
    """Return (what, CPU s, share of the first build, at most) for the showcase."""
    words = ("build", "-o", str(work / "show"), "--store", str(work / "store"))
    first = attnatlas(*words)
    titled = sorted(attnatlas(*words, "--title", f"Title {number}") for number in range(3))[1]
    last = ("--title", "Title 2")
    same = sorted(attnatlas(*words, *last) for _ in range(3))[1]
    loaded = imported(*words, "--title", "Which libraries")
    return [
        ("first build", f"{first:.2f}", "", ""),
        ("another title", f"{titled:.2f}", f"{titled / first:.0%}", f"{SHARE:.0%}"),
        ("heavy libraries that this imports", loaded or "none", "", "none"),
        ("nothing changed", f"{same:.2f}", f"{same / first:.1%}", "2%"),
    ]


def imported(*words: str) -> str:
    """Return which of the heavy libraries a command imports."""
    command = [sys.executable, "-c", INSIDE, *words]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stderr.rpartition("imported:")[2].strip()


def main() -> None:
    """Print the table."""
    from benchmarks.__main__ import table

    with tempfile.TemporaryDirectory() as folder:
        rows = rebuild_rows(Path(folder))
    print(table(("showcase", "CPU s", "of the first build", "at most"), rows))


if __name__ == "__main__":
    main()
