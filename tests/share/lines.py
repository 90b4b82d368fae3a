"""One small site of an embedded model, with labelled texts, so that it has a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


def small_site(folder: Path, model: str = "sentiment", **settings: Any) -> Path:
    """Build a site of two texts into a folder of that folder; return it."""
    (folder / "lines.toml").write_text(TEXTS, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1760000000")
        build_site(
            Settings(
                corpora=(str(folder / "lines.toml"),),
                models=(model,),
                output=folder / "lines",
                store=folder / "store",
                **settings,
            )
        )
    return folder / "lines"
