"""Bytes of a file -> text: unpacked, and decoded by its mark, the encoding given, or UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib

from .spans import quoted
from .table import FileProblem

PACKED = b"\x1f\x8b"
LARGEST = 2**30
"""Bytes that a packed file may unpack to."""
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DECLARED = re.compile(rb"\s*<\?xml[^>]*?\sencoding=[\"']([\w.:-]+)[\"']", re.ASCII)
WORDED = {
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32-le": "UTF-32",
    "utf-32-be": "UTF-32",
}


def unpacked(data: bytes) -> bytes:
    """Return what a gzip file holds, any other as it is."""
    if not data.startswith(PACKED):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as file:
            content = file.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileProblem(f"a damaged gzip file ({error}); pack or fetch it again") from error
    if len(content) > LARGEST:
        raise FileProblem(f"it unpacks to more than {LARGEST / 1e9:.1f} GB; give a part of it")
    if content.startswith(PACKED):
        raise FileProblem("it is packed twice; unpack it once")
    return content


def decoded(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """Return the text and the name of its encoding; a mark at the beginning decides first."""
    mark, marked = next(((m, name) for m, name in MARKS if data.startswith(m)), (b"", None))
    content = data[len(mark) :]
    name = marked or encoding or _declared(content) or "utf-8"
    if not (marked or encoding) and (wide := _wide(content)):
        raise FileProblem(f"it seems to be {WORDED[wide]} without its mark; give --encoding {wide}")
    try:
        return content.decode(name).removeprefix("\ufeff"), WORDED.get(name, name)
    except LookupError as error:
        raise FileProblem(
            f"there is no encoding of texts called {quoted(name)}; give one such as cp1252 or utf-8"
        ) from error
    except UnicodeDecodeError as error:
        raise FileProblem(_undecoded(content, name, error, len(mark), marked)) from error
    except UnicodeError as error:
        raise FileProblem(f"not {name} ({error}); give its encoding with --encoding") from error


def _declared(content: bytes) -> str | None:
    """Return the encoding that the first line of XML declares."""
    found = DECLARED.match(content)
    return found[1].decode("ascii") if found else None


def _undecoded(
    content: bytes, name: str, error: UnicodeDecodeError, before: int, marked: str | None
) -> str:
    """Say where a file is not in its encoding, and which one it may be in."""
    line = content[: error.start].decode(name, "replace").count("\n") + 1
    where = f"not {WORDED.get(name, name.upper())} (line {line}, byte {before + error.start})"
    if marked:
        return f"{where}, as the mark at its beginning says; save it anew"
    if name == "utf-8" and _mostly_utf8(content):
        return f"{where}, though most of it is; mend it there, or give its --encoding"
    likely = _likely(content)
    other = f"perhaps --encoding {likely}" if likely else "such as --encoding cp1251 or shift_jis"
    return f"{where}; give its encoding, {other}, or save it as UTF-8"


def _mostly_utf8(content: bytes) -> bool:
    """Say whether more characters beyond ASCII are written as UTF-8 than are not."""
    text = content.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) > 2 * bad


def _wide(content: bytes) -> str | None:
    """Name the UTF-16 that bytes look like, by the zeros at every other place."""
    zeros = [content[start::2].count(0) * 4 > len(content) for start in (1, 0)]
    if all(zeros) or not any(zeros):
        return None
    return "utf-16-le" if zeros[0] else "utf-16-be"


def _likely(content: bytes) -> str | None:
    """Name cp1252 where accents stand among letters; elsewhere whole words are beyond ASCII."""
    runs = re.findall(rb"[\x80-\xff]+", content)
    few = sum(len(run) <= 2 for run in runs)
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return "cp1252" if few * 4 > len(runs) * 3 else None
