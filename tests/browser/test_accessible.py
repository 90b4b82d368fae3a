"""Every kind of page is for anyone: nothing that axe finds, names, rings, a choice that shows."""

from __future__ import annotations

from pathlib import Path

import axe_core_python
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.whole import FAMILIES, Whole, build, texts

pytestmark = pytest.mark.browser

AXE = next(Path(axe_core_python.__file__).parent.rglob("axe.min.js"))
RUN = """async () => {
  const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]);
}"""
NAMELESS = """() => [...document.querySelectorAll("canvas")]
  .filter((el) => !el.closest("[aria-hidden=true], [role=img][aria-label]"))
  .filter((el) => !el.getAttribute("aria-label"))
  .map((el) => el.outerHTML)"""
RING = """() => {
  const el = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(el);
  const ring = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
  return ring || el === document.body ? "" : el.outerHTML.slice(0, 120);
}"""
PAGES = ("home", "record", "pair", "model", "head", "about", "404")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("anyone")
    return build(folder / "site", folder / "cache", texts(3), FAMILIES[::2])


def opened(site: Whole, open_page: Open, kind: str, **options: object) -> Page:
    """Open a page of this kind once all of it is drawn."""
    found = {
        "record": site.plan.records[0][1].url,
        "pair": site.plan.records[1][1].url,
        "model": site.plan.models[0].url,
        "about": "about.html",
        "404": "404.html",
    }
    path = site.folder / found.get(kind, "index.html")
    if kind == "head":
        path = min((site.folder / "heads").glob("*/*.html"))
    page = open_page(path, ready=kind != "404", bypass_csp=True, **options)
    page.wait_for_timeout(700)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", PAGES)
def test_axe_finds_nothing(site: Whole, open_page: Open, kind: str, scheme: str) -> None:
    page = opened(site, open_page, kind, color_scheme=scheme)
    page.add_script_tag(path=str(AXE))
    assert page.evaluate(RUN) == []
    assert page.evaluate(NAMELESS) == []


@pytest.mark.parametrize("kind", PAGES[:-1])
def test_what_has_the_focus_has_a_ring(site: Whole, open_page: Open, kind: str) -> None:
    page = opened(site, open_page, kind)
    without = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        without.add(page.evaluate(RING))
    assert without <= {""}


def test_forced_colours_show_what_is_chosen(site: Whole, open_page: Open) -> None:
    page = opened(site, open_page, "record", forced_colors="active")
    for selector in ("[data-set=view]", "[data-set=scale]"):
        looks = page.locator(selector).evaluate_all(
            "all => all.map((el) => [el.ariaPressed, getComputedStyle(el).outlineStyle])"
        )
        assert {look for pressed, look in looks if pressed == "true"} == {"solid"}
        assert {look for pressed, look in looks if pressed == "false"} == {"none"}
