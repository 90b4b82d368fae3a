"""Whether anything that was to be hidden is left in what was written.

Every file is searched as bytes, as text with its character references resolved and its tags taken
out, and piece by piece where it holds lists of tokens; what is packed is unpacked first.
"""

from __future__ import annotations

import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..config import Settings
from ..errors import AtlasError
from ..pages.packing import packs_in
from ..redaction import Redactor

ALONE = 6
"""Characters from which a hidden text is looked for inside of words, too, in either case."""
OWN = "assets/"
"""What is the same in every site of one version: no text of the user's is in it."""
GZIP = 31
"""The size of zlib's window, and that the bytes are wrapped as gzip."""
TAG = re.compile(r"<[^>]*>")
ISLAND = re.compile(r'<script type="application/json"[^>]*>(.*?)</script>', re.DOTALL)
HEADER = 8
"""Bytes before the header of a safetensors file: how long that is."""
NAMED = ("title", "base_url", "task", "revision")
LISTED = ("corpora", "models", "column")


def shown_settings(settings: Settings, redactor: Redactor | None) -> Settings:
    """Return the settings as a site may state them: nothing hidden, and not what was to be."""
    if redactor is None:
        return settings
    parts: dict[str, Any] = {name: _hidden(getattr(settings, name), redactor) for name in NAMED}
    parts |= {
        name: tuple(redactor.hide(one, "settings") for one in getattr(settings, name))
        for name in LISTED
    }
    return replace(settings, redact=(), redact_list=None, **parts)


def _hidden(value: str | None, redactor: Redactor) -> str | None:
    return None if value is None else redactor.hide(value, "settings")


def hidden_notes(redactor: Redactor | None) -> list[str]:
    """Return what a site says of what is hidden in it: how much, and that no model has read it."""
    if redactor is None:
        return []
    return [f"{redactor.said}; models read blocks in their place"]


def stored(store: Path) -> frozenset[Path]:
    """Return the files that are in a store."""
    return frozenset(path for path in store.rglob("*") if path.is_file())


def require_hidden(redactor: Redactor, site: Path, store: Path, before: frozenset[Path]) -> str:
    """Return how much was hidden; raise AtlasError where any of it is left.

    What earlier builds left in the store is said, since it is not published.
    """
    search = _search(redactor.found)
    if search is None:
        return f"{redactor.said}."
    new = sorted(stored(store) - before)
    left = [path.name for path in _files(site) if _holds(path, site, search)]
    left += [f"{path.name} of the store" for path in new if _holds(path, store, search)]
    if left:
        files = f"{len(left):,} file{'s' * (len(left) > 1)}"
        raise AtlasError(
            f"What was to be hidden is left in {files}, {left[0]} first, so no site was "
            "written; if it is also an ordinary word of the pages, hide it as a regular expression."
        )
    old = sum(_holds(path, store, search) for path in sorted(before) if path.is_file())
    earlier = f", but {old} files of earlier builds in the store hold it (clean --store)"
    return f"{redactor.said}; none of it is left in the site{earlier if old else ''}."


def _search(found: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for all that was hidden: a short text as a word of its own alone."""
    alternatives = []
    for text in sorted(filter(str.strip, found), key=len, reverse=True):
        spaced = r"\s+".join(map(re.escape, text.split()))
        long = len(text) >= ALONE
        alternatives.append(f"(?i:{spaced})" if long else rf"(?<![^\W_]){spaced}(?![^\W_])")
    return re.compile("|".join(alternatives)) if alternatives else None


def _files(site: Path) -> Iterator[Path]:
    for path in sorted(site.rglob("*")):
        if path.is_file() and not path.relative_to(site).as_posix().startswith(OWN):
            yield path


def _holds(path: Path, root: Path, search: re.Pattern[str]) -> bool:
    name = path.relative_to(root).as_posix()
    return any(search.search(text) for text in (name, *_readings(path)))


def _readings(path: Path) -> Iterator[str]:
    """Yield a file in every way that a reader may read it."""
    content = path.read_bytes()
    for data in (content, *_unpacked(path, content)):
        text = data.decode("utf-8", "ignore")
        yield text
        yield data.decode("utf-16-le", "ignore")
        yield data[1:].decode("utf-16-le", "ignore")
    if path.suffix == ".html":
        text = content.decode("utf-8", "ignore")
        yield html.unescape(TAG.sub("", text))
        for island in ISLAND.findall(text):
            yield from _pieces(island)
    elif path.suffix == ".safetensors":
        size = int.from_bytes(content[:HEADER], "little")
        yield from _pieces(content[HEADER : HEADER + size].decode("utf-8", "ignore"))
    elif path.suffix == ".json":
        yield from _pieces(content.decode("utf-8", "ignore"))


def _unpacked(path: Path, content: bytes) -> Iterator[bytes]:
    """Yield what a script of packed matrices holds, unpacked."""
    if path.suffix != ".js" or not content.startswith(b"\xff\xfe"):
        return
    yield from (zlib.decompress(data, GZIP) for data in packs_in(content).values())


def _pieces(text: str) -> Iterator[str]:
    """Yield the texts of JSON, and those of each list in it one behind the other."""
    try:
        value = json.loads(text)
    except ValueError:
        return
    yield from _joined(value)


def _joined(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        if value[:1] in "{[":  # JSON in JSON, as in the header of a data file
            yield from _pieces(value)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield str(name)
            yield from _joined(item)
    elif isinstance(value, list):
        texts = [item.get("text", "") if isinstance(item, dict) else item for item in value]
        yield "".join(text for text in texts if isinstance(text, str))
        for item in value:
            yield from _joined(item)
