"""Printed in the very moment that a page says it is ready, before any idle time: all is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings

from tests.browser.conftest import Open
from tests.browser.test_painted import APART, HELD

pytestmark = pytest.mark.browser

TEXTS = ("The food was not bad, but the wine was awful.", "A lovely film, and a warm one.")
FIGURES = ("heat", "lines", "heads", "rollout", "saliency", "flow", "faithfulness")
PAGES = {
    "index.html": 3, "about.html": 1, "models/*.html": 9, "reports/*.html": 0, "heads/*/*.html": 2,
}  # fmt: skip
"""Pages of each kind, and the least of pictures that they have."""
NOTE = """() => addEventListener("beforeprint", () => {
  const shown = (el) => el.checkVisibility({ visibilityProperty: true }) && el.clientWidth > 0;
  const colours = (canvas) => {
    const { width, height } = canvas;
    if (!width || !height) return 0;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    return new Set(new Uint32Array(data.buffer)).size;
  };
  const of = (el) => [...el.querySelectorAll("canvas")].filter(shown).map(colours);
  const figures = [...document.querySelectorAll(".figure[id]")];
  window.atPrint = {
    figures: Object.fromEntries(figures.map((el) => [el.id, of(el)])),
    drawn: of(document).length,
    blank: of(document).filter((count) => count < 2).length,
    bare: [...document.querySelectorAll(".map")].filter(shown)
      .filter((el) => !el.querySelector("canvas, svg, [data-rows]")).map((el) => el.className),
  };
})"""
"""Notes what is drawn once the page has been told of a print, which waits for no more."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site of two texts, read by the embedded classifier."""
    folder = tmp_path_factory.mktemp("at-once")
    rows = "".join(f'[[record]]\nid = "t{n}"\ntext = "{text}"\nlabel = "positive"\n'
                   for n, text in enumerate(TEXTS))  # fmt: skip
    about = 'title = "T"\nabout = "A."\nlicence = "CC0-1.0"\nsource = "Own."\n'
    (folder / "texts.toml").write_text(about + rows, "utf-8")
    settings = Settings(
        corpora=(str(folder / "texts.toml"),), models=("sentiment",), output=folder / "site",
        store=folder / "store", without=("twins",), also=("scores", "norms"), threads=1,
    )  # fmt: skip
    build_site(settings)
    return folder / "site"


WIPE = """name => addEventListener("beforeprint", () => {
  for (const canvas of document.getElementById(name).querySelectorAll("canvas")) canvas.width += 0;
})"""
"""Wipes what the page has drawn for paper in one figure."""


def printed(open_page: Open, path: Path) -> dict[str, Any]:
    """Return what was drawn when the page was printed."""
    page = open_page(path, script=HELD)
    page.evaluate(NOTE)
    page.pdf(prefer_css_page_size=True)
    found: dict[str, Any] = page.evaluate("atPrint")
    return found


def test_a_text_has_all_its_figures_on_paper_at_once(site: Path, open_page: Open) -> None:
    found = printed(open_page, min(site.glob("records/*/*.html")))
    drawn = {name: found["figures"][name] for name in FIGURES}
    assert all(drawn.values())
    assert all(colours > 3 for canvases in drawn.values() for colours in canvases)
    assert len(drawn["faithfulness"]) == 2  # erased, and kept
    assert found["blank"] == 0


@pytest.mark.parametrize("figure", FIGURES)
def test_the_paper_itself_has_the_ink_of_a_figure(site: Path, open_page: Open, figure: str) -> None:
    def size(script: str) -> int:
        page = open_page(min(site.glob("records/*/*.html")), script=HELD)
        page.evaluate(script, figure)
        return len(page.pdf(prefer_css_page_size=True))

    assert size(WIPE) < size("() => {}") - 600


def test_what_needs_a_file_of_its_own_says_so_on_paper(site: Path, open_page: Open) -> None:
    small = {"width": 1360, "height": 200}  # so that it is not near
    page = open_page(min(site.glob("records/*/*.html")), script=HELD, viewport=small)
    page.emulate_media(media="print")
    after = "el => getComputedStyle(el, '::after').content"
    assert "Not drawn yet" in page.locator("[data-bars=inside]").evaluate(after)


@pytest.mark.parametrize("kind", PAGES)
def test_other_pages_are_whole_on_paper_at_once(site: Path, open_page: Open, kind: str) -> None:
    found = printed(open_page, min(site.glob(kind)))
    assert (found["blank"], found["bare"]) == (0, [])
    assert found["drawn"] >= PAGES[kind]


@pytest.mark.parametrize("curve", ["erased", "alone"])
def test_curves_are_painted_as_vega_draws_them(site: Path, open_page: Open, curve: str) -> None:
    page = open_page(min(site.glob("records/*/*.html")), script=HELD)
    page.locator("#faithfulness").scroll_into_view_if_needed()
    page.wait_for_selector(f"[data-curve={curve}] .chart canvas")
    assert page.locator("#faithfulness .vega-embed").count() == 0
    apart, ink = page.evaluate(APART, f"[data-curve={curve}]")
    assert ink > 500
    assert apart / ink < 0.005
    page.evaluate("releaseIdle()")
    page.wait_for_selector(f"[data-curve={curve}] .vega-embed canvas")
