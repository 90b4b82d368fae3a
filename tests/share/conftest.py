"""One small site of an embedded model, with labelled texts, so that it has a report."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings

TEXTS = """title = "Two lines"
about = "Lines for tests."
licence = "CC0-1.0"
source = "Written for the tests."

[[record]]
id = "river"
text = "The bank of the river is muddy."
label = "negative"

[[record]]
id = "film"
text = "A film that is neither funny nor sad."
label = "positive"
"""


def small_site(folder: Path) -> Path:
    """Build a site of two texts into a folder of that folder; return it."""
    (folder / "lines.toml").write_text(TEXTS, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1760000000")
        build_site(
            Settings(
                corpora=(str(folder / "lines.toml"),),
                models=("sentiment",),
                output=folder / "lines",
                store=folder / "store",
            )
        )
    return folder / "lines"


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small site; whoever changes it works on a copy."""
    return small_site(tmp_path_factory.mktemp("small"))


@pytest.fixture
def copied(small: Path, tmp_path: Path) -> Path:
    """Return a copy of the small site that a test may spoil."""
    return Path(shutil.copytree(small, tmp_path / "copy"))
