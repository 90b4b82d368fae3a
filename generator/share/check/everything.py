"""All checks of one site, in order, and what they found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from ...report import Progress, Silence
from ...site.manifest import MANIFEST
from ..archives import ODD, DamagedError, odd_words
from ..built_site import ATLAS, FINDINGS, BuiltSite
from .bags import bag
from .envelope import envelope
from .formats import formats
from .gates import gates
from .pages import pages, pages_of
from .problem import Note, Problem
from .recomputed import recomputed
from .sentences import sentences
from .signature import signature
from .tensors import tensors
from .whole import whole

BUDGET_MB = 800
"""What a site may weigh: GitHub Pages takes 1 GB."""
MOST_FILE_MB = 100
"""What one file may weigh: git hosts take no more."""
MOST_FILES = 20_000


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a site."""

    site: str
    form: str
    files: int
    bytes: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    fingerprint: str = ""
    """The hash of the manifest, which stands for the whole site."""

    @property
    def good(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        return {"good": self.good, **asdict(self)}


def check(
    site: BuiltSite,
    *,
    recompute: bool = True,
    budget_mb: float = BUDGET_MB,
    progress: Progress | None = None,
) -> Report:
    """Return what is wrong with a site; nothing is written to it.

    With `recompute`, all that follows from the data files is computed once more.
    """
    found = [*_as_far_as_can_be(_all(site, recompute, budget_mb, progress or Silence()))]
    problems = dict.fromkeys(one for one in found if isinstance(one, Problem))
    return Report(
        site=str(site.where),
        form=site.form,
        files=len(site.files),
        bytes=sum(site.files.values()),
        problems=tuple(problems),
        notes=tuple(one.says for one in found if isinstance(one, Note)),
        fingerprint=_fingerprint(site),
    )


def _fingerprint(site: BuiltSite) -> str:
    """Return the hash of the manifest, "" where it cannot be read."""
    try:
        return site.sha256(MANIFEST) if MANIFEST in site.files else ""
    except (*ODD, DamagedError, OSError):
        return ""


def _as_far_as_can_be(found: Iterator[Problem | Note]) -> Iterator[Problem | Note]:
    """Yield what is found until something is met that no build writes, and then that."""
    try:
        yield from found
    except ODD as error:
        yield Problem("the site", f"holds what no build writes ({odd_words(error)})", "format")


def _all(
    site: BuiltSite, recompute: bool, budget_mb: float, progress: Progress
) -> Iterator[Problem | Note]:
    yield from bag(site)
    yield from envelope(site)
    damaged = [*whole(site)]
    yield from damaged
    yield from signature(site)
    read = pages_of(site)
    yield from pages(site, read)
    yield from _size(site, budget_mb)
    if not {ATLAS, FINDINGS} & site.manifest.keys() - site.left_out:
        yield Note("Only files and pages were looked at: it is no atlas, but made of some.")
        return
    yield from formats(site)
    yield from gates(site)
    yield from sentences(site, read)
    yield from tensors(site)
    if any(one.file.startswith(("data/", "atlas.json")) for one in damaged):
        yield Note("Findings were not recomputed: the data files are not those of the build.")
    elif any(url.startswith("data/") for url in site.left_out):
        yield Note("Findings were not recomputed: not all data files are in this one.")
    elif recompute:
        try:
            yield from recomputed(site, progress)
        except DamagedError as error:
            yield Problem(error.name, error.reason, "numbers")


def _size(site: BuiltSite, budget_mb: float) -> Iterator[Problem]:
    ours = {url: site.files[url] for url in site.manifest if url in site.files}
    if (weight := sum(ours.values()) / 1e6) > budget_mb:
        yield Problem("the site", f"weighs {weight:,.1f} MB, more than {budget_mb:g} MB", "size")
    if len(ours) > MOST_FILES:
        yield Problem("the site", f"has {len(ours):,} files, more than {MOST_FILES:,}", "size")
    for url, size in ours.items():
        if size > MOST_FILE_MB * 1e6:
            yield Problem(url, f"weighs {size / 1e6:,.0f} MB, more than git hosts take", "size")
