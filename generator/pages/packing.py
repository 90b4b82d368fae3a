"""Matrices small enough to travel in a page: square-root bytes, gzip, UTF-16, and plain PNG.

A weight p in [0, 1] is stored as round(255 * sqrt(p)): the error is at most 0.004 for weights
near 1 and below 0.00002 near 0, where most weights are. Pages say "stored at 8 bits".

Amounts, none below zero, are stored as round(255 sqrt(v / most)), with the most of the whole
matrix. Signed numbers are stored as 128 + round(127 v / most), with the most of each head (of
each layer, where there are no heads); 0 says that a query may not see a key.
"""

from __future__ import annotations

import codecs
import json
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..array_types import Bytes, Floats, Singles

JSON = dict[str, Any]
"""What a script of a page is given."""

SLACK = 5e-3
"""How far a row of shares may be from adding up to 1, in half precision, too."""

OVERVIEW = 32
"""Longest side of the thumbnail of one head."""
GZIP = 31
"""The size of zlib's window, and that the bytes are wrapped as gzip, with no time in them."""
ESCAPE = 0xE000
UNSAFE = np.zeros(0x10000, bool)
"""Which characters of 16 bits a string cannot hold as they are: control characters, its own quotes
and line ends, halves of pairs, marks of byte order, no characters; nor a page: where tags start."""
UNSAFE[[*range(0x20), 0x22, 0x3C, 0x5C, 0x2028, 0x2029, ESCAPE, 0xFEFF, 0xFFFE, 0xFFFF]] = True
UNSAFE[0xD800:0xE000] = True
CALL = re.compile(r'atlasPack\(("(?:[^"\\]|\\.)*"),(\d+),"([^"]*)"\);')


def quantise(weights: Floats) -> Bytes:
    """Return round(255 * sqrt(p)) as uint8, of the same shape; p is clipped to [0, 1]."""
    root: Singles = np.sqrt(np.clip(weights, 0.0, 1.0), dtype=np.float32)
    root *= 255.0
    root += 0.5
    stored: Bytes = root.astype(np.uint8)
    return stored


def pool(values: Bytes, side: int = OVERVIEW) -> Bytes:
    """Return [..., q, k] max-pooled to at most `side` rows and columns."""
    rows = np.linspace(0, values.shape[-2], min(side, values.shape[-2]) + 1).astype(int)[:-1]
    columns = np.linspace(0, values.shape[-1], min(side, values.shape[-1]) + 1).astype(int)[:-1]
    pooled = np.maximum.reduceat(values, rows, axis=-2)
    return np.ascontiguousarray(np.maximum.reduceat(pooled, columns, axis=-1))


def pack(values: npt.NDArray[Any]) -> bytes:
    """Return gzip of the bytes, the same for the same bytes.

    Weights seldom repeat but in runs of zeros, so nothing else is looked for: it takes half the
    time, and the result is smaller the less attention is alike.
    """
    packer = zlib.compressobj(6, zlib.DEFLATED, GZIP, zlib.DEF_MEM_LEVEL, zlib.Z_RLE)
    return packer.compress(values.tobytes()) + packer.flush()


def alike_together(stack: Bytes) -> Bytes:
    """Return [layer, head, ...] in a row, heads with as much ink side by side.

    Their order comes first, two bytes a head. Codes then fit the heads that share them: a
    twenty-fifth less.
    """
    heads = stack.reshape(stack.shape[0] * stack.shape[1], -1)
    order = np.argsort(heads.sum(axis=1, dtype=np.int64), kind="stable").astype("<u2")
    return np.concatenate([order.view(np.uint8), heads[order].ravel()])


