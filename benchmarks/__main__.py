"""Run every benchmark, print the figures and keep them in benchmarks/RESULTS.md.

`python -m benchmarks Flow Capture` runs these parts alone, and only prints them.
"""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.analyses import one_thread
from benchmarks.capture import capture_ratios, forecasts, peaks
from benchmarks.chromium import blank_page, load_cost, switch_cost
from benchmarks.flow import LAYERS, TOKENS, flow_ratios
from benchmarks.home_page import HEADER as HOME_HEADER
from benchmarks.home_page import LIMITS as HOME_LIMITS
from benchmarks.home_page import home_rows
from benchmarks.material import write_arrays
from benchmarks.peers import attnatlas, bertviz, build_corpus
from benchmarks.rebuild import rebuild_rows
from benchmarks.record_pages import HEADER, LIMITS, page_rows
from benchmarks.sizes import groups, report
from benchmarks.verdicts import report as verdicts

RESULTS = Path(__file__).with_name("RESULTS.md")
LENGTHS = (32, 128, 512)
TEXTS = 30
"""Texts of each corpus that verdicts are counted on."""

Row = tuple[str, ...]


def table(header: Row, rows: list[Row]) -> str:
    """Return a Markdown table, all but the first column aligned to the right."""
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, rule, *rows))


def size(folder: Path, *groups: str) -> float:
    """Return the megabytes in some parts of a site; the whole site when none is named."""
    roots = [folder / group for group in groups] or [folder]
    files = [file for root in roots for file in ([root] if root.is_file() else root.rglob("*"))]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def capture_part() -> str:
    """Capture against a bare forward."""
    rows = [
        (f"{length}", f"{bare:.3f}", f"{ours:.3f}", f"{ratio:.2f}", "1.15")
        for length, bare, ours, ratio in capture_ratios()
    ]
    header = ("tokens", "bare eager forward, CPU s", "capture, CPU s", "ratio", "budget")
    layers, bare, ours = peaks()
    memory = (f"{bare:.0f}", f"{ours:.0f}", f"{ours / bare:.2f}", "0.60")
    peak = "peak beyond the model, 512 tokens"
    head = (peak, "bare forward, MB", "capture, MB", "ratio", "budget")
    note = f"All layers alone are {layers:.0f} MB in float32."
    return f"{table(header, rows)}\n\n{table(head, [('', *memory)])}\n\n{note}"


def forecast_part() -> str:
    """What `inspect` forecasts of a long text, against the build."""
    rows = [
        (name, f"{found:.0f}", f"{said:.0f}", f"{said / found:.2f}", "0.67 to 1.5")
        for name, found, said in forecasts()
    ]
    header = ("one text of 512 tokens, base size", "build, MB", "forecast, MB", "ratio", "budget")
    return table(header, rows)


def analysis_part() -> str:
    """The analyses that ask the model again, in forward passes."""
    header, *rows = one_thread()
    return f"{table(header, rows)}\n\nCPU time, in that of one forward pass over the same text."


def flow_part() -> str:
    """Flow against Edmonds-Karp on the same graph."""
    rows = [
        (name, f"{theirs:.2f}", f"{ours * 1000:.1f}", f"{theirs / ours:,.0f}", f"{apart:.0e}")
        for name, theirs, ours, apart in flow_ratios()
    ]
    what = f"{TOKENS} tokens, {LAYERS} layers, one row"
    header = (what, "Edmonds-Karp (networkx), CPU s", "flow, CPU ms", "ratio", "largest difference")
    return table(header, rows)


def record_page_part(work: Path) -> str:
    """What a record page costs, beside BertViz's model view and Inspectus where they are there."""
    return table(HEADER, [LIMITS, *page_rows(work / "record-pages")])


def home_part(work: Path) -> str:
    """What home costs with thousands of texts, and a key in its search."""
    return table(HOME_HEADER, [HOME_LIMITS, *home_rows(work / "home-page")])


