"""The styles of the pages: one file, out of those that `atlas.css` imports, in its order."""

from __future__ import annotations

import re
from importlib.resources.abc import Traversable

from .scripts import compact

ORDER = "atlas.css"
IMPORT = re.compile(r'^@import "([\w/-]+\.css)";$', re.MULTILINE)


def styles(folder: Traversable) -> str:
    """Return the files of a folder as one, in the order stated in its `atlas.css`."""
    listed = IMPORT.findall(folder.joinpath(ORDER).read_text("utf-8"))
    return "".join(compact(folder.joinpath(name).read_text("utf-8")) for name in listed)
