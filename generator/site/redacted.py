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
from ..redaction.redactor import ALONE

CHANCE = 4
"""Characters from which numbers hardly ever spell a text by chance."""
OWN = "assets/"
"""What is the same in every site, and every store, of one version: no text of the user's."""
PACKED = (".safetensors", ".png")
"""Files that are numbers, for the most part."""
WORDED = ("index", "answers")
"""Packs that are words: what home and a report search in."""
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
    """Return the files that are in a store, but for those that are the same in every one."""
    return frozenset(_files(store))


def require_hidden(redactor: Redactor, site: Path, store: Path, before: frozenset[Path]) -> str:
    """Return how much was hidden; raise AtlasError where any of it is left.

    What earlier builds left in the store is said, since it is not published.
    """
    search = Search(redactor.found)
    if search.words is None:
        return f"{redactor.said}."
    new = sorted(stored(store) - before)
    left = [path.name for path in _files(site) if _holds(path, site, search)]
    left += [f"{path.name} of the store" for path in new if _holds(path, store, search)]
    if left:
        files = f"{len(left):,} file{'s' * (len(left) > 1)}"
        raise AtlasError(
            f"What was to be hidden is left in {files}, {left[0]} first, so no site was written; "
            "where it is also a word or a number of the pages, use a narrower regular expression."
        )
    old = sum(_holds(path, store, search) for path in sorted(before) if path.is_file())
    earlier = f", but {old} files of earlier builds in the store hold it (clean --store)"
    return f"{redactor.said}; none of it is left in the site{earlier if old else ''}."


class Search:
    """Patterns for all that was hidden: in words, and in numbers, which may spell what is short."""

    def __init__(self, found: Iterable[str]) -> None:
        every = [*filter(str.strip, found)]
        self.words = _pattern(every)
        self.numbers = _pattern([text for text in every if len(text) >= CHANCE])

    def finds(self, text: str, numbers: bool = False) -> bool:
        """Return whether any of it is in a text, or in what numbers are when read as one."""
        pattern = self.numbers if numbers else self.words
        return pattern is not None and pattern.search(text) is not None


def _pattern(found: Iterable[str]) -> re.Pattern[str] | None:
    """Return a pattern for some texts: a short one as a word of its own alone."""
    alternatives = []
    for text in sorted(found, key=len, reverse=True):
        spaced = r"\s+".join(map(re.escape, text.split()))
        long = len(text) >= ALONE
        alternatives.append(f"(?i:{spaced})" if long else rf"(?<![^\W_]){spaced}(?![^\W_])")
    return re.compile("|".join(alternatives)) if alternatives else None


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.relative_to(folder).as_posix().startswith(OWN):
            yield path


def _holds(path: Path, root: Path, search: Search) -> bool:
    content = path.read_bytes()
    packs = dict(_unpacked(path, content))
    numbers = bool(packs) or path.suffix in PACKED
    for data in (content, *packs.values()):
        forms = (data.decode("utf-8", "ignore"), *_wide(data))
        if any(search.finds(text, numbers) for text in forms):
            return True
    name = path.relative_to(root).as_posix()
    worded = [data.decode("utf-8", "ignore") for key, data in packs.items() if key in WORDED]
    return any(map(search.finds, (name, *worded, *_readings(path, content))))


def _wide(data: bytes) -> tuple[str, str]:
    """Return bytes read two by two, from the first and from the second on."""
    return data.decode("utf-16-le", "ignore"), data[1:].decode("utf-16-le", "ignore")


def _readings(path: Path, content: bytes) -> Iterator[str]:
    """Yield the words of a file in every way that a reader may read them."""
    if path.suffix == ".html":
        text = content.decode("utf-8", "ignore")
        yield html.unescape(TAG.sub("", text))
        for island in ISLAND.findall(text):
            yield from _pieces(island)
    elif path.suffix == ".safetensors":
        header = content[HEADER : HEADER + int.from_bytes(content[:HEADER], "little")]
        yield header.decode("utf-8", "ignore")
        yield from _pieces(header.decode("utf-8", "ignore"))
    elif path.suffix == ".json":
        yield from _pieces(content.decode("utf-8", "ignore"))


def _unpacked(path: Path, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what a script of packed matrices holds by name, unpacked."""
    if path.suffix != ".js" or not content.startswith(b"\xff\xfe"):
        return
    for name, data in packs_in(content).items():
        yield name, zlib.decompress(data, GZIP)


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
