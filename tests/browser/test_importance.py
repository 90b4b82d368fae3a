"""The map of heads with importance, and the table of heads that look for an earlier copy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.data.record_files import read_arrays

from tests.browser.conftest import Open
from tests.capture.tiny import tiny_model


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a tiny decoder whose heads were silenced one by one."""
    folder = tmp_path_factory.mktemp("importance")
    (folder / "two.txt").write_text("The bank of the river.\nThe nurse was late.\n")
    settings = Settings(
        corpora=(str(folder / "two.txt"),),
        models=(str(tiny_model(folder / "gpt2", "gpt2")),),
        output=folder / "site",
        store=folder / "store",
        also=("importance",),
    )
    return build_site(settings).output


def test_importance_is_a_map_of_its_own_and_copies_have_a_table(site, open_page: Open) -> None:
    page = open_page(site / "models" / "gpt2.html")
    page.click("[data-metric=importance]")
    assert page.inner_text("#map-metric h3") == "What the answer loses without a head"
    assert page.inner_text("[data-metric-unit]") == "logit, even steps"
    assert "div" in (page.get_attribute("[data-metric-bar]", "class") or "")
    page.focus("[data-grid=metric]")
    page.keyboard.press("ArrowRight")
    grids = [e.results["importance"]["grids"][0]["values"] for e in read_arrays(site / "data")]
    mean = float(np.mean(grids, axis=0)[0, 0, 0])
    shown = page.inner_text("[data-chosen]").partition(" logit")[0].split()[-1]
    assert float(shown.replace("−", "-")) == pytest.approx(mean, abs=0.01)
    assert page.locator("#copies tbody tr").count() == 6
