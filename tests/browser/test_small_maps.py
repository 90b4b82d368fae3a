"""Small maps: what lies under the pointer is told, axes are shared; words follow the kind."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from attnatlas.analyses import flow, rollout
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Sites
from tests.browser.synthetic import Shape
from tests.browser.test_record import saved

pytestmark = pytest.mark.browser

PAIR = Shape("encoder-decoder")


def number(text: str) -> float:
    return float(text.split()[-1].replace("<", ""))


def point(page: Page, canvas: str, across: float, down: float) -> None:
    """Move the pointer to a place of a canvas, in shares of it."""
    page.locator(canvas).scroll_into_view_if_needed()
    box = page.locator(canvas).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


def test_a_cell_of_a_small_map_is_told_with_its_head_and_words(
    sites: Sites, open_page: Open
) -> None:
    made = sites(Shape())
    page = open_page(made.path("plain"))
    capture = made.captures["plain"]
    weights, tokens = capture.maps[0].weights, capture.maps[0].queries
    count = len(tokens)
    canvas = "[data-overview] canvas"
    pin = page.locator("[data-overview] .pin").bounding_box()
    assert pin is not None
    cell, left, top = pin["width"], 34, 36
    box = page.locator(canvas).bounding_box()
    assert box is not None
    layer, head, row, column = 1, 2, 9, 4
    x = left + (head + (column + 0.5) / count) * cell
    y = top + (layer + (row + 0.5) / count) * cell
    page.mouse.move(box["x"] + x, box["y"] + y)
    said = page.inner_text("[data-overview] .tip")
    pair = f"{tokens[row].text.strip()} → {tokens[column].text.strip()}"
    assert said.startswith(f"L1H2: {pair}")
    assert number(said) == pytest.approx(weights[layer, head, row, column], abs=6e-3)
    page.mouse.move(2, 2)
    assert not page.is_visible("[data-overview] .tip")
    point(page, "[data-rollout] button:nth-of-type(3) canvas", 4.5 / count, 9.5 / count)
    said = page.inner_text("[data-rollout] .tip")
    assert said.startswith(f"layer 2: {pair}")
    share = rollout.rollout(weights)[2, row, column]
    assert number(said) == pytest.approx(share, abs=6e-3)
    for figure in ("#heads", "#rollout"):
        legend = page.inner_text(f"{figure} .legend")
        assert "rows look: ↓ [CLS] to [SEP]; columns are looked at: → [CLS] to [SEP]" in legend


def test_a_cell_of_a_thumbnail_stands_for_a_block_of_words(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(Shape(tokens=200)).path("plain"))
    page.locator("[data-overview] canvas").hover(position={"x": 60, "y": 60})
    said = page.inner_text("[data-overview] .tip")
    assert re.match(r"L0H0: .+ … .+ → .+ … .+ ", said)


def test_rollout_and_flow_speak_of_what_is_shown(
    sites: Sites, open_page: Open, tmp_path: Path
) -> None:
    made = sites(PAIR)
    capture = made.captures["plain"]
    maps = {part.kind: part for part in capture.maps}
    page = open_page(made.path("plain"), "#kind=cross&layer=1&head=2&query=2&key=3")
    page.locator("#flow").scroll_into_view_if_needed()
    for kind, way in (
        ("cross", "from source to target"),
        ("encoder", "in the encoder"),
        ("decoder", "in the decoder"),
    ):
        page.click(f".controls [data-set=kind][data-value={kind}]")
        ends(page, "rollout", way)
        stack = "encoder" if kind == "encoder" else "decoder"
        ends(page, "flow", f"in the {stack}")
        assert f"at the top of the {stack}" in page.inner_text("#flow .legend")
        assert page.is_visible("text=Flow stays within one stack") == (kind == "cross")
        assert page.locator("#rollout .findings:visible").count() == (kind == "decoder")
        said = "has taken from the source" if kind == "cross" else "is still its own"
        page.wait_for_selector(f"[data-rollout-says]:has-text('{said}')")
        rows = flow_rows(page, tmp_path)
        part = maps[stack]
        assert [row["token"] for row in rows] == [token.text for token in part.keys]
        start = flow.rows_of(part, capture)[0]
        expected = flow.flow(part.weights, [start])[start]
        np.testing.assert_allclose([float(row["flow"]) for row in rows], expected, rtol=1e-3)


def ends(page: Page, figure: str, words: str) -> None:
    """Wait until the title of a figure, as it is seen, ends in words."""
    title = page.locator(f"#{figure} h3").first
    expect(title).to_have_text(re.compile(rf"{words}\s*$"), use_inner_text=True)


def flow_rows(page: Page, folder: Path) -> list[dict[str, str]]:
    """Return the rows of the numbers of flow."""
    page.wait_for_selector("#flow canvas")
    with saved(page, "flow", "csv", folder).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def test_a_saved_picture_has_the_title_of_what_is_shown(
    sites: Sites, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(sites(PAIR).path("plain"), "#kind=encoder")
    page.wait_for_selector("[data-rollout] button")
    picture = saved(page, "rollout", "svg", tmp_path).read_text("utf-8")
    assert "in the encoder" in picture
    assert "from source to target" not in picture
