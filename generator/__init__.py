"""attnatlas: texts and models in, a static site that shows their attention out.

import attnatlas

attnatlas.build(["The bank of the river is muddy."], "sentiment", output="site")
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from .api import build, load_corpus
from .errors import AtlasError

__all__ = ["AtlasCallback", "AtlasError", "__version__", "build", "load_corpus"]


def __getattr__(name: str) -> Any:
    """Look up only when it is asked for: the version, and what needs transformers."""
    if name == "AtlasCallback":
        from .share.checkpoints import AtlasCallback

        return AtlasCallback
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import version

    return version("attnatlas")


class _Package(ModuleType):
    """Keeps `attnatlas.build` the function when the module of that name is imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name == "build" and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
