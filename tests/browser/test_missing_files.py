"""A page without its folder, or without one of its files, says so in a line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Open, Sites
from tests.browser.synthetic import Shape
from tests.browser.whole import Whole, build, texts

pytestmark = pytest.mark.browser

LONG = Shape(layers=2, heads=2, tokens=140)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("missing")
    return build(folder / "site", folder / "cache", texts(2))


def test_a_page_alone_says_that_its_folder_is_missing(
    site: Whole, chromium: Browser, open_page: Open, tmp_path: Path
) -> None:
    record = site.folder / site.plan.records[0][1].url
    alone = Path(shutil.copy(record, tmp_path / "alone.html"))
    page = chromium.new_page()
    page.goto(alone.as_uri())
    assert page.locator(".apart").is_visible()
    assert "without its folder" in page.inner_text(".apart")
    page.close()
    assert not open_page(record).locator(".apart").is_visible()


@pytest.mark.parametrize(("gone", "figure"), [("self.rollout", "#rollout"), ("self", "#heat")])
def test_a_figure_without_its_file_says_so(
    site: Whole, chromium: Browser, tmp_path: Path, gone: str, figure: str
) -> None:
    folder = Path(shutil.copytree(site.folder, tmp_path / "site"))
    record = site.plan.records[0][1]
    (folder / f"{record.maps}.{gone}.js").unlink()
    page = chromium.new_page()
    page.goto((folder / record.url).as_uri())
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector(f"{figure} .state.err")
    assert f"{gone}.js cannot be read" in page.inner_text(f"{figure} .state.err")
    page.close()


def test_lines_that_are_not_drawn_have_no_menu(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(LONG).path("plain"))
    assert not page.is_visible("#lines .menu")  # from the start, far below what is in view


def test_the_key_for_a_table_turns_what_is_most_in_view(site: Whole, open_page: Open) -> None:
    page = open_page(site.folder / site.plan.records[0][1].url)
    page.wait_for_timeout(300)
    page.focus("[data-overview]")
    page.locator("#rollout").evaluate("el => el.scrollIntoView({ block: 'center' })")
    page.mouse.move(2, 2)
    page.keyboard.press("t")
    page.wait_for_selector(".figure.as-table")
    turned = page.locator(".figure.as-table")
    box = turned.bounding_box() or {}
    assert turned.count() == 1
    assert box["y"] < 900
    assert box["y"] + box["height"] > 0
