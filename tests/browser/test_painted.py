"""The first frame of a chart is what Vega-Lite draws, which then takes its place."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from tests.browser.conftest import Open, Sites
from tests.browser.synthetic import Shape
from tests.browser.test_figures import VIEWS

pytestmark = pytest.mark.browser

APART = """async (figure) => {
  const el = document.querySelector(`${figure} .chart`);
  const canvas = el.querySelector("canvas");
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const pixels = (image) => {
    const copy = Object.assign(document.createElement("canvas"), { width, height });
    const context = copy.getContext("2d");
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height).data;
  };
  const image = new Image();
  const svg = await atlas.drawings.get(el).svg();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  await image.decode();
  const [painted, drawn] = [pixels(canvas), pixels(image)];
  const inked = (all, at) => all[at] + all[at + 1] + all[at + 2] < 600;
  let [apart, ink] = [0, 0];
  for (let at = 0; at < painted.length; at += 4) {
    const far = Math.max(...[0, 1, 2].map((k) => Math.abs(painted[at + k] - drawn[at + k])));
    apart += far > 90;
    ink += inked(painted, at) || inked(drawn, at);
  }
  return [apart, ink];
}"""
"""Pixels that are far apart, and those that have ink in either."""


@pytest.mark.parametrize("figure", ["#lines", "#flow"])
def test_what_is_painted_is_what_vega_draws(sites: Sites, open_page: Open, figure: str) -> None:
    made = sites(Shape())
    page = open_page(made.path(next(iter(made.pages))))
    page.locator(figure).scroll_into_view_if_needed()
    page.wait_for_selector(f"{figure} .chart canvas")
    apart, ink = page.evaluate(APART, figure)
    assert ink > 500
    assert apart / ink < 0.005


HELD = """(() => {
  let held = true; // the page keeps the function that it found
  const kept = [];
  window.requestIdleCallback = (act) => (held ? kept.push(act) : setTimeout(act, 0));
  window.releaseIdle = () => {
    held = false;
    for (const act of kept.splice(0)) act();
  };
})();"""
"""Keeps what waits for idle time until it is asked for."""

LIVE = """(figure) => {
  const { shownView: view } = document.querySelector(`${figure} .vega-embed`);
  const cells = view.data("cells").map(({ query, key, ink }) => [query, key, ink]);
  return { cells, labels: view.data("labels").length };
}"""
"""What the Vega view of a heatmap has."""


def test_the_heatmap_lines_and_bars_are_vega_lite_charts_as_soon_as_there_is_time(
    sites: Sites, open_page: Open
) -> None:
    page = open_page(sites(Shape()).path("plain"), "#units=subwords", script=VIEWS)
    for figure in ("#heat", "#lines", "#flow"):
        page.locator(figure).scroll_into_view_if_needed()
        page.wait_for_selector(f"{figure} .chart > .vega-embed canvas")
        assert page.locator(f"{figure} .chart canvas").count() == 1  # in place of the first frame


def test_a_switch_of_the_head_goes_through_the_vega_view(sites: Sites, open_page: Open) -> None:
    made = sites(Shape())
    page = open_page(made.path("plain"), "#layer=1&head=2&units=subwords", script=VIEWS)
    page.wait_for_selector("#heat .vega-embed canvas")
    weights = made.captures["plain"].maps[0].weights
    for head in (2, 3):
        page.evaluate(f"location.hash = 'layer=1&head={head}&units=subwords'")
        page.wait_for_function(
            f"document.querySelector('#heat h3').textContent.includes('L1H{head}')"
        )
        found = page.evaluate(LIVE, "#heat")
        assert len(found["cells"]) == weights[1, head].size
        assert found["labels"] >= 2 * len(weights[1, head])
        for query, key, ink in found["cells"]:
            assert ink == pytest.approx(weights[1, head][query, key] ** 0.5, abs=0.01)


def test_the_first_frame_and_the_chart_are_alike(sites: Sites, open_page: Open) -> None:
    shape = Shape("decoder")
    page = open_page(sites(shape).path("plain"), script=HELD)
    heat = page.locator("#heat .chart")
    assert page.locator("#heat .vega-embed").count() == 0
    first = heat.screenshot()
    page.evaluate("releaseIdle()")
    page.wait_for_selector("#heat .vega-embed canvas")
    apart = ImageChops.difference(
        *(Image.open(BytesIO(one)).convert("L") for one in (first, heat.screenshot()))
    )
    assert sum(apart.histogram()[60:]) <= 0.002 * apart.width * apart.height
