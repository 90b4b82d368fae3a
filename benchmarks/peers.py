"""The corpus of 50 x 25 tokens, 12 x 12 heads, against BertViz on the same attention, in one run.

BertViz is no dependency: `pip install bertviz` beside attnatlas, or the comparison is left out.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.material import write_arrays

RECORDS, TOKENS = 50, 25
UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
CACHE = "XDG_CACHE_HOME"
"""Says where what all sites of a user share is kept."""
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

    `first` is the first on a machine, `again` the first in another folder: it knows Vega and the
    charts, which all sites share, and has an empty store. `render` changes only the title.
    """

    site: Path
    first: float
    again: float
    render: float


def attnatlas(*words: str, cache: Path | None = None) -> float:
    """Run the command, its modules compiled as an installation has them; return its CPU seconds.

    What all sites of a user share is kept in `cache`, where one is given.
    """
    known = {name: value for name, value in os.environ.items() if name != UNCOMPILED}
    known |= {CACHE: str(cache)} if cache else {}
    line = [sys.executable, "-m", "attnatlas", *words]
    subprocess.run([*line[:3], "--version"], check=True, capture_output=True, env=known)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(line, check=True, capture_output=True, env=known)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def build_corpus(work: Path) -> Built:
    """Build the corpus three times; return what each time cost."""
    arrays, site, store, cache = (work / name for name in ("arrays", "site", "store", "cache"))
    write_arrays(arrays, RECORDS, TOKENS)
    words = ("build", "--arrays", str(arrays), "-o", str(site), "--store", str(store))
    first = attnatlas(*words, cache=cache)
    shutil.rmtree(store)
    again = attnatlas(*words, "--force", cache=cache)
    titles = [("--title", f"Title {number}") for number in range(3)]
    renders = [attnatlas(*words, *title, cache=cache) for title in titles]
    return Built(site, first, again, sorted(renders)[1])


def bertviz(arrays: Path, work: Path) -> tuple[float, float] | None:
    """Return the CPU seconds and megabytes of BertViz's head views, None where it is missing."""
    target = work / "bertviz"
    command = [sys.executable, "-c", LOOP, str(arrays), str(target)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return None
    return float(done.stdout), sum(page.stat().st_size for page in target.iterdir()) / 1e6
