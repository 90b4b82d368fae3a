"""A BagIt bag against its own lists of hashes, without unpacking it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from ..archives import DamagedError, Files, reading
from ..built_site import BAG, CHUNK, BuiltSite, bag_of
from .problem import Problem

LIST = re.compile(r"(tag)?manifest-(md5|sha1|sha256|sha512)\.txt")
LINE = re.compile(r"([0-9a-fA-F]+)[ \t]+\*?(\S.*)")
DECLARED = re.compile(rb"BagIt-Version: \d+\.\d+\r?\nTag-File-Character-Encoding: UTF-8\r?\n?")


def bag(site: BuiltSite) -> Iterator[Problem]:
    """Yield every file of the bag around a site that is not what the bag's lists say."""
    above = bag_of(site.inside, site.above)
    if above is None:
        return
    files = site.inside
    own = [name for name in files.sizes if name.startswith(above)]
    lists = [name for name in own if LIST.fullmatch(name.removeprefix(above))]
    if not any("tag" not in name.removeprefix(above) for name in lists):
        yield Problem(above + BAG, "a bag without a list of what it holds", "file")
    if not DECLARED.fullmatch(_content(files, above + BAG)):
        yield Problem(above + BAG, "is not as BagIt 1.0 wants it", "file")
    listed: set[str] = set()
    for name in lists:
        yield from _listed(files, above, name, listed)
    for name in own:
        if name.startswith(f"{above}data/") and name not in listed:
            yield Problem(name, "lies in the bag, and no list of it names it", "file")


def _listed(files: Files, above: str, name: str, listed: set[str]) -> Iterator[Problem]:
    """Yield what one list says otherwise than what is there; add what it names to `listed`."""
    algorithm = name.removesuffix(".txt").rpartition("-")[2]
    try:
        lines = _content(files, name).decode("utf-8").splitlines()
    except UnicodeDecodeError:
        yield Problem(name, "is no UTF-8", "file")
        return
    for line in lines:
        found = LINE.fullmatch(line)
        if found is None:
            yield Problem(name, f"a line is no hash and name: {line[:80]!r}", "file")
            continue
        target = above + found[2].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
        listed.add(target)
        if target not in files.sizes:
            yield Problem(target, f"is missing, and {name} names it", "file")
        elif _hash(files, target, algorithm) != found[1].lower():
            yield Problem(target, f"is not what {name} says: one of the two was changed", "file")


def _content(files: Files, name: str) -> bytes:
    with reading(name), files.open(name) as stream:
        return stream.read()


def _hash(files: Files, name: str, algorithm: str) -> str:
    """Return the hash of a file; empty where it cannot be read."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    try:
        with reading(name), files.open(name) as stream:
            while piece := stream.read(CHUNK):
                digest.update(piece)
    except DamagedError:
        return ""
    return digest.hexdigest()
