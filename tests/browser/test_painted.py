"""Charts that the page paints itself are those that Vega-Lite draws of the same data."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open, Sites
from tests.browser.synthetic import Shape

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
