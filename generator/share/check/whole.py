"""Every file against the manifest: missing, changed, not named by it; and the manifest itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from ...site.manifest import MANIFEST, SCRIPT, manifest_text
from ...site.ownership import MARKER
from ...site.receipt import sealed
from ..archives import DamagedError
from ..built_site import BuiltSite
from .problem import Problem

LINE = re.compile(r"[0-9a-f]{64}  \S.*")
OURS = frozenset(
    {".html", ".js", ".css", ".json", ".csv", ".safetensors", ".xml", ".svg", ".png", ".txt"}
)
"""How files end that builds write; another file in a folder of the site is its owner's."""


def whole(site: BuiltSite) -> Iterator[Problem]:
    """Yield every file of the site that is not what the manifest says."""
    try:
        text = site.text(MANIFEST)
    except DamagedError as error:
        yield Problem(MANIFEST, error.reason, "file")
        return
    yield from _manifest(site, text)
    for url in site.manifest:
        if url not in site.left_out:
            yield from _file(site, url)
    yield from _marker(site)
    yield from _strangers(site)


def _manifest(site: BuiltSite, text: str) -> Iterator[Problem]:
    """Yield what is wrong with the list itself."""
    if bad := [line for line in text.splitlines() if not LINE.fullmatch(line)]:
        yield Problem(MANIFEST, f"a line is no hash and address: {bad[0][:80]!r}", "file")
    elif text != manifest_text(site.manifest):
        yield Problem(MANIFEST, "is not as builds write it: each address once, in order", "file")


def _file(site: BuiltSite, url: str) -> Iterator[Problem]:
    try:
        if site.sha256(url) != site.manifest[url]:
            yield Problem(url, f"is not what {MANIFEST} says: it was changed", "file")
    except DamagedError as error:
        yield Problem(url, f"{error.reason}, and {MANIFEST} names it", "file")


def _marker(site: BuiltSite) -> Iterator[Problem]:
    """Yield what is wrong with the receipt of the build, where it went along."""
    if not site.files.get(MARKER):  # one without a word marks what no receipt is kept of
        return
    try:
        text = site.text(MARKER)
        found = json.loads(text)
        if sealed(found) != text:
            yield Problem(MARKER, "was changed since the build wrote it", "file")
        elif found.get("manifest") != site.sha256(MANIFEST):
            yield Problem(MANIFEST, f"is not the list that {MARKER} names", "file")
    except (ValueError, RecursionError, TypeError, AttributeError):
        yield Problem(MARKER, "is not as a build writes it", "file")
    except DamagedError as error:
        yield Problem(error.name, error.reason, "file")


def _strangers(site: BuiltSite) -> Iterator[Problem]:
    """Yield what lies among our files, looks like one of them, and is not in the list."""
    folders = {str(PurePosixPath(url).parent) for url in site.manifest} - {"."}
    for url in {**site.files, **site.odd}:
        path = PurePosixPath(url)
        if url in site.manifest or url in (MANIFEST, SCRIPT):
            continue
        if site.form != "file" and str(path.parent) not in folders:
            continue
        if site.form == "file" or path.suffix in OURS or url in site.odd:
            what = site.odd.get(url, "a file")
            yield Problem(url, f"{what} among those of the site that {MANIFEST} lacks", "file")
