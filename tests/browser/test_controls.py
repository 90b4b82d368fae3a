"""The bar of controls and the map of all heads of a record page: in view beside what obeys them."""

from __future__ import annotations

import csv
import json
from io import BytesIO
from pathlib import Path

import altair as alt
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Sites
from tests.browser.synthetic import Shape
from tests.browser.test_record import saved
from tests.browser.whole import Whole, build, texts

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
COVERED = """() => {
  const el = document.activeElement, bar = document.querySelector(".controls");
  if (el === document.body || bar.contains(el)) return "";
  const [mine, its] = [el, bar].map((one) => one.getBoundingClientRect());
  const over = mine.bottom > its.top && mine.top < its.bottom - 1 && mine.height < 300;
  return over ? el.outerHTML.slice(0, 120) : "";
}"""
NODES, SCRIPT = 1000, 132_500


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("controls")
    return build(folder / "site", folder / "cache", texts(3), ("encoder", "decoder"))


def opened(site: Whole, open_page: Open, **options: object) -> Page:
    return open_page(site.folder / site.plan.records[0][1].url, **options)


def to(page: Page, selector: str) -> None:
    """Bring the top of an element to the top of the window."""
    page.evaluate("(s) => document.querySelector(s).scrollIntoView({ block: 'start' })", selector)


