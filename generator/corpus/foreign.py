"""Files that hold no texts, whatever they are called: each told by how it begins."""

from __future__ import annotations

import re

from .table import FileProblem

BINARY = (
    (b"PK\x03\x04", "a ZIP archive, as Excel's workbooks are; unpack it, or save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "a document of an old Office; save it as CSV or as text"),
    (b"%PDF-", "a PDF; save its text as a text file"),
    (b"BZh", "packed with bzip2; unpack it, or pack it with gzip"),
    (b"\xfd7zXZ", "packed with xz; unpack it, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard; unpack it, or pack it with gzip"),
    (b"ARROW1", "an Arrow file; save it as Parquet"),
    (b"\xff\xff\xff\xff", "an Arrow stream; save it as Parquet"),
    (b"SQLite format 3", "a database of SQLite; save the table as CSV"),
    (b"\x89HDF", "an HDF5 file; save the table as CSV"),
    (b"\x93NUMPY", "an array of NumPy, which holds no texts"),
)  # fmt: skip
"""First bytes, and what a file is that has them."""
POINTER = b"version https://git-lfs"
PAGE = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE)


def refuse_foreign(data: bytes) -> None:
    """Raise FileProblem where a file is of a kind that holds no texts, and say what to do."""
    for mark, what in BINARY:
        if data.startswith(mark):
            raise FileProblem(f"it is {what}")
    if data.startswith(POINTER):
        raise FileProblem("it is a pointer of Git LFS to the file; fetch that with git lfs pull")
    if PAGE.match(data[:1000]):
        raise FileProblem("it is a web page (HTML); download the file itself, or save its text")
