"""Matrices small enough to travel in a page: square-root bytes, gzip, base64, and plain PNG.

A weight p in [0, 1] is stored as round(255 * sqrt(p)): the error is at most 0.004 for weights
near 1 and below 0.00002 near 0, where most weights are. Pages say "stored at 8 bits".

Amounts, none below zero, are stored as round(255 sqrt(v / most)), with the most of the whole
matrix. Signed numbers are stored as 128 + round(127 v / most), with the most of each head (of
each layer, where there are no heads); 0 says that a query may not see a key.
"""

from __future__ import annotations

import base64
import gzip
import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..array_types import Bytes, Floats, Singles

SLACK = 5e-3
"""How far a row of shares may be from adding up to 1, in half precision, too."""

GLANCE = 32
"""Longest side of the thumbnail of one head."""


def quantise(weights: Floats) -> Bytes:
    """Return round(255 * sqrt(p)) as uint8, of the same shape; p is clipped to [0, 1]."""
    root: Singles = np.sqrt(np.clip(weights, 0.0, 1.0), dtype=np.float32)
    root *= 255.0
    root += 0.5
    stored: Bytes = root.astype(np.uint8)
    return stored


def pool(values: Bytes, side: int = GLANCE) -> Bytes:
    """Return [..., q, k] max-pooled to at most `side` rows and columns."""
    rows = np.linspace(0, values.shape[-2], min(side, values.shape[-2]) + 1).astype(int)[:-1]
    columns = np.linspace(0, values.shape[-1], min(side, values.shape[-1]) + 1).astype(int)[:-1]
    pooled = np.maximum.reduceat(values, rows, axis=-2)
    return np.ascontiguousarray(np.maximum.reduceat(pooled, columns, axis=-1))


def pack(values: Bytes) -> str:
    """Return base64 of gzip of the bytes, the same for the same bytes."""
    return base64.b64encode(gzip.compress(values.tobytes(), 6, mtime=0)).decode("ascii")


def pack_script(packs: dict[str, str]) -> str:
    """Return a classic script that hands each named pack to the page.

    A script tag is the one way to load data that works on file:// as well as on http.
    """
    return "".join(
        f"atlasPack({json.dumps(key)},{json.dumps(data)});\n" for key, data in packs.items()
    )


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
