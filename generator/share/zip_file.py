"""A site as a zip: the same bytes for the same site, and a folder that opens when unpacked."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Mapping

MODE = stat.S_IFREG | 0o644
UNIX = 3


def zip_file(contents: Mapping[str, bytes], folder: str) -> bytes:
    """Return a zip of all files, in the order of their addresses, below one folder.

    Dates, rights and the system are the same wherever it is written.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for url in sorted(contents):
            info = zipfile.ZipInfo(f"{folder}/{url}", (1980, 1, 1, 0, 0, 0))
            info.create_system = UNIX
            info.external_attr = MODE << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, contents[url])
    return held.getvalue()
