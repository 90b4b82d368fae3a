"""What the names of tokens spell, as far as they tell: `▁the`, `th@@`, `<0xE2>`, `Ġthe`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from typing import NamedTuple

UNKNOWN = "\0"
"""Stands for any one character; no record holds it."""
HEXADECIMAL = re.compile(r"[0-9a-f]{2}")
BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")
MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛´`", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "▁": " ",
    }
)


class Symbol(NamedTuple):
    """A folded character, and the first and the last token that have a part in it."""

    character: str
    first: int
    last: int


@cache
def fold(character: str) -> str:
    """Return a character so that it equals what tokenizers make of it: case, width, quotes."""
    if character.isspace() or character in "\u200b\ufeff":
        return " "
    plain = unicodedata.normalize("NFKD", character.translate(MARKS)).casefold()
    return unicodedata.normalize("NFKD", plain).translate(MARKS)


def symbols(spelt: Sequence[bytes]) -> list[Symbol]:
    """Return the folded characters that tokens spell together, each with its tokens."""
    owners = [place for place, part in enumerate(spelt) for _ in part]
    found, at = [], 0
    for character in b"".join(spelt).decode("utf-8", "surrogateescape"):
        size = 1 if "\ud800" <= character <= "\udfff" else len(character.encode())
        ends = owners[at], owners[at + size - 1]
        found += [Symbol(part, *ends) for part in fold(character)]
        at += size
    return found


def spellings(names: Sequence[str], unknown: Collection[str]) -> Iterator[list[bytes]]:
    """Yield what names may spell, in UTF-8, by one convention after the other."""
    blanks = any("▁" in name for name in names)
    for convention in (blank_marked if blanks else word_marked, byte_level, byte_by_byte, digits):
        try:
            spelt = [UNKNOWN.encode() if n in unknown else convention(n) for n in names]
        except KeyError:
            continue
        yield spelt


def blank_marked(name: str) -> bytes:
    """Read a name in which a mark stands for each blank, and whole bytes may stand by number."""
    byte = BYTE.fullmatch(name)
    return bytes([int(byte[1], 16)]) if byte else name.replace("▁", " ").encode("utf-8", "replace")


def word_marked(name: str) -> bytes:
    """Read a name whose marks say where a word ends or goes on."""
    plain = name.removesuffix("</w>")
    if len(plain) > 2:
        plain = plain.removesuffix("@@").removeprefix("##")
    return blank_marked(plain)


def byte_level(name: str) -> bytes:
    """Read a name in which a visible character stands for each byte, as in GPT-2."""
    table = _visible_bytes()
    return bytes(table[character] for character in name)


def byte_by_byte(name: str) -> bytes:
    """Read a name that is one byte, as in ByT5."""
    if len(name) != 1 or ord(name) > 255:
        raise KeyError(name)
    return bytes([ord(name)])


def digits(name: str) -> bytes:
    """Read a name that is one byte in two hexadecimal digits, as in MyT5."""
    if not HEXADECIMAL.fullmatch(name):
        raise KeyError(name)
    return bytes.fromhex(name)


@cache
def _visible_bytes() -> dict[str, int]:
    """Return the byte that each character stands for: itself if visible, else one from 256 on."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {chr(b): b for b in shown} | {chr(256 + at): b for at, b in enumerate(hidden)}
