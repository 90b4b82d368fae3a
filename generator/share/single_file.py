"""A whole site as one HTML file that opens from a mail, with no folder beside it.

Every file of the site lies in it as gzip in UTF-16, two bytes a character, which is how matrices
travel in the pages, too. Pages of a kind share a block, so that what they have in common is there
once. `templates/static/single-file/opener.js` shows them.
"""

from __future__ import annotations

import base64
import codecs
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files

from ..errors import InputError
from ..pages.packing import characters, packs_in
from ..site.manifest import MANIFEST, SCRIPT
from ..site.writer import environment
from .chosen import NUMBERS, Chosen, atlas_of
from .one_file import seal

BLOCK = 400_000
"""Bytes of pages that are packed together; the opening of one page inflates all of its block."""
POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; "
    "connect-src 'none'; base-uri 'none'; form-action 'none'"
)
HOOK = b"atlasInside"
"""How the scripts of pages ask for a matrix that lies in the same file."""
PARTS = {"assets": "scripts and styles", "maps": "matrices", "data": "numbers"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file, or one matrix of a script, under the name by which pages ask for it.

    `packed` is a matrix as its script has it, so that the script can be put together again.
    """

    name: str
    part: str
    group: str
    content: bytes
    packed: bytes = b""


@dataclass(frozen=True, slots=True)
class SingleFile:
    """The bytes of the file, and what they hold: (part, files, bytes in the file)."""

    content: bytes
    parts: tuple[tuple[str, int, int], ...]


def single_file(contents: Mapping[str, bytes], chosen: Chosen) -> SingleFile:
    """Return the chosen files of a site as one HTML file; `contents` is all of it by address."""
    _require_recent(contents)
    packed = [
        (block, block[0].packed or gzip.compress(_joined(block), 9, mtime=0))
        for block in _blocks(contents, chosen)
    ]
    index = {"home": chosen.home, "places": _places(block for block, _ in packed)}
    islands = [_island("index", gzip.compress(_json(index), 9, mtime=0))]
    islands += [_island(number, data) for number, (_, data) in enumerate(packed)]
    opening = opener()
    scripts = [opening, *(contents[url].decode() for url in chosen.urls if is_script(url))]
    page = environment().get_template("single_file.html")
    html = page.render(
        policy=POLICY.format(scripts=" ".join(map(hash_of, scripts))),
        title=atlas_of(contents)["title"],
        version=atlas_of(contents)["provenance"]["versions"].get("attnatlas", ""),
        blocks="\n".join(islands),
        opener=opening,
    )
    content = codecs.BOM_UTF16_LE + f"{html.rstrip()}\n".encode("utf-16-le")
    content += seal(content).encode("utf-16-le")
    return SingleFile(content, _weights(packed, len(content)))


def _require_recent(contents: Mapping[str, bytes]) -> None:
    if HOOK not in contents["assets/record.js"]:
        raise InputError("This site was built by an older attnatlas; build it again to export it.")


def _blocks(contents: Mapping[str, bytes], chosen: Chosen) -> list[list[Entry]]:
    """Return what is packed together: pages and tables of a kind, as far as a block reaches."""
    blocks: list[list[Entry]] = []
    for entry in sorted(_entries(contents, chosen), key=lambda entry: (entry.group, entry.name)):
        last = blocks[-1] if blocks else []
        full = sum(len(other.content) for other in last) + len(entry.content) > BLOCK
        if not last or full or last[0].group != entry.group:
            blocks.append([])
        blocks[-1].append(entry)
    return blocks


def _entries(contents: Mapping[str, bytes], chosen: Chosen) -> Iterator[Entry]:
    for url in chosen.urls:
        top = url.partition("/")[0] if "/" in url else ""
        part = PARTS.get(top, "pages")
        if top == "maps":
            for place, (key, data) in enumerate(packs_in(contents[url]).items()):
                group = f"{url} {place:06}"  # in the order of the script
                yield Entry(f"{url} {key}", part, group, gzip.decompress(data), data)
        elif url.endswith(NUMBERS) or top == "assets" or url in (MANIFEST, SCRIPT):
            yield Entry(url, part, url, contents[url])
        elif url.endswith((".html", ".json", ".csv")):
            group = f"{url.rpartition('/')[0]} {url.rpartition('.')[2]}"
            yield Entry(url, part if top else "pages", group, contents[url])


def _joined(block: Iterable[Entry]) -> bytes:
    return b"".join(entry.content for entry in block)


def _places(blocks: Iterable[list[Entry]]) -> dict[str, list[int]]:
    """Return where each file lies: its block, its first byte in that, its bytes."""
    places = {}
    for number, block in enumerate(blocks):
        start = 0
        for entry in block:
            places[entry.name] = [number, start, len(entry.content)]
            start += len(entry.content)
    return places


def _json(index: Mapping[str, object]) -> bytes:
    return json.dumps(index, separators=(",", ":"), ensure_ascii=False).encode()


def _island(name: object, data: bytes) -> str:
    return (
        f'<script type="application/gzip" id="block-{name}" data-length="{len(data)}">'
        f"{characters(data)}</script>"
    )


def is_script(url: str) -> bool:
    """Return whether a file is a script of pages, which the policy of one file has to name."""
    return url == SCRIPT or (url.startswith("assets/") and url.endswith(".js"))


def opener() -> str:
    """Return the script that opens one file."""
    folder = files("attnatlas.templates").joinpath("static", "single-file")
    return folder.joinpath("opener.js").read_text("utf-8")


def hash_of(script: str) -> str:
    """Return a script as a policy names it."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _weights(
    packed: Iterable[tuple[list[Entry], bytes]], whole: int
) -> tuple[tuple[str, int, int], ...]:
    """Return (part, files, bytes): as packed, and what it costs that a browser can read it."""
    found: dict[str, list[int]] = {}
    for block, data in packed:
        counted = found.setdefault(block[0].part, [0, 0])
        counted[0] += len({entry.name.partition(" ")[0] for entry in block})
        counted[1] += len(data)
    rows = [(part, count, size) for part, (count, size) in sorted(found.items())]
    return (*rows, ("opener", 0, whole - sum(size for *_, size in rows)))
