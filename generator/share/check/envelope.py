"""The HTML around a site in one file: its last line, its policy, the script that opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..archives import DamagedError
from ..built_site import BuiltSite
from ..one_file import OneFile
from ..single_file import hash_of, is_script, opener
from .page import read_page
from .pages import inline, policy
from .problem import Note, Problem

SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL)
HASH = re.compile(r"'sha256-[^']+'")


def envelope(site: BuiltSite) -> Iterator[Problem | Note]:
    """Yield what is wrong with one file apart from the files that it holds."""
    if not isinstance(site.inside, OneFile):
        return
    file, name = site.inside, site.where.name
    if not file.sealed:
        yield Problem(name, "was changed: its last line has the hash of other bytes", "file")
    page = read_page(file.page)
    yield from (Problem(name, what, "page") for what in (*policy(page), *inline(page)))
    for tag, address in page.loads:
        yield Problem(name, f"loads something: {tag} {address[:100]}", "page")
    own = SCRIPT.findall(file.page)
    allowed = set(HASH.findall(" ".join(page.policies)))
    if allowed != {hash_of(text) for text in (*own, *_scripts(site))}:
        yield Problem(name, "has a policy for other scripts than those it holds", "page")
    if own != [opener()]:
        yield Note("The script that opens the file is not that of this version of attnatlas.")
    if left := len(site.left_out):
        yield Note(f"{left:,} of {len(site.manifest):,} files of the site are not in this one.")


def _scripts(site: BuiltSite) -> Iterator[str]:
    """Yield the scripts of pages, as far as they can be read; what cannot is told elsewhere."""
    for url in filter(is_script, site.files):
        try:
            yield site.text(url)
        except DamagedError:
            continue
