"""Every kind of page by keyboard alone: walked with Tab and back, each control operated."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.whole import FAMILIES, Whole, build, texts

pytestmark = pytest.mark.browser

CONTROLS = """() => {
  const named = "a[href], button, input, select, textarea, summary, [tabindex]";
  window.controls = [...document.querySelectorAll(named)].filter((el) =>
    el.tabIndex >= 0 && !el.disabled && el.checkVisibility({ visibilityProperty: true }));
  window.clicked = [];
  addEventListener("click", (event) => {
    window.clicked.push(window.controls.findLastIndex((el) => el.contains(event.target)));
    if (event.target.closest("a[href]")) event.preventDefault();
  }, true);
  addEventListener("keydown", (event) => (window.taken = event.defaultPrevented));
  const what = (el) => (el.dataset.at ? "word" : el.getAttribute("role") ?? el.localName);
  return window.controls.map(what);
}"""
"""Find what Tab has to reach, keep count of clicks, and go nowhere."""

DONE = "at => clicked.includes(at)"
AT = "window.controls.indexOf(document.activeElement)"
PAGES = ("home", "record", "model", "head", "about")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("keyboard")
    return build(folder / "site", folder / "cache", texts(3), FAMILIES[::2])


def address(site: Whole, kind: str) -> Path:
    """Return the file of a page of this kind; the record is one with cross-attention."""
    found = {
        "home": "index.html",
        "record": site.plan.records[1][1].url,
        "model": site.plan.models[0].url,
        "about": "about.html",
    }
    if kind == "head":
        return next(site.folder.glob("heads/*/*.html"))
    return site.folder / found[kind]


def walk(page: Page, key: str, count: int) -> list[int]:
    """Press a key until `count` controls were met; return them in the order of meeting them."""
    met: list[int] = []
    for _ in range(2 * count):  # a region that scrolls is a stop of its own in some browsers
        if len(met) == count:
            break
        page.keyboard.press(key)
        at = page.evaluate(AT)
        if at >= 0:
            met.append(at)
    return met


@pytest.mark.parametrize("kind", PAGES)
def test_tab_goes_from_the_first_control_to_the_last_and_back(
    site: Whole, open_page: Open, kind: str
) -> None:
    page = open_page(address(site, kind))
    count = len(page.evaluate(CONTROLS))
    assert count
    assert walk(page, "Tab", count) == list(range(count))
    assert walk(page, "Shift+Tab", count - 1) == list(range(count - 1))[::-1]


@pytest.mark.parametrize("kind", PAGES)
def test_each_control_does_by_keyboard_what_it_is_there_for(
    site: Whole, open_page: Open, kind: str
) -> None:
    page = open_page(address(site, kind))
    for at, what in enumerate(page.evaluate(CONTROLS)):
        if not page.evaluate("at => controls[at].isConnected && !controls[at].disabled", at):
            continue  # another control has done away with it
        page.evaluate("at => { window.clicked = []; controls[at].focus(); }", at)
        if what in ("a", "button", "summary"):
            page.keyboard.press("Enter")
            page.wait_for_function(DONE, arg=at)
            page.keyboard.press("Escape")
        elif what in ("application", "word"):
            page.keyboard.press("ArrowDown" if what == "application" else "Enter")
            assert page.evaluate("taken"), at
        elif what == "input":
            page.keyboard.type("d[t?/")  # keys of the page are letters here
            assert page.evaluate("at => controls[at].value", at) == "d[t?/"
            page.keyboard.press("Escape")
            page.wait_for_function("at => controls[at].value === ''", arg=at)
        else:
            assert what in ("select", "region"), what
    for select in page.locator("select:visible").all():
        before, value = page.url.partition("#")[0], select.input_value()
        select.focus()
        page.keyboard.press("ArrowDown" if kind == "home" else "ArrowUp")
        if kind == "home":  # a filter
            assert select.input_value() != value
        else:
            page.wait_for_url(lambda url, before=before: not url.startswith(before))


@pytest.mark.parametrize("kind", ["record", "model", "home", "about"])
def test_keys_that_are_only_told_of_are_not_taken(site: Whole, open_page: Open, kind: str) -> None:
    page = open_page(address(site, kind))
    page.evaluate(CONTROLS)
    for key in ("Tab", "Shift+Tab", "Enter", "Home", "End", "ArrowDown", "PageDown", " "):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
        assert not page.evaluate("taken"), key
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("End")
    page.wait_for_function("() => scrollY > 0")


def test_the_list_of_keys_is_that_of_the_page(site: Whole, open_page: Open) -> None:
    told = {}
    for kind in ("home", "record", "model", "head", "about"):
        page = open_page(address(site, kind))
        page.keyboard.press("?")
        lines = page.locator("#keys dl > div").all()
        rows = [(*line.locator("kbd").all_inner_texts(), line.inner_text()) for line in lines]
        assert len(set(rows)) == len(rows)  # nothing is told twice
        told[kind] = {row[:-1] for row in rows}
        assert [row[:-1] for row in rows].count(("Esc",)) == (2 if kind == "home" else 1)
        page.keyboard.press("Escape")
        assert not page.is_visible("#keys")
    assert all({("?",), ("d",), ("/",), ("Esc",)} <= keys for keys in told.values())
    assert {("[",), ("]",), ("t",), ("↑", "↓", "←", "→", "Home", "End")} <= told["record"]
    assert {("t",), ("↑", "↓", "←", "→"), ("Enter",)} <= told["model"]
    assert {("[",), ("]",)} <= told["head"]
    assert ("t",) not in told["head"] | told["about"]


def test_escape_closes_what_is_open_and_then_chooses_no_word(site: Whole, open_page: Open) -> None:
    page = open_page(address(site, "record"), "#kind=encoder&layer=1&head=2&query=2&key=3")
    page.click("#heat summary")
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0
    assert page.locator(".tok.q").count() == 1
    page.keyboard.press("Escape")
    page.wait_for_url("**query=none**")
    assert page.locator(".tok.q").count() == 0
    assert page.inner_text("[data-sentence]") == "Choose a word to see where it looks."
    again = open_page(address(site, "record"), "#" + page.url.partition("#")[2])
    assert again.locator(".tok.q").count() == 0
    again.locator("[data-passage=source] [data-at='4']").press("Enter")
    assert again.locator(".tok.q").count() == 1
    assert "Choose a word" not in again.inner_text("[data-sentence]")


def test_escape_on_a_model_page_chooses_no_head(site: Whole, open_page: Open) -> None:
    page = open_page(address(site, "model"), "#layer=1&head=2")
    assert page.is_visible("[data-chosen]")
    page.keyboard.press("Escape")
    assert not page.is_visible("[data-chosen]")
    page.wait_for_url(lambda url: "head=" not in url)