def top(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["y"]


def test_the_bar_and_the_heads_stay_beside_what_obeys_them(site: Whole, open_page: Open) -> None:
    page = opened(site, open_page)
    for figure in ("#lines", "#rollout"):
        to(page, figure)
        assert top(page, ".controls") == pytest.approx(0, abs=1)
        assert 40 < top(page, "#heads") < 80
        assert top(page, figure) >= 44  # below the bar
        beside = page.locator(figure).bounding_box()
        heads = page.locator("#heads").bounding_box()
        assert beside is not None
        assert heads is not None
        assert beside["x"] + beside["width"] < heads["x"]
    page.set_viewport_size({"width": 1360, "height": 500})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert top(page, ".controls") < -40
    assert top(page, "#heads") < 0


def test_a_narrow_bar_is_one_row_that_has_the_head_too(site: Whole, open_page: Open) -> None:
    page = opened(site, open_page, viewport=PHONE)
    to(page, "#lines")
    bar = page.locator(".controls").bounding_box()
    assert bar is not None
    assert bar["y"] == pytest.approx(0, abs=1)
    assert bar["height"] <= 50
    page.select_option("[data-number=layer]", "2")
    page.select_option("[data-number=head]", "3")
    expect(page.locator("[data-card-head]")).to_have_text("L2H3")
    page.locator(".controls [data-set=units][data-value=subwords]").focus()
    page.keyboard.press("Enter")  # scrolled to within the row
    page.wait_for_url("**layer=2&head=3**units=subwords**")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("options", [{}, {"viewport": PHONE}], ids=["wide", "narrow"])
def test_the_bar_covers_nothing_that_has_the_focus(
    site: Whole, open_page: Open, options: dict[str, object]
) -> None:
    page = opened(site, open_page, reduced_motion="reduce", **options)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    covered, steps = set(), 0
    page.locator("footer a").last.focus()
    while page.evaluate("document.activeElement !== document.querySelector('.skip')"):
        page.keyboard.press("Shift+Tab")
        covered.add(page.evaluate(COVERED))
        steps += 1
        assert steps < 200
    assert covered == {""}
    assert (
        page.locator(".controls").evaluate("el => getComputedStyle(el).transitionDuration") == "0s"
    )


def test_what_is_behind_more_is_told_and_closed_by_escape(site: Whole, open_page: Open) -> None:
    page = opened(site, open_page)
    assert page.inner_text(".controls summary") == "More"
    page.focus(".controls summary")
    page.keyboard.press("Enter")
    page.locator(".panel [data-set=view][data-value=rollout]").press("Enter")
    page.locator(".panel [data-set=special][data-value=hide]").press("Enter")
    page.wait_for_selector("#heat h3:has-text('Rollout')")
    page.keyboard.press("Escape")
    assert not page.is_visible(".panel")
    assert page.evaluate("document.activeElement.localName") == "summary"
    assert page.inner_text(".controls summary") == "More: rollout, hide"
    page.wait_for_url("**view=rollout**special=hide**")


def test_the_map_that_is_always_in_view_is_no_table_unless_it_is_meant(
    site: Whole, open_page: Open
) -> None:
    page = opened(site, open_page)
    to(page, "#rollout")
    page.mouse.move(5, 400)
    page.keyboard.press("t")
    page.wait_for_selector("#rollout.as-table")
    page.focus("[data-overview]")
    page.keyboard.press("t")
    page.wait_for_selector("#heads.as-table")


def test_a_record_page_is_light(site: Whole, sites: Sites, open_page: Open) -> None:
    script = site.folder / "assets" / "record.js"
    assert script.stat().st_size <= SCRIPT
    made = sites(Shape(layers=12, heads=12, tokens=512))
    page = open_page(made.path("plain"))
    assert page.evaluate("document.getElementsByTagName('*').length") <= NODES


def test_of_many_words_only_the_chosen_one_has_lines_until_a_threshold_is_set(
    sites: Sites, open_page: Open, tmp_path: Path
) -> None:
    made = sites(Shape(tokens=60))
    page = open_page(made.path("plain"), "#layer=1&head=2&query=9&key=8")
    page.locator("#lines").scroll_into_view_if_needed()
    page.wait_for_selector("#lines canvas")
    weights = made.captures["plain"].maps[0].weights[1, 2]
    drawn = lines_of(page, tmp_path)
    assert {query for query, _ in drawn} == {9}
    assert len(drawn) == (weights[9] > 0.03).sum()
    page.locator("[data-least] input").fill("0.5")
    page.wait_for_url("**least=0.5**")
    assert page.inner_text("[data-least] output") == "all of 0.50 or more"
    rows, keys = np.nonzero(weights >= 0.5)
    expected = set(zip(rows.tolist(), keys.tolist(), strict=True))
    others = {pair for pair in lines_of(page, tmp_path) if pair[0] != 9}
    assert others == {pair for pair in expected if pair[0] != 9}
    again = open_page(made.path("plain"), "#" + page.url.partition("#")[2])
    assert again.input_value("[data-least] input") == "0.5"
    few = open_page(sites(Shape()).path("plain"))
    assert not few.is_visible("[data-least]")


def lines_of(page: Page, folder: Path) -> set[tuple[int, int]]:
    """Return the pairs that have a line."""
    with saved(page, "lines", "csv", folder).open(newline="", encoding="utf-8") as handle:
        return {(int(row["query"]), int(row["key"])) for row in csv.DictReader(handle)}


def test_a_long_map_has_a_part_of_it_large_that_follows_what_is_chosen(
    sites: Sites, open_page: Open, tmp_path: Path
) -> None:
    made = sites(Shape(tokens=200))
    page = open_page(made.path("plain"), "#layer=2&head=3&query=150&key=12")
    page.locator("#closeup").scroll_into_view_if_needed()
    page.wait_for_selector("#closeup canvas")
    assert whole(page) == ([134, 0], [32, 32])
    weight = float(made.captures["plain"].maps[0].weights[2, 3, 150, 12])
    shown = float(page.inner_text("[data-closeup] .tip").split()[-1])
    assert shown == pytest.approx(weight, abs=6e-3)
    with saved(page, "closeup", "csv", tmp_path).open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    assert {int(row["query"]) for row in rows} == set(range(134, 166))
    assert {int(row["key"]) for row in rows} == set(range(32))
    chart = json.loads(saved(page, "closeup", "json", tmp_path).read_text("utf-8"))
    alt.Chart.from_dict(chart)
    assert chart["title"]["text"] == "Around the chosen pair"
    assert len(chart["datasets"]["cells"]) == 32 * 32
    picture = saved(page, "closeup", "svg", tmp_path).read_text("utf-8")
    assert "Around the chosen pair" in picture
    assert "<image" not in picture
    page.focus("[data-closeup]")
    for _ in range(14):
        page.keyboard.press("ArrowDown")
    page.wait_for_url("**query=164&key=12**")
    assert whole(page) == ([148, 0], [32, 32])  # moved on, around the chosen one
    page.focus("[data-heat]")
    page.keyboard.press("t")
    page.wait_for_selector("#heat .twin tbody tr")
    assert page.locator("#heat .twin tbody tr").count() == 200
    short = open_page(sites(Shape()).path("plain"))
    assert short.locator("#closeup").count() == 0


def whole(page: Page) -> tuple[list[int], list[int]]:
    """Return the first cell of the box on the whole map and how many cells it has each way."""
    found = page.evaluate("""() => {
      const [left, top, cell] = document.querySelector("#heat .inner").dataset.grid.split(" ");
      const box = document.querySelector("#heat .part").style;
      const cells = (value, from) => Math.round((parseFloat(value) - from) / cell);
      return [[cells(box.top, top), cells(box.left, left)],
        [cells(box.height, 0), cells(box.width, 0)]];
    }""")
    return found[0], found[1]


def test_the_bar_of_controls_is_shaded_only_where_more_of_it_lies(
    sites: Sites, open_page: Open
) -> None:
    page = open_page(sites(Shape()).path("plain"), viewport={"width": 390, "height": 844})
    row = page.locator(".controls .row")

    def edges() -> tuple[bool, bool]:
        picture = Image.open(BytesIO(row.screenshot())).convert("L")
        line = [picture.getpixel((x, 2)) for x in range(picture.width)]  # above all words
        plain = max(line, key=line.count)  # the middle may be a rule between two groups
        return line[2] != plain, line[-3] != plain

    row.scroll_into_view_if_needed()
    assert row.evaluate("el => el.scrollWidth > el.clientWidth")
    assert edges() == (False, True)
    row.evaluate("el => el.scrollTo(el.scrollWidth, 0)")
    assert edges() == (True, False)


def test_a_link_to_a_head_alone_opens_its_strongest_pair(sites: Sites, open_page: Open) -> None:
    made = sites(Shape())
    read = made.captures["plain"].maps[0]
    names = [token.text.strip() for token in read.keys]
    for head in (1, 3):
        page = open_page(made.path("plain"), f"#layer=2&head={head}")
        page.locator("[data-links]").scroll_into_view_if_needed()
        chosen = page.locator("[data-links] [aria-pressed=true]")
        expect(chosen).to_have_count(1)
        query, key = chosen.locator("bdi").all_inner_texts()
        assert chosen.inner_text() == page.locator("[data-links] button").first.inner_text()
        said = page.inner_text("[data-sentence]")
        assert said.startswith(f"From {query}, head L2H{head} puts ")
        assert f" on {key}" in said
        assert f"more than a third on {key}; for the average token it is " in said
        pair, weight = page.inner_text("[data-heat] .tip").rsplit(" ", 1)
        weights = read.weights[2, head]
        words = [at for at, name in enumerate(names) if name.isalnum()]
        apart = [(i, j) for i in words for j in words if i != j]
        largest = max(apart, key=lambda place: float(weights[place]))
        assert pair == " → ".join(names[at] for at in largest)
        assert float(weight) == pytest.approx(weights[largest], abs=0.006)
    page.evaluate("location.hash = '#layer=1&head=0'")
    expect(page.locator("[data-sentence]")).to_contain_text("head L1H0 puts")
    expect(page.locator("[data-links] [aria-pressed=true]")).to_have_count(1)
