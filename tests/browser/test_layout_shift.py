"""Nothing jumps: what is drawn later has its room from the start, on every kind of page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open, Sites
from tests.browser.synthetic import Shape
from tests.browser.whole import Whole, build, texts

pytestmark = pytest.mark.browser

MOST = 0.02
SHAPES = (
    Shape(layers=4, heads=8),
    Shape("decoder", layers=12, heads=12, tokens=128),
    Shape("encoder-decoder", layers=6, heads=8),
    Shape("encoder", layers=24, heads=16, tokens=40),
)
WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    const moved = entry.sources.map(({ node }) => node?.id || node?.className || node?.nodeName);
    shifts.push([entry.value, moved.join("; ")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += 400) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 50));
  }
}"""
WINDOWS = ({"width": 1360, "height": 900}, {"width": 390, "height": 844})


def shifts(page: Page) -> dict[str, float]:
    """Return by how much what has moved since the last call."""
    found = page.evaluate("() => shifts.splice(0)")
    return {moved: value for value, moved in found if value >= 0.001}


def hold(open_page: Open, path: Path, window: dict[str, int]) -> None:
    """Load a page and scroll through it: neither moves more than the budget."""
    page = open_page(path, script=WATCH, viewport=window)
    page.wait_for_timeout(500)
    loaded = shifts(page)
    assert sum(loaded.values()) <= MOST, loaded
    page.evaluate(SCROLL)
    page.wait_for_timeout(200)
    scrolled = shifts(page)
    assert sum(scrolled.values()) <= MOST, scrolled


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window["width"])
@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.layers}x{shape.heads}")
def test_texts_stay_where_they_are(
    sites: Sites, open_page: Open, shape: Shape, window: dict[str, int]
) -> None:
    hold(open_page, sites(shape).path("plain"), window)


@pytest.fixture(scope="module", params=[(4, 8), (24, 16)], ids=["4x8", "24x16"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("still")
    return build(folder / "site", folder / "cache", texts(3), extent=request.param)


@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: window["width"])
def test_all_other_pages_stay_where_they_are(
    site: Whole, open_page: Open, window: dict[str, int]
) -> None:
    head = min((site.folder / "heads").glob("*/*.html"))
    pages = [site.folder / url for url in ("index.html", "about.html", site.plan.models[0].url)]
    for path in (*pages, head, *sorted((site.folder / "reports").glob("*.html"))):
        hold(open_page, path, window)