def page_part(work: Path) -> str:
    """Page load and head switch against a blank page."""
    blank = load_cost(blank_page(work))
    rows: list[Row] = [("blank page", f"{blank:.2f}", "0.00", "", "", "", "")]
    for length in LENGTHS:
        arrays, site = work / f"arrays-{length}", work / f"site-{length}"
        write_arrays(arrays, 1, length)
        attnatlas("build", "--arrays", str(arrays), "-o", str(site), "--numbers", "none")
        address = next((site / "records").rglob("*.html")).as_uri()
        cost = load_cost(address)
        switch, nodes = switch_cost(address)
        cells = (f"{cost:.2f}", f"{cost - blank:.2f}", "0.30", f"{switch * 1000:.0f}", "50")
        rows.append((f"{length} tokens", *cells, f"{nodes:,}"))
    header = ("page", "load, CPU s", "above blank", "budget", "switch, CPU ms", "budget", "nodes")
    return table(header, rows)


def corpus_part(work: Path) -> str:
    """CPU and bytes of a corpus, beside BertViz on the same attention in the same run."""
    built = build_corpus(work)
    peer = bertviz(work / "arrays", work)
    loop = peer[0] if peer else None
    pages = groups(built.site)[-1][2] / 1e6
    return table(
        ("corpus of 50 x 25 tokens, 12 x 12 heads", "figure", "at most"),
        [
            ("BertViz, head views: loop alone, CPU s", limit(loop, 1), ""),
            ("first build on a machine, CPU s", f"{built.first:.2f}", limit(loop, 1)),
            ("first build in a folder, CPU s", f"{built.again:.2f}", limit(loop, 1)),
            ("all but pages known, CPU s", f"{built.render:.2f}", limit(loop, 0.5)),
            ("pages, MB", f"{pages:.2f}", "8.0"),
            ("numbers beside them (float16), MB", f"{size(built.site, 'data'):.1f}", ""),
        ],
    )


def limit(loop: float | None, share: float) -> str:
    """Return what a share of BertViz's loop is; nothing where it is not installed."""
    return "" if loop is None else f"{loop * share:.2f}"


def rebuild_part(work: Path) -> str:
    """The bundled showcase: first build against another title, and against nothing changed."""
    return table(("showcase", "CPU s", "of the first build", "at most"), rebuild_rows(work))


def sizes_part(work: Path) -> str:
    """Files, functions and lines by kind, and what pages weigh."""
    return report(work / "site")


def machine() -> str:
    """Return the machine and the versions in a line."""
    packages = ("torch", "transformers", "altair", "vl-convert-python")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    cores = os.cpu_count()
    where = f"{platform.machine()}, {cores} cores, Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {where}, {versions}"


def parts(work: Path) -> dict[str, Callable[[], str]]:
    """Return every part by its title: what gives its tables."""
    return {
        "Rebuild": lambda: rebuild_part(work),
        "Site": lambda: corpus_part(work),
        "Sizes": lambda: sizes_part(work),
        "Record pages": lambda: record_page_part(work),
        "Home": lambda: home_part(work),
        "Pages in Chromium": lambda: page_part(work),
        "Capture": capture_part,
        "Forecast": forecast_part,
        "Analyses that ask the model again": analysis_part,
        "Flow": flow_part,
        "Verdicts": lambda: verdicts(work / "verdicts", limit=TEXTS),
    }


def main(wanted: Sequence[str]) -> None:
    """Run all parts and write the results; or print the parts whose titles begin so."""
    done = [f"# Benchmarks\n\n{machine()}. Medians; `make bench` runs them again."]
    with tempfile.TemporaryDirectory() as name:
        for title, part in parts(Path(name)).items():
            if wanted and not title.startswith(tuple(wanted)):
                continue
            print(f"{title} ...", file=sys.stderr, flush=True)
            done.append(f"## {title}\n\n{part()}")
            print(done[-1], flush=True)
    if not wanted:
        RESULTS.write_text("\n\n".join(done) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
