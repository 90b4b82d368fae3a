"""CPU seconds that a page costs in Chromium, all its processes counted."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TICK = os.sysconf("SC_CLK_TCK")
BLANK = "<!doctype html><title>blank</title><body data-ready=1><p>blank</p>"


@contextmanager
def browser_page(size: tuple[int, int] = (1360, 900)) -> Iterator[tuple[Page, Callable[[], float]]]:
    """Yield a page of a fresh offline Chromium, and a function that returns its CPU seconds."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as profile, sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            profile,
            executable_path=executable,
            args=FLAGS,
            viewport={"width": size[0], "height": size[1]},
            offline=True,
        )
        try:
            yield context.pages[0], lambda: cpu_seconds(profile)
        finally:
            context.close()


def cpu_seconds(profile: str) -> float:
    """Return user and system seconds of the browser with this profile and of all its children."""
    stats = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                command = (folder / "cmdline").read_bytes()
            except OSError:
                continue
            stats[int(folder.name)] = (int(fields[1]), fields, command)
    family = {pid for pid, (_, _, command) in stats.items() if profile.encode() in command}
    grown = True
    while grown:
        children = {pid for pid, (parent, _, _) in stats.items() if parent in family} - family
        family |= children
        grown = bool(children)
    return sum(int(tick) for pid in family for tick in stats[pid][1][11:15]) / TICK


def ready(page: Page, address: str) -> None:
    """Open a page and wait until its charts are drawn."""
    page.goto(address)
    page.locator("body[data-ready]").wait_for(timeout=60_000)


def load_cost(address: str, runs: int = 5) -> float:
    """Return the median CPU seconds from the start of a browser to a page that is ready."""
    costs = []
    for _ in range(runs):
        with browser_page() as (page, cpu):
            ready(page, address)
            time.sleep(0.3)
            costs.append(cpu())
    return median(costs)


def switch_cost(address: str, switches: int = 40) -> tuple[float, int]:
    """Return CPU seconds of one switch of head with every view drawn, and the number of nodes."""
    with browser_page() as (page, cpu):
        ready(page, address)
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        time.sleep(0.5)
        page.evaluate("window.scrollTo(0, 0)")
        time.sleep(0.5)
        heads = [f"#layer={n % 12}&head={(5 * n + 1) % 12}" for n in range(switches)]
        for fragment in heads[:12]:  # each layer is loaded once before anything is counted
            page.evaluate("hash => { location.hash = hash; }", fragment)
            time.sleep(0.15)
        before, started = cpu(), time.monotonic()
        for fragment in heads:
            page.evaluate("hash => { location.hash = hash; }", fragment)
            time.sleep(0.1)
        spent, lasted = cpu() - before, time.monotonic() - started
        before = cpu()
        time.sleep(lasted)
        idle = cpu() - before
        nodes = page.evaluate("document.getElementsByTagName('*').length")
        return (spent - idle) / switches, int(nodes)


def blank_page(folder: Path) -> str:
    """Write a page with nothing on it; return its address."""
    path = folder / "blank.html"
    path.write_text(BLANK)
    return path.as_uri()
