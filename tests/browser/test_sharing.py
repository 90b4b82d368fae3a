"""What leaves this machine opens in a browser without network, and shows what the folder shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attnatlas.cli import run
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.share.conftest import small_site

pytestmark = pytest.mark.browser

PAGES = (
    "index.html",
    "about.html",
    "reports/errors.html",
    "models/sentiment.html",
    "heads/sentiment/self-L1H2.html",
    "records/sentiment/river.html",
)

SHOWN = """() => ({
  title: document.title,
  headings: [...document.querySelectorAll("h1,h2,h3")].map((node) => node.innerText),
  words: document.querySelector("main").innerText,
  painted: [...document.querySelectorAll("canvas")].map((node) => node.toDataURL()),
  drawn: document.querySelectorAll("svg *").length,
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small site with a single file, one of one text and one of a report beside it."""
    folder = small_site(tmp_path_factory.mktemp("shared"))
    for name, options in {
        "whole": ["--single-file"],
        "river": ["--single-file", "--only", "river", "--without-numbers"],
        "errors": ["--report", "errors"],
    }.items():
        target = folder.with_name(f"{name}.html")
        assert run(["export", str(folder), *options, "-o", str(target)]) == 0
    return folder


def shown(page: Page) -> dict[str, Any]:
    """Scroll through a page, so that all of it is drawn, and return what it shows."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 600):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(60)
    page.wait_for_timeout(200)
    found: dict[str, Any] = page.evaluate(SHOWN)
    return found


@pytest.mark.parametrize("url", PAGES)
def test_a_single_file_shows_what_the_folder_shows(url: str, site: Path, open_page: Open) -> None:
    expected = shown(open_page(site / url))
    found = shown(open_page(site.with_name("whole.html"), f"?{url}"))
    assert found["headings"] == expected["headings"]
    assert found == expected
    assert found["words"]


def test_every_section_of_a_text_is_painted(site: Path, open_page: Open) -> None:
    found = shown(open_page(site.with_name("whole.html"), "?records/sentiment/river.html"))
    assert len(found["painted"]) > 1
    assert len(set(found["painted"])) > 1


def test_links_lead_from_page_to_page_in_one_file(site: Path, open_page: Open) -> None:
    page = open_page(site.with_name("whole.html"))
    assert page.title() == "Two lines"
    page.get_by_role("link", name="About", exact=True).click()
    page.wait_for_selector("body[data-ready]")
    assert page.title().startswith("About")
    page.go_back()
    page.wait_for_selector("body[data-ready]")
    page.locator("main a[href*='records/sentiment/film.html']").first.click()
    page.wait_for_url("**records/sentiment/film.html*")
    page.wait_for_selector("body[data-ready]")
    assert "film" in page.title()


def test_a_view_is_in_the_address_of_a_single_file(site: Path, open_page: Open) -> None:
    page = open_page(site.with_name("whole.html"), "?records/sentiment/river.html#layer=2&head=5")
    assert "L2H5" in page.locator("[data-sentence]").inner_text()
    assert page.locator("body").get_attribute("data-root") == "?"


def test_numbers_are_saved_from_a_single_file(site: Path, open_page: Open) -> None:
    page = open_page(site.with_name("whole.html"), "?records/sentiment/river.html")
    link = page.locator("main a", has_text="all numbers").first
    with page.expect_download() as started:
        link.evaluate("node => node.click()")
    saved = Path(started.value.path()).read_bytes()
    assert saved == (site / "data" / "sentiment" / "river.safetensors").read_bytes()


def test_what_is_not_in_a_file_is_said(site: Path, open_page: Open) -> None:
    page = open_page(site.with_name("river.html"), "?records/sentiment/film.html")
    assert "made without records/sentiment/film.html" in page.locator("main").inner_text()
    page = open_page(site.with_name("river.html"), "?records/sentiment/river.html")
    assert page.locator("main a:not([href])").count() > 0
    page = open_page(site.with_name("errors.html"))
    assert page.title().startswith("Which texts are wrong")
