"""A built site, read where it lies: in a folder, a zip, a BagIt bag of either, or one file.

Nothing is unpacked and nothing is written. A file is read when it is asked for, and no further than
a stated limit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Literal

from ..errors import InputError
from ..site.manifest import MANIFEST, parse_manifest
from ..site.ownership import MARKER
from .archives import DamagedError, Files, files_of, reading
from .one_file import ENDINGS, OneFile

ATLAS, FINDINGS = "atlas.json", "data/findings.json"
BAG = "bagit.txt"
MOST_TEXT = 512_000_000
"""The bytes of a file that is read into memory as a whole, unless a caller says otherwise."""
CHUNK = 1 << 20

Form = Literal["folder", "zip", "bag", "file"]


@dataclass(frozen=True)
class BuiltSite:
    """A built site. Addresses (`url`) are relative to it; `form` says what it was found in.

    `above` is what stands before an address among `inside`: a bag has its site in `data/`, and
    a zip may have it in a folder.
    """

    where: Path
    form: Form
    inside: Files
    above: str = ""

    @cached_property
    def files(self) -> Mapping[str, int]:
        """Return the bytes of every plain file of the site's folder by address, sorted."""
        sizes = self.inside.sizes
        return {name[len(self.above) :]: sizes[name] for name in sorted(sizes) if self._ours(name)}

    @cached_property
    def left_out(self) -> frozenset[str]:
        """Return what the manifest names and one file was made without; none of other forms."""
        return frozenset(self.manifest) - self.files.keys() if self.form == "file" else frozenset()

    def has(self, url: str) -> bool:
        """Return whether a link may lead to a file: it is here, or was left out on purpose."""
        return url in self.files or url in self.left_out

    @cached_property
    def odd(self) -> Mapping[str, str]:
        """Return what stands in the site's folder and is no plain file: {address: what it is}."""
        odd = self.inside.odd
        return {name[len(self.above) :]: what for name, what in odd.items() if self._ours(name)}

    def _ours(self, name: str) -> bool:
        return name.startswith(self.above)

    @contextmanager
    def open(self, url: str) -> Iterator[BinaryIO]:
        """Open one file to be read piece by piece; raises DamagedError where it cannot be read."""
        if url not in self.files:
            raise self.damaged(url, self.odd.get(url, "it is missing"))
        try:
            with reading(url), self.inside.open(self.above + url) as stream:
                yield stream
        except DamagedError as error:
            raise self.damaged(url, error.reason) from error

    def damaged(self, url: str, reason: str) -> DamagedError:
        """Return the error that says of one of its files why it cannot be read."""
        return DamagedError(url, reason, self.where)

    def read(self, url: str, most: int = MOST_TEXT) -> bytes:
        """Return the bytes of a file; raises DamagedError where there are more than `most`."""
        with self.open(url) as stream:
            content = stream.read(min(self.files[url], most) + 1)
        if len(content) > most:
            raise self.damaged(url, f"it has more than {most} bytes")
        return content

    def text(self, url: str) -> str:
        """Return a file as text."""
        try:
            return self.read(url).decode("utf-8")
        except UnicodeDecodeError as error:
            raise self.damaged(url, "it is no UTF-8") from error

    def json(self, url: str) -> Any:
        """Return what a JSON file holds."""
        try:
            return json.loads(self.text(url))
        except (ValueError, RecursionError) as error:
            raise self.damaged(url, f"it is no JSON ({error})") from error

    def sha256(self, url: str) -> str:
        """Return the sha256 of a file."""
        digest = hashlib.sha256()
        with self.open(url) as stream:
            while piece := stream.read(CHUNK):
                digest.update(piece)
        return digest.hexdigest()

    @cached_property
    def manifest(self) -> Mapping[str, str]:
        """Return the sha256 of every address that the manifest names."""
        return parse_manifest(self.text(MANIFEST))

    @cached_property
    def atlas(self) -> dict[str, Any]:
        """Return atlas.json, the table of contents."""
        found = self.json(ATLAS)
        if not isinstance(found, dict):
            raise self.damaged(ATLAS, "it is no JSON object")
        return found

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        """Return data/findings.json: the sentences on the pages, with what stands behind each."""
        found = self.json(FINDINGS)
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            raise self.damaged(FINDINGS, "it is no list of JSON objects")
        return found


def open_site(path: Path) -> BuiltSite:
    """Return the site in a folder, a zip, a bag or one file; raises InputError where none is."""
    if path.suffix.lower() in ENDINGS and path.is_file():
        return BuiltSite(path, "file", OneFile(path))
    files = files_of(path) if _may_hold_one(path) else None
    above = _place(files) if files else None
    if files is None or above is None:
        raise InputError(
            f"{path} holds no site: {MANIFEST} and {ATLAS} are not in it; "
            "name the output of attnatlas build."
        )
    if bag_of(files, above) is not None:
        return BuiltSite(path, "bag", files, above)
    return BuiltSite(path, "folder" if path.is_dir() else "zip", files, above)


def _may_hold_one(path: Path) -> bool:
    """Return whether a folder has at its top what sites or bags have; true of all else."""
    names = (ATLAS, MANIFEST, MARKER, BAG)
    return not path.is_dir() or any((path / name).is_file() for name in names)


def bag_of(files: Files, above: str) -> str | None:
    """Return the folder of the bag that a site lies in, "" or ending in "/"; None without one."""
    parts = above.split("/")[:-1]
    folders = ["".join(f"{part}/" for part in parts[:count]) for count in range(len(parts))]
    return next((folder for folder in folders if folder + BAG in files.sizes), None)


def _place(files: Files) -> str | None:
    """Return where the site is: the folder nearest to the top that has what every site has.

    Two of three names are enough, so that a site that lost one is known, and found wanting.
    """
    ends = (ATLAS, MANIFEST, MARKER)
    places = [name.removesuffix(end) for name in files.sizes for end in ends if _is(name, end)]
    found = {above for above in places if places.count(above) > 1}
    return min(found, key=lambda above: (above.count("/"), above), default=None)


def _is(name: str, end: str) -> bool:
    return name == end or name.endswith(f"/{end}")
