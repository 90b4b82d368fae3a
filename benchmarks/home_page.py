"""What home costs in Chromium with 5,000 texts: until it is ready, and for a key in its search.

Run alone: `python -m benchmarks.home_page`.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from attnatlas.capture import AttentionMap, Capture, ModelInfo
from attnatlas.config import Settings
from attnatlas.corpus import corpus_from_records
from attnatlas.pages.plan import RecordPage, plan
from attnatlas.site import render
from attnatlas.site.provenance import collect
from attnatlas.site.writer import Site

from benchmarks.chromium import blank_page, browser_page, ready
from benchmarks.material import attention, tokens_of
from benchmarks.record_pages import RUNS, busy, is_ours, load

TEXTS, TOKENS, KINDS = 5_000, 26, 20
TYPED = ("muddy", "bank", "nurse", "where")
"""What is typed, a word after the other; Esc clears the field between them."""
PAUSE = 0.6
"""Seconds from key to key: all that a key brings with it is counted to it."""
HEADER = (
    f"home, {TEXTS:,} texts", "CPU s to ready", "and to rest", "search key, ms",
    "the same, all processes", "nodes", "heap, MB",
)  # fmt: skip
LIMITS = ("at most", "0.30", "", "40", "", "", "")


def write_home(folder: Path) -> str:
    """Write the home page of so many made-up texts, and none of theirs; return its address."""
    rng = np.random.default_rng(0)
    shown = [tokens_of(rng, TOKENS) for _ in range(KINDS)]
    maps = [AttentionMap("self", tokens, tokens, attention(rng, 2, 2, TOKENS)) for tokens in shown]
    words = ["".join(t.text for t in tokens if not t.special) for tokens in shown]
    rows = [
        {"id": f"text-{n}", "text": f"{words[n % KINDS]} {n}", "label": ("good", "bad")[n % 2]}
        for n in range(TEXTS)
    ]
    corpus = replace(corpus_from_records(rows), name="made", title="Made up", licence="CC0-1.0")
    model = ModelInfo("bench", "encoder", "BertForSequenceClassification", "bert", 2, 2, "arrays")
    laid_out = plan([corpus], [model])
    provenance = collect(laid_out.title, Settings(corpora=("made",)), [corpus], [model])
    site = Site(folder, render.shared(laid_out, provenance, Settings()))
    site.assets(folder.with_name(f"{folder.name}-cache"), print)

    def summary(number: int, page: RecordPage) -> render.RecordSummary:
        sure = float(rng.uniform(0.5, 1))
        said = {"task": "classification", "label": "good", "score": sure}
        said |= {"labels": {"good": sure, "bad": 1 - sure}}
        capture = Capture(model, page.record, (maps[number % KINDS],), said)
        return render.summary(page, capture, {})

    pages = laid_out.records[0]
    found = [summary(number, page) for number, page in enumerate(pages)]
    render.render_home(site, laid_out, found, [], provenance)
    return (folder / "index.html").as_uri()


def key_costs(address: str) -> tuple[float, float]:
    """Return the CPU milliseconds of a key in the search: of the main thread, and of all."""
    with browser_page() as (page, cpu):
        ready(page, address)
        time.sleep(1)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.focus("#search")
        time.sleep(PAUSE)
        found = []
        for key in [key for word in TYPED for key in (*word, "Escape")]:
            before = busy(devtools), cpu()
            page.keyboard.press(key)
            time.sleep(PAUSE)
            found.append((busy(devtools) - before[0], cpu() - before[1]))
        main, every = (1000 * median(values) for values in zip(*found, strict=True))
        return main, every


def home_rows(work: Path) -> list[tuple[str, ...]]:
    """Return the row of the page."""
    work.mkdir(exist_ok=True)
    blank, address = blank_page(work), write_home(work / "home")
    loads = [load(address, blank, is_ours) for _ in range(RUNS)]
    early, late, nodes, heap = (median(values) for values in zip(*loads, strict=True))
    main, every = key_costs(address)
    times = f"{early:.2f}", f"{late:.2f}", f"{main:.0f}", f"{every:.0f}"
    return [("attnatlas", *times, f"{int(nodes):,}", f"{heap:.1f}")]


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        for line in (HEADER, LIMITS, *home_rows(Path(name))):
            print("| " + " | ".join(line) + " |", flush=True)


if __name__ == "__main__":
    main()
