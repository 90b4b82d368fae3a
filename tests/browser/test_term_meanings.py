"""A term of the glossary is told where it stands, and its line stays one step away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.whole import FAMILIES, Whole, build, texts

pytestmark = pytest.mark.browser

TERM = "main a[href*='#term-']:not([class]) >> visible=true"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("terms")
    return build(folder / "site", folder / "cache", texts(1), FAMILIES[:1])


@pytest.fixture(scope="module")
def record(site: Whole) -> Path:
    return site.folder / site.plan.records[0][0].url


def test_a_term_is_told_without_leaving_the_page(record: Path, open_page: Open) -> None:
    page = open_page(record)
    address = page.url.partition("#")[0]
    link = page.locator(TERM).first
    link.click()
    told = page.get_by_role("dialog")
    told.wait_for()
    assert page.url.partition("#")[0] == address
    name = told.get_attribute("aria-label")
    assert told.inner_text().startswith(f"{name} ")
    assert len(told.inner_text().split()) > 6
    box, place = told.bounding_box(), link.bounding_box()
    size = page.viewport_size
    assert box is not None
    assert place is not None
    assert size is not None
    assert 0 < box["y"] - place["y"] - place["height"] < 12  # below its word, and not over it
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    told.get_by_role("link").click()
    page.wait_for_url("**/about.html#term-*")


def test_escape_closes_it_and_leads_back_to_the_word(record: Path, open_page: Open) -> None:
    page = open_page(record)
    link = page.locator(TERM).first
    link.focus()
    before = page.url
    page.keyboard.press("Enter")
    told = page.get_by_role("dialog")
    told.wait_for()
    assert told.evaluate("el => el === document.activeElement")
    page.keyboard.press("Escape")
    told.wait_for(state="detached")
    assert link.evaluate("el => el === document.activeElement")
    assert page.url == before  # Esc has closed it, and changed nothing else


UNREAD = """const read = atlas.script;
atlas.script = (at) => (at.endsWith("terms.js") ? Promise.reject(Error(at)) : read(at))"""
"""Only the words cannot be read: charts come in idle time, and need their scripts."""


@pytest.mark.parametrize("without", ["delete HTMLElement.prototype.showPopover", UNREAD])
def test_where_it_cannot_be_told_the_link_leads_to_its_line(
    record: Path, open_page: Open, without: str
) -> None:
    page = open_page(record)
    page.evaluate(f"() => {{ {without}; }}")
    page.locator(TERM).first.click()
    page.wait_for_url("**/about.html#term-*")
