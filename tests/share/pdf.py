"""What a PDF holds, as far as a test asks: its pages, and the letters that are drawn on them."""

from __future__ import annotations

import re
import zlib
from contextlib import suppress

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
CODES = re.compile(rb"beginbf(char|range)\n(.*?)endbf", re.DOTALL)
SHOWN = re.compile(rb"\bT[jJ]\b")
LINE = re.compile(rb"<([0-9A-Fa-f]+)>")


def pages(content: bytes) -> int:
    """Return how many pages there are."""
    return len(re.findall(rb"/Type\s*/Page\b", content))


def _streams(content: bytes) -> list[bytes]:
    """Return what was packed, unpacked: drawings, fonts, and what their glyphs stand for."""
    found = []
    for packed in STREAM.findall(content):
        with suppress(zlib.error):
            found.append(zlib.decompress(packed))
    return found


def pieces_of_text(content: bytes) -> int:
    """Return how many times text is drawn."""
    return sum(len(SHOWN.findall(one)) for one in _streams(content) if b"BT" in one)


def letters(content: bytes) -> set[str]:
    """Return what the glyphs in all fonts stand for, so that text can be searched and copied."""
    found: set[str] = set()
    for stream in _streams(content):
        for kind, lines in CODES.findall(stream):
            for line in lines.splitlines():
                codes = [int(code, 16) for code in LINE.findall(line)]
                count = codes[1] - codes[0] + 1 if kind == b"range" and len(codes) == 3 else 1
                found |= {chr(codes[-1] + step) for step in range(count)} if codes else set()
    return found
