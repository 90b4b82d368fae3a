"""The page of a history: its slider moves all heads, by keyboard, too."""

from __future__ import annotations

from pathlib import Path

import pytest
from attnatlas.share.history import read_history
from attnatlas.share.history_page import write_history

from tests.browser.conftest import Open
from tests.site.test_from_sites import TEXTS, site

pytestmark = pytest.mark.browser
INK = "cells => cells.map(cell => [cell.textContent, getComputedStyle(cell).backgroundColor])"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history of three sites with made-up attention."""
    folder = tmp_path_factory.mktemp("history")
    sites = [
        f"s{seed}={site(folder / f's{seed}', 'made', TEXTS['tide'], seed)}" for seed in range(3)
    ]
    write_history(read_history(sites), folder / "out")
    return folder / "out" / "index.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1360, 390])
def test_the_slider_shows_every_site(
    open_page: Open, history: Path, width: int, scheme: str
) -> None:
    page = open_page(history, viewport={"width": width, "height": 900}, color_scheme=scheme)
    slider, shown = page.get_by_label("Site"), page.locator("[data-time-name]")
    cells = page.locator(".history-map tbody td")
    assert (shown.inner_text(), cells.count()) == ("s2", 4)
    last = cells.evaluate_all(INK)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    assert shown.inner_text() == slider.get_attribute("aria-valuetext") == "s1"
    assert cells.evaluate_all(INK) != last
    page.keyboard.press("End")
    assert cells.evaluate_all(INK) == last
    page.get_by_label("Measure").select_option("entropy")
    assert cells.evaluate_all(INK) != last
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_plays_from_the_first_site_to_the_last(open_page: Open, history: Path) -> None:
    page = open_page(history)
    page.get_by_role("button", name="Play").click()
    assert page.locator("[data-time-name]").inner_text() == "s0"
    page.get_by_role("button", name="Play").wait_for()  # it stops by itself
    assert page.locator("[data-time-name]").inner_text() == "s2"


def test_without_scripts_what_changed_can_be_read(open_page: Open, history: Path) -> None:
    page = open_page(history, ready=False, java_script_enabled=False)
    assert page.locator(".course svg").first.is_visible()
    assert "need" in page.locator("noscript p").inner_text()
