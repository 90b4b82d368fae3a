"""Analyses of another package, as the registry finds them while a test runs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from types import ModuleType

import attnatlas.analyses as registry
import pytest
from attnatlas.analyses.analysis import Analysis


@contextmanager
def installed(*analyses: Analysis) -> Iterator[None]:
    """Let the registry find analyses as the entry points of an installed package."""
    module = ModuleType("other_package")
    points = []
    for number, analysis in enumerate(analyses):
        setattr(module, f"analysis{number}", analysis)
        points.append(EntryPoint(analysis.name, f"other_package:analysis{number}", registry.GROUP))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "other_package", module)
        patch.setattr(registry, "entry_points", lambda group: points)
        registry.analyses.cache_clear()
        yield
    registry.analyses.cache_clear()
