"""Every kind of page on paper: drawn whole, in few sheets, with nothing that only screens need."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.test_pages import INK
from tests.browser.whole import Whole, build, texts

pytestmark = pytest.mark.browser

SHEETS = {"home": 3, "record": 2, "model": 4, "head": 2, "report": 2}
KINDS = (*SHEETS, "about")
PAPER = {"width": 703, "height": 1029}  # of A4 within its margins, in CSS pixels
PRINTED = """() => {
  dispatchEvent(new Event("beforeprint"));
  const shown = (el) => el.checkVisibility({ visibilityProperty: true }) && el.clientWidth > 0;
  return {
    empty: [...document.querySelectorAll("main canvas")].filter(shown).filter((canvas) => {
      const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      return new Set(new Uint32Array(data.buffer)).size < 2;
    }).length,
    controls: [...document.querySelectorAll("nav, .bar-ctl, .controls, .menu, .switches, #search")]
      .filter(shown).map((el) => el.className),
    wide: document.documentElement.scrollWidth - innerWidth,
    closed: document.querySelectorAll("main details:not(.menu, .on-screen, [open])").length,
    overlaps: [...document.querySelectorAll(".index > li, .figure, .verdicts > li")]
      .filter(shown)
      .map((el) => el.getBoundingClientRect())
      .filter((a, at, all) => all.some((b, other) => other > at
        && a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1
        && b.top < a.bottom - 1)).length,
  };
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("print")
    return build(folder / "site", folder / "cache", texts(9))


def address(site: Whole, kind: str) -> Path:
    """Return the file of a page of this kind."""
    found = {
        "home": "index.html",
        "record": site.plan.records[0][1].url,
        "model": site.plan.models[0].url,
        "about": "about.html",
    }
    if kind in ("head", "report"):
        return head_page(site) if kind == "head" else min((site.folder / "reports").glob("*.html"))
    return site.folder / found[kind]


def head_page(site: Whole) -> Path:
    """Return the file of the first page of a head."""
    return min((site.folder / "heads").glob("*/*.html"))


def sheets(page: Page) -> int:
    """Return how many sheets a page takes, printed as soon as it says that it is ready."""
    printed = page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page[^s]", printed))


@pytest.mark.parametrize("kind", SHEETS)
def test_a_page_takes_few_sheets(site: Whole, open_page: Open, kind: str) -> None:
    assert 1 <= sheets(open_page(address(site, kind))) <= SHEETS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_paper_has_every_figure_and_no_control(site: Whole, open_page: Open, kind: str) -> None:
    page = open_page(address(site, kind))
    page.wait_for_timeout(400)  # long enough to read a title, and for a printer to be chosen
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)  # type: ignore[arg-type]
    found = page.evaluate(PRINTED)
    assert found == {"empty": 0, "controls": [], "wide": 0, "closed": 0, "overlaps": 0}
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("main details:not(.menu)[open]").count() == 0


def test_a_printed_text_has_its_rollout_and_says_what_is_shown(
    site: Whole, open_page: Open
) -> None:
    page = open_page(address(site, "record"), "#layer=1&head=2&query=3&key=1")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    painted = page.locator("[data-rollout] button canvas")
    assert painted.count() == 3  # as soon as the page is ready, far below what is in view
    assert all(canvas.evaluate(INK) > 3 for canvas in painted.all())
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="print")
    assert page.inner_text("[data-state-words]").startswith("Shown: Head L1H2; from “")


def test_home_has_its_small_maps_on_paper_as_soon_as_it_is_ready(
    site: Whole, open_page: Open
) -> None:
    page = open_page(address(site, "home"))
    pictures = len(re.findall(rb"/Subtype\s*/Image", page.pdf()))
    assert pictures > page.locator("canvas[data-thumb]").count() > 0  # and the map of all heads


def test_addresses_follow_links_on_paper(site: Whole, open_page: Open) -> None:
    page = open_page(address(site, "about"))
    page.emulate_media(media="print")
    after = "el => getComputedStyle(el, '::after').content"
    link = page.locator("#caveats a[href^=https]").first
    assert str(link.get_attribute("href")) in link.evaluate(after)
    page = open_page(address(site, "home"))
    page.emulate_media(media="print")
    link = page.locator(".index a").first
    assert str(link.get_attribute("href")) in link.evaluate(after)
