"""What a record page costs in Chromium, beside BertViz's model view and Inspectus in one run.

The two are no dependencies. `PEERS_PYTHON` names an interpreter that has `bertviz`, `inspectus` and
`safetensors`; `PEERS_SCRIPTS` a folder somewhere in which `d3.min.js`, `jquery.min.js` and
`require.js` lie, which BertViz's pages would load from elsewhere. What is missing is left out.

Run alone: `python -m benchmarks.record_pages`.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import CDPSession, Page, TimeoutError

from benchmarks.chromium import blank_page, browser_page, ready
from benchmarks.material import write_arrays
from benchmarks.peers import attnatlas

LENGTHS = (21, 128, 512)
LAYERS, HEADS = 12, 12
RUNS, SWITCHES = 5, 24
ALL_IN_VIEW = (1360, 6000)
"""A window in which every figure of a page is in view, and follows each switch."""
PEER_LENGTHS = (21, 128)
"""Beyond, the page of BertViz would weigh more than 700 MB."""

PEER_PAGES = """
import sys
from pathlib import Path
import IPython.display
from safetensors.torch import load_file

name, source, target = sys.argv[1:]
[weights] = [found["attention.self"].float() for found in map(load_file, Path(source).iterdir())]
tokens = [f"token{place}" for place in range(weights.shape[-1])]
parts = []
if name == "bertviz":
    from bertviz import model_view
    layers = [layer[None] for layer in weights]
    parts.append(model_view(layers, tokens, html_action="return").data)
else:
    IPython.display.display = lambda shown: parts.append(shown.data)
    import inspectus
    inspectus.attention(weights.numpy(), tokens)
Path(target).write_text("<!doctype html><meta charset=utf-8><body>" + "".join(parts))
"""
"""Writes what each of them shows in a notebook as a page."""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds until a page is ready and until nothing is left to do, both above a blank page;
    CPU milliseconds of the main thread for a switch; elements, and megabytes of the heap."""

    ready: float
    settled: float
    head: float | None
    layer: float | None
    nodes: int
    heap: float


def cost_of(address: str, blank: str, is_ready: Callable[[Page], None], switch: bool) -> Cost:
    """Return what a page costs: medians of some runs, each in a browser of its own."""
    loads = [load(address, blank, is_ready) for _ in range(RUNS)]
    early, late, nodes, heap = (median(values) for values in zip(*loads, strict=True))
    head, layer = (switches(address, each) if switch else None for each in ("head", "layer"))
    return Cost(early, late, head, layer, int(nodes), heap)


def load(
    address: str, blank: str, is_ready: Callable[[Page], None]
) -> tuple[float, float, int, float]:
    """Return CPU seconds above those of a blank page until ready and settled, nodes and heap."""
    with browser_page() as (page, cpu):
        spent = []
        for url, done in ((blank, is_ours), (blank, is_ours), (address, is_ready)):
            time.sleep(0.7)
            start = cpu()
            page.goto(url, timeout=60_000)
            done(page)
            early = cpu() - start
            time.sleep(1.5)
            spent.append((early, cpu() - start))
        devtools = page.context.new_cdp_session(page)
        devtools.send("HeapProfiler.collectGarbage")
        heap = devtools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
        nodes = page.evaluate("document.getElementsByTagName('*').length")
        (blank_early, blank_late), (early, late) = spent[1:]
        return early - blank_early, late - blank_late, nodes, heap


def switches(address: str, what: str) -> float:
    """Return CPU milliseconds of the main thread for one switch, all views in view."""
    with browser_page(ALL_IN_VIEW) as (page, _):
        ready(page, address)
        time.sleep(1)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
        count = {"head": HEADS, "layer": LAYERS}[what]
        found = []
        for turn in range(count + SWITCHES):  # each layer is loaded once before anything counts
            layer, head = (0, turn % count) if what == "head" else (turn % count, 0)
            before = busy(devtools)
            page.evaluate("hash => { location.hash = hash; }", f"#layer={layer}&head={head}")
            time.sleep(0.35)
            found.append(busy(devtools) - before)
        return 1000 * median(found[count:])


def busy(devtools: CDPSession) -> float:
    """Return the CPU seconds of the main thread."""
    values = devtools.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in values if one["name"] == "TaskDuration"))


def is_ours(page: Page) -> None:
    """Wait until a page says that it is ready; the blank one does so, too."""
    page.wait_for_selector("body[data-ready]", timeout=60_000)


def is_drawn(page: Page) -> None:
    """Wait until a page that does not say so has drawn something."""
    page.wait_for_selector("svg, canvas", state="attached", timeout=60_000)


def peer_page(name: str, arrays: Path, target: Path) -> str | None:
    """Write the page of a peer; return its address, None where it is not installed."""
    python = os.environ.get("PEERS_PYTHON")
    if not python:
        return None
    command = [python, "-c", PEER_PAGES, name, str(arrays), str(target)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return None
    text = target.read_text("utf-8")
    for file in ("d3.min.js", "jquery.min.js", "require.js"):
        found = sorted(Path(os.environ.get("PEERS_SCRIPTS", ".")).rglob(file))
        name = file.partition(".")[0]
        elsewhere = rf"https://[\w./-]*/{name}(\.min)?(?=[.'])"
        if found:
            text = re.sub(elsewhere, found[0].as_uri().removesuffix(".js"), text)
        elif re.search(elsewhere, text):
            return None
    target.write_text(text, "utf-8")
    return target.as_uri()


def page_rows(work: Path) -> list[tuple[str, ...]]:
    """Return a row for each page: ours at every length, and those of the peers."""
    work.mkdir(exist_ok=True)
    blank = blank_page(work)
    rows = []
    for length in LENGTHS:
        arrays, site = work / f"arrays-{length}", work / f"site-{length}"
        write_arrays(arrays, 1, length, LAYERS, HEADS)
        attnatlas("build", "--arrays", str(arrays), "-o", str(site), "--numbers", "none")
        address = next((site / "records").rglob("*.html")).as_uri()
        rows.append(row(f"attnatlas, {length}", cost_of(address, blank, is_ours, switch=True)))
        for name in ("bertviz", "inspectus") if length in PEER_LENGTHS else ():
            address = peer_page(name, arrays, work / f"{name}-{length}.html") or ""
            if address:
                rows.append(peer_row(f"{name}, {length}", address, blank))
    return rows


def peer_row(name: str, address: str, blank: str) -> tuple[str, ...]:
    """Return the row of a peer, whose page may take longer than anybody waits."""
    try:
        return row(name, cost_of(address, blank, is_drawn, switch=False))
    except TimeoutError:
        return (name, "nothing drawn in 60 s", *[""] * 5)


def row(name: str, cost: Cost) -> tuple[str, ...]:
    """Return a row of the table."""
    times = ["" if value is None else f"{value:.0f}" for value in (cost.head, cost.layer)]
    seconds = f"{cost.ready:.2f}", f"{cost.settled:.2f}"
    return (name, *seconds, *times, f"{cost.nodes:,}", f"{cost.heap:.1f}")


HEADER = (
    "page, tokens", "CPU s to ready", "and to rest", "head switch, ms", "layer switch, ms",
    "nodes", "heap, MB",
)  # fmt: skip
LIMITS = ("at most", "0.30", "", "40", "60", "1,000", "12")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        for line in (HEADER, LIMITS, *page_rows(Path(name))):
            print("| " + " | ".join(line) + " |", flush=True)


if __name__ == "__main__":
    main()
