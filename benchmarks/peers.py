"""The corpus of 50 x 25 tokens, 12 x 12 heads, against BertViz on the same attention, in one run.

BertViz is no dependency: `pip install bertviz` beside attnatlas, or the comparison is left out.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.material import write_arrays

RECORDS, TOKENS = 50, 25
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
LOOP = """
import sys, time
from pathlib import Path

import torch
from bertviz import head_view
from safetensors.torch import load_file

torch.set_num_threads(1)
source, target = map(Path, sys.argv[1:])
target.mkdir()
given = [load_file(file)["attention.self"].float() for file in sorted(source.iterdir())]
tokens = [f"token{place}" for place in range(given[0].shape[-1])]
start = time.process_time()
for number, weights in enumerate(given):
    page = head_view([layer[None] for layer in weights], tokens, html_action="return")
    (target / f"{number:03}.html").write_text(page.data)
print(time.process_time() - start)
"""
"""Only the views and their writing are timed: no import, and no reading of attention."""


@dataclass(frozen=True, slots=True)
class Built:
    """CPU seconds of whole commands, from the start of Python, for one corpus.

    `first` starts with an empty store, `again` knows Vega and the charts but nothing of the corpus,
    `render` changes only the title.
    """

    site: Path
    first: float
    again: float
    render: float


def attnatlas(*words: str) -> float:
    """Run the command, its modules compiled as an installation has them; return its CPU seconds."""
    known = {name: value for name, value in os.environ.items() if name != UNCOMPILED}
    line = [sys.executable, "-m", "attnatlas", *words]
    subprocess.run([*line[:3], "--version"], check=True, capture_output=True, env=known)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(line, check=True, capture_output=True, env=known)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def build_corpus(work: Path) -> Built:
    """Build the corpus three times; return what each time cost."""
    arrays, site, store = work / "arrays", work / "site", work / "store"
    write_arrays(arrays, RECORDS, TOKENS)
    words = ("build", "--arrays", str(arrays), "-o", str(site), "--store", str(store))
    first = attnatlas(*words)
    forget(store)
    again = attnatlas(*words, "--force")
    renders = [attnatlas(*words, "--title", f"Title {number}") for number in range(3)]
    return Built(site, first, again, sorted(renders)[1])


def forget(store: Path) -> None:
    """Take everything out of a store but what is the same for every corpus."""
    for path in sorted(store.rglob("*"), reverse=True):
        if path.is_file() and "assets" not in path.relative_to(store).parts:
            path.unlink()


def bertviz(arrays: Path, work: Path) -> tuple[float, float] | None:
    """Return the CPU seconds and megabytes of BertViz's head views, None where it is missing."""
    target = work / "bertviz"
    command = [sys.executable, "-c", LOOP, str(arrays), str(target)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return None
    return float(done.stdout), sum(page.stat().st_size for page in target.iterdir()) / 1e6
