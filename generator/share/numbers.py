"""The numbers of a built site, where they can be read as a folder of files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .built_site import BuiltSite


@contextmanager
def data_folder(site: BuiltSite) -> Iterator[Path]:
    """Yield the folder of the numbers; those of an archive are laid out for this alone."""
    if site.where.is_dir():
        yield site.where / site.above / "data"
        return
    with tempfile.TemporaryDirectory() as folder:
        for url in site.manifest:
            if url.startswith("data/") and url in site.files:
                path = Path(folder) / url
                path.parent.mkdir(parents=True, exist_ok=True)
                with site.open(url) as stream, path.open("wb") as out:
                    shutil.copyfileobj(stream, out)
        yield Path(folder) / "data"
