"""What the data files give when everything that follows from them is computed once more.

No model is loaded: what needed one travels in the headers of the data files.
"""

from __future__ import annotations

import csv
import math
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...config import Settings
from ...errors import AtlasError
from ...report import Progress
from ..archives import DamagedError
from ..built_site import FINDINGS, BuiltSite
from ..numbers import data_folder
from .problem import Note, Problem

if TYPE_CHECKING:
    from ...engine import Kept

ROUNDED = 2e-3
"""How far a number may be from what a model gives that ran once more, elsewhere perhaps."""
EXACT = 1e-6
"""How far from what the data files give: it was computed from the weights that they hold."""
MOST_SAID = 3
NUMBER = re.compile(r"[−-]?\d+(?:,\d{3})*(?:\.\d+)?")


def recomputed(site: BuiltSite, progress: Progress) -> Iterator[Problem | Note]:
    """Yield findings and tables that are not what the data files give."""
    from ...engine.keys import our_code

    settings = site.atlas.get("settings") or {}
    if settings.get("numbers") == "none":
        yield Note("Findings were not recomputed: the site was built with --numbers none.")
        return
    try:
        with data_folder(site) as folder, tempfile.TemporaryDirectory() as store:
            findings, tables = _compute(site, folder, Path(store), progress)
    except AtlasError as error:
        yield Problem("data", f"cannot be computed from: {error.message}", "numbers")
        return
    found = [*_findings(site, findings)]
    for url, text in tables.items():
        found += _table(site, url, text)
    if not found or (site.atlas.get("provenance") or {}).get("code") in (None, our_code()):
        yield from found
    else:
        yield Note(
            f"{len(found)} sentences and tables are not what this version computes; the site was "
            f"built by another one, so that is no verdict. The first: {found[0]}"
        )


def _compute(
    site: BuiltSite, folder: Path, store: Path, progress: Progress
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return findings by id and tables of heads by address, from the data files alone."""
    from ...engine import compute
    from ...sources import ArraysSource

    also = tuple(map(str, (site.atlas.get("settings") or {}).get("also") or ()))
    settings = Settings(arrays=folder, store=store, also=also)
    return rows_of(compute(ArraysSource(folder), settings, progress))


def rows_of(kept: Kept) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Return findings by id and tables of heads by address, as far as no page is needed."""
    from ...pages.plan import lay_out
    from ...site.tables import heads_csv, heads_intervals_csv
    from ...site.write import one_by_one

    findings: dict[str, dict[str, Any]] = {}
    tables = {}
    for page in lay_out(kept, None).models:
        results = kept.model(page.model).results
        windows = any(one.record.window for one in kept.readings(page.model))
        for name, found in results.items():
            result = one_by_one(found) if windows else found
            for one in result.findings:
                findings[f"{page.slug}-{one.id}"] = _row(one, name)
        if "profile" in results:
            tables[f"data/{page.slug}/heads.csv"] = heads_csv(results["profile"])
            intervals = heads_intervals_csv(results["profile"])
            tables[f"data/{page.slug}/heads_intervals.csv"] = intervals
    for name, result in kept.everything().results.items():
        findings |= {one.id: _row(one, name) for one in result.findings}
    return findings, tables


def _row(finding: Any, analysis: str) -> dict[str, Any]:
    names = ("value", "n", "interval", "null", "level", "among")
    known = {name: getattr(finding, name) for name in names}
    return known | {"statement": finding.sentence, "analysis": analysis}


def _findings(site: BuiltSite, computed: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Yield each finding that is not what was computed, or is not there at all."""
    published = {str(one.get("id")): one for one in site.findings if one.get("level") is not None}
    for name in computed.keys() - published.keys():
        yield Problem(FINDINGS, f"lacks what the data give: {name}", "numbers")
    for name, one in published.items():
        if name not in computed:
            yield Problem(FINDINGS, f"{name} is not among what the data give", "numbers")
        elif what := otherwise(one, computed[name]):
            yield Problem(FINDINGS, f"{name} {what}", "numbers")


def otherwise(said: Mapping[str, Any], gives: Mapping[str, Any], allowed: float = EXACT) -> str:
    """Return what a finding says otherwise than the data; empty where nothing is."""
    step = allowed
    if gives["among"] and allowed > EXACT:  # a head may lie on either side of a threshold
        step = 1.01 if (gives["value"] or 0) > 1 else 1.01 / gives["among"]
    for name in ("value", "interval", "null"):
        if not _near(said.get(name), gives[name], step):
            return f"has {name} {_short(said.get(name))}; the data give {_short(gives[name])}"
    if said.get("n") != gives["n"]:
        return f"has n = {said.get('n')}; the data give {gives['n']}"
    same = _near(said.get("value"), gives["value"], allowed)
    if same and not _alike(str(said["statement"]), gives["statement"], allowed):
        return f"says: {str(said['statement'])[:160]} The data give: {gives['statement'][:160]}"
    if allowed <= EXACT and said.get("level") != gives["level"]:
        return f"is said to be: {said.get('level')}; the data give: {gives['level']}"
    return ""


def _short(value: Any) -> str:
    parts = value if isinstance(value, list | tuple) else [value]
    return " to ".join("none" if part is None else f"{part:.4g}" for part in parts)


def _near(one: Any, other: Any, allowed: float) -> bool:
    """Return whether two numbers, or pairs of them, are the same as far as rounding goes."""
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_near, one, other, [allowed] * len(one)))
    if one is None or other is None or isinstance(one, list | tuple):
        return one is other
    try:
        return math.isclose(float(one), float(other), rel_tol=allowed, abs_tol=allowed)
    except (TypeError, ValueError):
        return False


def _alike(one: str, other: str, allowed: float) -> bool:
    """Return whether two sentences say the same: equal words, and numbers as near as rounding."""
    if one == other:
        return True
    if allowed <= EXACT or NUMBER.split(one) != NUMBER.split(other):
        return False
    pairs = zip(NUMBER.findall(one), NUMBER.findall(other), strict=True)
    return all(_last_digit(a, b) for a, b in pairs)


def _last_digit(one: str, other: str) -> bool:
    """Return whether two printed numbers differ by at most one in the last place."""
    places = min(len(number.partition(".")[2]) for number in (one, other))
    values = [float(number.replace(",", "").replace("−", "-")) for number in (one, other)]
    return abs(values[0] - values[1]) <= 1.01 * 10**-places if places else one == other


def _table(site: BuiltSite, url: str, text: str) -> Iterator[Problem]:
    """Yield the first cells of a table that are not what was computed."""
    try:
        said, gives = (list(csv.reader(part.splitlines())) for part in (site.text(url), text))
    except (DamagedError, csv.Error) as error:
        yield Problem(url, f"cannot be compared with the data: {error}", "numbers")
        return
    if len(said) != len(gives) or said[:1] != gives[:1]:
        yield Problem(url, "has other rows or columns than the data give", "numbers")
        return
    wrong = 0
    for row, other in zip(said[1:], gives[1:], strict=True):
        for name, one, two in zip(gives[0], row, other, strict=False):
            if one != two and not _cells(one, two):
                where = f"{row[0]} L{row[1]}H{row[2]}"
                yield Problem(url, f"says {name} {one} for {where}; the data give {two}", "numbers")
                wrong += 1
            if wrong >= MOST_SAID:
                return


def _cells(one: str, two: str) -> bool:
    try:
        return _near(float(one), float(two), EXACT)
    except ValueError:
        return False
