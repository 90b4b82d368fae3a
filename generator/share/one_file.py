"""The files of a site in one HTML file, read without a browser; `single_file.py` writes them."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from ..pages.packing import GZIP, bytes_of, pack_script
from .archives import MOST_BYTES, MOST_RATIO, DamagedError, reading, stays_inside

ISLAND = re.compile(
    r'<script type="application/gzip" id="block-(\w+)" data-length="(\d+)">([^<]*)</script>'
)
SEAL = "<!-- sha256 {} -->\n"
"""The last line: the hash of all bytes before it."""
SEALED = re.compile(r"<!-- sha256 ([0-9a-f]{64}) -->\n\Z")
MOST_INDEX = 64_000_000
"""What the list of files may have, unpacked."""
ENDINGS = (".html", ".htm")

Places = dict[str, tuple[int, int, int]]
"""Block, first byte and bytes of each file, or of one matrix of a script."""


class OneFile:
    """Files by name, as `Files` has them. `page` is the HTML around them."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        with reading(path.name):
            raw = path.read_bytes()
        try:
            text = raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise DamagedError(path.name, "it is no atlas in one file, or not whole") from error
        self.sealed = _is_sealed(raw, text)
        self.page = ISLAND.sub("", text)
        self._packed = {
            name: bytes_of(held, int(length)) for name, length, held in ISLAND.findall(text)
        }
        places = self._places()
        self._files = {name: place for name, place in places.items() if " " not in name}
        self._matrices: dict[str, dict[str, str]] = {}  # script -> key -> block
        for name, (block, *_) in places.items():
            url, mark, key = name.partition(" ")
            if mark:
                self._matrices.setdefault(url, {})[key] = str(block)
        sizes = {name: size for name, (_, _, size) in self._files.items()}
        self.sizes: Mapping[str, int] = sizes | {u: len(self._script(u)) for u in self._matrices}
        self.odd: Mapping[str, str] = {}
        self._block = lru_cache(maxsize=2)(self._inflated)

    def open(self, name: str) -> BinaryIO:
        """Return a stream of the bytes of one file."""
        if name in self._matrices:
            return io.BytesIO(self._script(name))
        block, start, length = self._files[name]
        with reading(name):
            return io.BytesIO(self._block(block)[start : start + length])

    def _script(self, url: str) -> bytes:
        """Return a script of matrices as the folder has it: each is packed here as it is there."""
        return pack_script({k: self._packed[block] for k, block in self._matrices[url].items()})

    def _inflated(self, number: int) -> bytes:
        packed = self._packed[str(number)]
        wanted = max(start + size for at, start, size in self._files.values() if at == number)
        block = zlib.decompressobj(GZIP)
        content = block.decompress(packed, wanted + 1)
        if len(content) != wanted or not block.eof:
            raise zlib.error("its block is not as long as the list of files says")
        return content

    def _places(self) -> Places:
        """Return where each file is; raises DamagedError where the list is not as it is written."""
        try:
            index = zlib.decompressobj(GZIP)
            content = index.decompress(self._packed["index"], MOST_INDEX)
            if not index.eof:
                raise ValueError("its list of files has no end")
            found: Places = {
                name: (int(block), int(start), int(size))
                for name, (block, start, size) in json.loads(content)["places"].items()
            }
        except (KeyError, ValueError, TypeError, AttributeError, RecursionError, zlib.error) as e:
            raise DamagedError(
                self._name, "it is no atlas in one file, or was written by an older attnatlas"
            ) from e
        self._require_possible(found)
        return found

    def _require_possible(self, places: Places) -> None:
        """Raise DamagedError for names that lead out, and for more than packed bytes can hold."""
        sizes: dict[str, int] = {}
        for name, (block, start, size) in places.items():
            if not stays_inside(name) or min(start, size) < 0 or str(block) not in self._packed:
                raise DamagedError(self._name, f"its list of files has an odd entry: {name[:80]!r}")
            sizes[str(block)] = max(sizes.get(str(block), 0), start + size)
        grown = any(size > MOST_RATIO * len(self._packed[block]) for block, size in sizes.items())
        if grown or sum(sizes.values()) > MOST_BYTES:
            raise DamagedError(self._name, "it would unpack to far more than it holds")


def seal(content: bytes) -> str:
    """Return the last line of a file, which says what hash all before it has."""
    return SEAL.format(hashlib.sha256(content).hexdigest())


def _is_sealed(raw: bytes, text: str) -> bool:
    found = SEALED.search(text)
    if found is None:
        return False
    before = raw[: len(raw) - 2 * len(found[0])]
    return hashlib.sha256(before).hexdigest() == found[1]
