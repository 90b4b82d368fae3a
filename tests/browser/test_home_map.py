"""The map of all heads that opens a site: told under the pointer, saved, and shown as a table."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.test_pages import opened
from tests.browser.test_record import saved
from tests.browser.whole import Whole, build, texts

pytestmark = pytest.mark.browser

LAYERS, HEADS = 3, 4


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("home-map")
    return build(folder, tmp_path_factory.mktemp("assets"), texts(3))


def test_a_cell_is_told_with_its_head_and_words_as_its_file_has_it(
    chromium: Browser, site: Whole, tmp_path: Path
) -> None:
    with opened(chromium, site.path("index.html")) as page:
        with saved(page, "home-map", "csv", tmp_path).open(newline="", encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle))
        count = round((len(rows) / (LAYERS * HEADS)) ** 0.5)
        assert len(rows) == LAYERS * HEADS * count**2
        box = page.locator("[data-home-map] canvas").bounding_box()
        assert box is not None
        cell = (box["height"] - 36 - 10) / LAYERS
        layer, head, row, column = 1, 2, 3, 1
        x = 34 + (head + (column + 0.5) / count) * cell
        y = 36 + (layer + (row + 0.5) / count) * cell
        page.mouse.move(box["x"] + x, box["y"] + y)
        told = page.inner_text("[data-home-map] .tip")
        at = {"layer": str(layer), "head": str(head), "query": str(row), "key": str(column)}
        [found] = [one for one in rows if at.items() <= one.items()]
        assert told.startswith(f"L1H2: {found['query_token']} → {found['key_token']} ")
        assert float(told.split()[-1].replace("<", "")) == pytest.approx(
            float(found["weight"]), abs=6e-3
        )


def test_the_picture_is_of_shapes_and_says_what_it_is_of(
    chromium: Browser, site: Whole, tmp_path: Path
) -> None:
    with opened(chromium, site.path("index.html")) as page:
        text = saved(page, "home-map", "svg", tmp_path).read_text("utf-8")
    assert "<image" not in text
    assert text.count('fill="none" stroke=') == LAYERS * HEADS
    assert "All 12 heads of made-encoder" in text
    assert "attention weight" in text
    assert "index.html" in text


def test_the_table_has_a_row_a_head_and_stands_in_place_of_the_map(
    chromium: Browser, site: Whole
) -> None:
    with opened(chromium, site.path("index.html")) as page:
        page.click("#home-map summary")
        page.click("#home-map [data-save=table]")
        rows = page.locator("#home-map .twin tbody tr")
        assert rows.count() == LAYERS * HEADS
        assert rows.first.locator("td").first.inner_text() == "L0H0"
        assert 0 < float(rows.first.locator("td").last.inner_text()) <= 1
        assert not page.locator("[data-home-map]").is_visible()
        page.click("#home-map summary")
        page.click("#home-map [data-save=table]")
        assert page.locator("[data-home-map]").is_visible()
