"""The page of a comparison: what changed, drawn on one axis, and where in the model."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from ...pages.model.metrics import METRICS
from ...pages.units import number
from ...site.assets import ICON, icon
from ...site.scripts import scripts
from ...site.styles import styles
from ...site.swap import replacing
from ...site.writer import Site
from ..target import require_no_atlas
from .compare import GROUPS, SHARES, Diff
from .report import as_json
from .states import STATES, Item

WIDTH, INSET, FAR = 264, 8, 4.0
"""Width of the axis, the room at its ends, and how many widths of intervals it shows."""
FIRST, MAPS = 12, 3
"""Sentences that are shown at once, and maps of heads."""
PLAIN = ("models", "texts", "settings", "software")


@dataclass(frozen=True, slots=True)
class Moved:
    """A finding whose number moved: where its dot is, and whether beyond its intervals."""

    item: Item
    x: float
    beyond: bool
    arrow: str
    before: str
    after: str
    says: str


@dataclass(frozen=True, slots=True)
class HeadMap:
    """How one measure moved in every head: rows [layer][head] of (move, step of the ramp)."""

    title: str
    says: str
    rows: tuple[tuple[tuple[str, int], ...], ...]


def write_diff(diff: Diff, output: Path) -> None:
    """Write the page, its numbers and what it needs into a folder, which it replaces as a whole."""
    require_no_atlas(output)
    findings = [one for one in diff.of("findings", *STATES) if one.numbers and one.delta]
    dots = [moved(one) for one in findings if one.moved is not None]
    dots.sort(key=lambda one: -abs(one.x - WIDTH / 2))
    with replacing(output) as folder:
        site = Site(folder, _shared(diff))
        static = files("attnatlas.templates").joinpath("static")
        site.text("assets/atlas.css", styles(static.joinpath("css")))
        site.text(ICON, icon())
        site.text("assets/base.js", scripts(static.joinpath("js"))["base"])
        site.json("diff.json", as_json(diff))
        site.page(
            "index.html",
            "diff.html",
            diff=diff,
            states=STATES,
            groups=[group for group in GROUPS if any(diff.counts[group].values())],
            dots=dots[:FIRST],
            more_dots=dots[FIRST:],
            plain=[one for one in diff.of("findings", "changed") if one.moved is None],
            gone=diff.of("findings", "added", "removed"),
            answers=diff.of("answers", "changed", "added", "removed"),
            maps=[*head_maps(diff)],
            movers=[(*one.key.rsplit(" ", 3), one) for one in diff.movers()],
            others={group: diff.of(group, "changed", "added", "removed") for group in PLAIN},
            names_of={"heads": "measures of heads", "findings": "sentences"},
            measures={metric.name: metric.title for metric in METRICS},
            decimal=lambda value: number(value, 2),
            several=len({*diff.one.models, *diff.other.models}) > 1,
            width=WIDTH,
            inset=INSET,
            far=int(FAR),
        )
        site.finish()


def moved(item: Item) -> Moved:
    """Return a finding with its place on the axis; what is further out stands at its end."""
    assert item.moved is not None
    assert item.numbers is not None
    at = max(-FAR, min(FAR, item.moved))
    ends = apart(*(one.value for one in item.numbers))
    x = round(WIDTH / 2 + at / FAR * (WIDTH / 2 - INSET), 1)
    far = abs(item.moved) > FAR
    back = -6 if at > 0 else 6
    arrow = f"M{x + back} 7L{x} 13L{x + back} 19z" if far else ""
    width = f"more than {FAR:g}" if far else number(abs(item.moved), 2)
    says = f"from {ends[0]} to {ends[1]}, {width} widths of the intervals"
    return Moved(item, x, abs(item.moved) > 1, arrow, ends[0], ends[1], says)


def apart(before: float, after: float) -> tuple[str, str]:
    """Return two numbers with as many decimals as it takes to tell them apart, two at least."""
    for places in range(2, 6):
        shown = number(before, places), number(after, places)
        if shown[0] != shown[1]:
            break
    return shown


def head_maps(diff: Diff) -> Iterator[HeadMap]:
    """Yield the shares of attention that moved most over all heads, as maps of their moves."""
    moves: dict[tuple[str, ...], dict[tuple[int, int], float]] = {}
    for item in diff.items:
        if item.group == "heads" and item.delta is not None:
            model, kind, head, metric = item.key.rsplit(" ", 3)
            layer, _, column = head[1:].partition("H")
            if metric in SHARES:
                found = moves.setdefault((model, kind, metric), {})
                found[int(layer), int(column)] = item.delta
    sizes = {key: math.hypot(*grid.values()) for key, grid in moves.items()}
    titles = {metric.name: metric.title for metric in METRICS}
    chosen = [key for key in sorted(sizes, key=lambda key: (-sizes[key], key)) if sizes[key]]
    for key in chosen[:MAPS]:
        model, kind, metric = key
        of = f"{model}, {kind}" if len({one[:2] for one in moves}) > 1 else ""
        yield _map(f"{titles.get(metric, metric)}{f', {of}' if of else ''}", moves[key])


def _map(title: str, grid: dict[tuple[int, int], float]) -> HeadMap:
    top = max(map(abs, grid.values()))
    layers = 1 + max(layer for layer, _ in grid)
    heads = 1 + max(head for _, head in grid)
    rows = tuple(
        tuple(_cell(grid.get((layer, head)), top) for head in range(heads))
        for layer in range(layers)
    )
    (layer, head), most = max(grid.items(), key=lambda entry: abs(entry[1]))
    return HeadMap(title, f"L{layer}H{head} moved most, by {number(most, 2)}.", rows)


def _cell(move: float | None, top: float) -> tuple[str, int]:
    """Return a move in print and its step on the ramp: 5 is none, 0 and 10 the largest."""
    if move is None:
        return "", 5
    shown = number(move, 2)
    return shown.replace("−0.00", "0.00"), 5 + round(5 * move / top)


def _shared(diff: Diff) -> dict[str, Any]:
    """Return what the frame of the page names."""
    sites: Sequence[Any] = (diff.one.site, diff.other.site)
    hashes = "".join(site.manifest.get("atlas.json", "") for site in sites)
    names = [str(site.atlas["title"]) for site in sites]
    if names[0] == names[1]:
        names = [f"{site.atlas['title']} ({site.where.name})" for site in sites]
    return {
        "version": version("attnatlas"),
        "section": "diff",
        "title": f"{names[0]} and {names[1]}",
        "names": names,
        "digest": hashlib.sha256(hashes.encode()).hexdigest()[:12],
    }