def in_order(content: Bytes, shape: tuple[int, ...]) -> Bytes:
    """Return the stack that `alike_together` was given; ValueError where it was none like it."""
    count = shape[0] * shape[1]
    order = content[: 2 * count].view("<u2")
    if not np.array_equal(np.sort(order), np.arange(count)):
        raise ValueError("heads are missing or twice there")
    heads = np.empty((count, content[2 * count :].size // count), np.uint8)
    heads[order] = content[2 * count :].reshape(heads.shape)
    return heads.reshape(shape)


def pack_script(packs: Mapping[str, bytes]) -> bytes:
    """Return the file of a classic script that hands each named pack to the page, in UTF-16.

    A script tag is the one way to load data that works on file:// as well as on http. The mark at
    the start of the file says how it is written, whatever a server says.
    """
    calls = (
        f'atlasPack({json.dumps(key)},{len(data)},"{characters(data)}");\n'
        for key, data in packs.items()
    )
    return codecs.BOM_UTF16_LE + "".join(calls).encode("utf-16-le")


def characters(data: bytes) -> str:
    """Return bytes as a string of JavaScript, two a character, three quarters of base64's size.

    What may not stand in a string, or alone, is written as ESCAPE and the character it is with its
    highest bit turned; so is ESCAPE itself. A last odd byte is followed by a zero.
    """
    units = np.frombuffer(data + b"\0" * (len(data) % 2), "<u2")
    unsafe = UNSAFE[units]
    spaced = np.repeat(units, 1 + unsafe)
    places = np.flatnonzero(unsafe) + np.arange(unsafe.sum())
    spaced[places] = ESCAPE
    spaced[places + 1] ^= 0x8000
    return spaced.tobytes().decode("utf-16-le")


def bytes_of(text: str, length: int) -> bytes:
    """Return the `length` bytes that `characters` made a text of."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), "<u2")
    marks = np.flatnonzero(units == ESCAPE)
    restored = units.copy()
    restored[marks + 1] ^= 0x8000
    return np.delete(restored, marks).tobytes()[:length]


def packs_in(script: bytes) -> dict[str, bytes]:
    """Return what `pack_script` made a script of: bytes by key."""
    found = CALL.findall(script.decode("utf-16"))
    return {json.loads(key): bytes_of(text, int(length)) for key, length, text in found}


def _chunk(tag: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data))


def png(values: Bytes, palette: Bytes, scale: int = 1) -> bytes:
    """Return a PNG of a [row, column] byte matrix through a palette [256, 3]."""
    pixels = np.repeat(np.repeat(values, scale, axis=0), scale, axis=1)
    height, width = pixels.shape
    rows = np.zeros((height, width + 1), np.uint8)
    rows[:, 1:] = pixels
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", palette.astype(np.uint8).tobytes())]
    parts += [(b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(tag, data) for tag, data in parts)


@dataclass(frozen=True, slots=True)
class Range:
    """What full bytes stand for: one number, or one for each [layer][head] or [layer]."""

    signed: bool
    most: Any


def encode(values: Floats) -> tuple[Bytes, Range | None]:
    """Return [layer, ..., query, key] as bytes, and their range; None where rows are shares."""
    finite = np.isfinite(values)
    known = np.where(finite, values, 0)
    if known.min() >= 0 and finite.all() and _are_shares(known):
        return quantise(values), None
    if known.min() >= 0:
        most = _short(known.max())
        return quantise(known / most), Range(False, float(most))
    tops = _short(np.abs(known).max(axis=(-2, -1)))
    steps = np.rint(127 * known / tops[..., None, None])
    stored: Bytes = np.where(finite, np.clip(steps, -127, 127) + 128, 0).astype(np.uint8)
    return stored, Range(True, tops.tolist())


def _are_shares(values: Floats) -> bool:
    return bool((np.abs(values.sum(axis=-1, dtype=np.float64) - 1) <= SLACK).all())


def _short(most: Any) -> Any:
    """Return numbers rounded up to four digits, so that the page holds few; never zero."""
    numbers = np.maximum(np.asarray(most, dtype=np.float64), 1e-9)
    step = 10.0 ** (np.floor(np.log10(numbers)) - 3)
    return np.maximum(np.round(np.ceil(numbers / step) * step, 12), 1e-9)
