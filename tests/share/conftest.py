"""One small site for the tests of what is done with a built site."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.share.lines import small_site


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small site; whoever changes it works on a copy."""
    return small_site(tmp_path_factory.mktemp("small"))


@pytest.fixture
def copied(small: Path, tmp_path: Path) -> Path:
    """Return a copy of the small site that a test may spoil."""
    return Path(shutil.copytree(small, tmp_path / "copy"))
