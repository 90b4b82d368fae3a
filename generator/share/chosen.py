"""Which files of a site go into an export: all of them, some texts, or one report."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import AtlasError, InputError
from ..pages.plan import ABOUT, HOME, NOT_FOUND
from ..site.manifest import MANIFEST, SCRIPT
from ..site.ownership import MARKER
from .built_site import BuiltSite

NUMBERS = ".safetensors"
USED = re.compile(r"assets/\w+\.(?:js|css|svg)\b")
"""What a page names of the scripts, styles and pictures that pages share."""
LATER = ("assets/saving.js",)
"""Scripts that no page names, since another script asks for them."""

CHARTS = ("assets/vega.js", "assets/charts.js")
"""Scripts that are needed where charts are drawn alone."""
ISLAND = re.compile(rb'id="atlas-data">(.*?)</script>', re.DOTALL)
"""What the scripts of a page are given."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Addresses of files, and which page comes first. `left_out` counts texts that are not in."""

    urls: tuple[str, ...]
    home: str = HOME
    left_out: int = 0


def contents_of(site: BuiltSite) -> dict[str, bytes]:
    """Return every file that a build wrote, by address; what else lies there stays there.

    Raises InputError for one HTML file, which never holds them all, and AtlasError where one is
    missing or is no longer what was written.
    """
    if site.left_out:
        raise InputError(
            f"{site.where} was made without some files of its site; "
            "name the folder, a zip or a bag that holds them all."
        )
    found = {url: site.read(url) for url in sorted(site.manifest)}
    for url, content in found.items():
        if hashlib.sha256(content).hexdigest() != site.manifest[url]:
            raise AtlasError(
                f"{url} in {site.where} is not what was built, so nothing is made of it; "
                f"build it again (attnatlas check {site.where} says more)."
            )
    beside = [url for url in (MANIFEST, SCRIPT, MARKER) if url in site.files]
    return found | {url: site.read(url) for url in beside}


def choose(contents: Mapping[str, bytes], only: Sequence[str] = (), numbers: bool = True) -> Chosen:
    """Return the files of a site, without the pages and numbers of all texts but those in `only`.

    Raises InputError for the id of a text that is not in the site.
    """
    captures = atlas_of(contents)["captures"] if only else []
    known = {str(capture["record"]) for capture in captures}
    for name in only:
        _require(name, known, "text")
    out = [_stem(capture) for capture in captures if str(capture["record"]) not in only]
    kept = [url for url in sorted(contents) if not _is_of(url, out) and url != NOT_FOUND]
    if not numbers:
        kept = [url for url in kept if not url.endswith(NUMBERS)]
    return Chosen(tuple(kept), left_out=len(known - set(only)) if only else 0)


def one_report(contents: Mapping[str, bytes], name: str) -> Chosen:
    """Return the files of one report with its numbers, and the page that explains its terms."""
    known = {str(entry["name"]): str(entry["page"]) for entry in atlas_of(contents)["reports"]}
    _require(name, known, "report")
    page = known[name]
    numbers = [url for url in contents if url.startswith(f"data/reports/{name}.")]
    used = _used(contents, (page, ABOUT))
    used |= _used(contents, used)  # what scripts load later
    if not any(_draws(contents[url]) for url in (page, ABOUT)):
        used -= {*CHARTS}
    later = {url for url in (*LATER, MANIFEST, SCRIPT) if url in contents}
    return Chosen(tuple(sorted({page, ABOUT, *numbers, *used, *later})), home=page)


def _used(contents: Mapping[str, bytes], urls: Iterable[str]) -> set[str]:
    """Return which of the files that pages share are named in these files."""
    named = {found for url in urls for found in USED.findall(contents[url].decode())}
    return named & contents.keys()


def _draws(page: bytes) -> bool:
    """Return whether charts are drawn on a page: of results that have no template of their own."""
    island = ISLAND.search(page)
    return bool(island and json.loads(island[1]).get("shapes"))


def atlas_of(contents: Mapping[str, bytes]) -> dict[str, Any]:
    """Return atlas.json."""
    found: dict[str, Any] = json.loads(contents["atlas.json"])
    return found


def _require(name: str, known: Collection[str], what: str) -> None:
    if name in known:
        return
    near = difflib.get_close_matches(name, known, n=3) or sorted(known)[:3]
    there = f"there is {', '.join(map(repr, near))}" if near else "there is none"
    raise InputError(f"No {what} is called {name!r} in this site; {there}.")


def _stem(capture: Mapping[str, Any]) -> str:
    """Return `model/text`, of which all addresses of a text are made."""
    return str(capture["page"]).removeprefix("records/").removesuffix(".html")


def _is_of(url: str, stems: Iterable[str]) -> bool:
    rest = url.partition("/")[2]
    return any(rest.startswith((f"{stem}.", f"{stem}/")) for stem in stems)
