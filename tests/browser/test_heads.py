"""The map of heads that are alike and the page of one head, in Chromium, from disk."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from attnatlas.pages.model.metrics import METRICS
from playwright.sync_api import Browser, Locator, Page

from tests.browser.test_pages import INK, opened, twin
from tests.browser.whole import Whole, build, texts

pytestmark = pytest.mark.browser
MODEL = "models/made-encoder.html"
HEAD = "heads/made-encoder/self-L1H2.html"
ROWS = ".head-metrics tbody tr"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    return build(tmp_path_factory.mktemp("heads"), tmp_path_factory.mktemp("cache"), texts(6))


def table(whole: Whole, analysis: str, name: str) -> list[dict[str, object]]:
    """Return the rows of a table of the model's results."""
    found = whole.results["made-encoder"][analysis].tables[name]
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def drawn(page: Page, name: str) -> None:
    """Open the part of the page that a figure is in, and wait until it is painted."""
    if page.locator("#similarity > details:not([open])").count():
        page.click("#similarity > details > summary")
    page.locator(f"[data-{name}]").scroll_into_view_if_needed()
    page.wait_for_selector(f"[data-{name}] canvas")
    page.wait_for_timeout(200)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_map_of_heads_is_painted_with_its_numbers(
    chromium: Browser, site: Whole, scheme: str
) -> None:
    with opened(chromium, site.path(MODEL), scheme=scheme) as page:
        for name in ("alike", "pairwise"):
            drawn(page, name)
            assert page.locator(f"[data-{name}] canvas").evaluate(INK) > 20
        rows = table(site, "similarity", "heads")
        for row, shown in zip(rows, twin(page, "#map-alike"), strict=True):
            assert shown[0] == f"L{row['layer']}H{row['head']}"
            numbers = [float(shown[at].replace("−", "-")) for at in (2, 3, 6, 7)]
            expected = [row[key] for key in ("x", "y", "distance", "shuffled")]
            np.testing.assert_allclose(numbers, expected, atol=0.0006)
            assert shown[5] == f"L{row['nearest_layer']}H{row['nearest_head']}"
        assert 0 <= float(page.inner_text("[data-stress]")) < 1


def test_distances_of_every_two_heads_are_those_computed(chromium: Browser, site: Whole) -> None:
    (pairs,) = site.results["made-encoder"]["similarity"].distances
    with opened(chromium, site.path(MODEL)) as page:
        drawn(page, "pairwise")
        shown = twin(page, "#map-pairwise")
    assert len(shown) == 12 * 11 / 2
    place = {f"L{at // 4}H{at % 4}": at for at in range(12)}
    found = [pairs.values[place[a], place[b]] for a, b, _ in shown]
    np.testing.assert_allclose([float(row[2]) for row in shown], found, atol=0.00051)
    assert found == sorted(found)


def test_keys_and_clicks_on_the_map_lead_to_heads(chromium: Browser, site: Whole) -> None:
    with opened(chromium, site.path(MODEL)) as page:
        drawn(page, "alike")
        page.focus("[data-alike]")
        for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight"):
            page.keyboard.press(key)
        assert page.inner_text("[data-alike] .tip").startswith("L1H2")
        page.wait_for_timeout(400)
        assert "layer=1&head=2" in page.url
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"heads/made-encoder/self-L1H2\.html"))
    with opened(chromium, site.path(MODEL)) as page:
        drawn(page, "pairwise")
        page.focus("[data-pairwise]")
        page.keyboard.press("ArrowDown")
        order = {row["order"]: row for row in table(site, "similarity", "heads")}
        first = order[0]
        page.wait_for_timeout(400)
        assert f"layer={first['layer']}&head={first['head']}" in page.url


def test_a_head_page_shows_its_numbers(chromium: Browser, site: Whole) -> None:
    grid = site.results["made-encoder"]["profile"].grids[0]
    with opened(chromium, site.path(HEAD)) as page:
        assert page.inner_text("h1") == "Head L1H2"
        rows = page.locator(ROWS).all()
        names = [one.name for one in METRICS if one.name in grid.metrics]
        names = [n for n in names if not np.isnan(grid.values[grid.metrics.index(n), 1, 2])]
        assert len(rows) == len(names) >= 8
        for row, name in zip(rows, names, strict=True):
            place = grid.metrics.index(name)
            cells = [cell.inner_text() for cell in row.locator("td").all()]
            others = np.delete(grid.values[place, 1], 2).mean()
            shown = [float(cells[at]) for at in (0, 2, 3)]
            expected = [grid.values[place, 1, 2], grid.null[place, 1], others]
            np.testing.assert_allclose(shown, expected, atol=0.0006)
            assert int(cells[-1]) == grid.n[place, 1, 2]
        assert page.locator("*").count() < 1500


def test_a_head_page_paints_its_maps_and_leads_to_them(chromium: Browser, site: Whole) -> None:
    with opened(chromium, site.path(HEAD)) as page:
        canvases = page.locator(".example canvas")
        assert canvases.count() == 3
        pictures = [canvas.evaluate("c => c.toDataURL()") for canvas in canvases.all()]
        assert all(canvas.evaluate(INK) > 5 for canvas in canvases.all())
        assert len(set(pictures)) == 3
        page.click("[data-theme-switch]")
        assert canvases.first.evaluate("c => c.toDataURL()") != pictures[0]
        page.locator("a.example").first.click()
        page.wait_for_selector("body[data-ready]")
        assert re.search(r"records/made-encoder/.*layer=1&head=2&kind=self", page.url)
        assert page.inner_text("[data-card-head]") == "L1H2"
        page.click("[data-card-head] a")
        page.wait_for_url(re.compile(r"heads/made-encoder/self-L1H2\.html"))


def test_keys_turn_the_pages_of_heads(chromium: Browser, site: Whole) -> None:
    with opened(chromium, site.path(HEAD)) as page:
        page.keyboard.press("]")
        page.wait_for_url(re.compile(r"self-L1H3\.html"))
        page.keyboard.press("]")
        page.wait_for_url(re.compile(r"self-L2H0\.html"))
        page.wait_for_selector("body[data-ready]")
        page.keyboard.press("[")
        page.wait_for_url(re.compile(r"self-L1H3\.html"))
        page.click(".crumbs a >> nth=1")
        page.wait_for_url(re.compile(r"models/made-encoder\.html"))


def test_a_head_page_is_whole_without_scripts_but_for_its_pictures(
    chromium: Browser, site: Whole
) -> None:
    with opened(chromium, site.path(HEAD), scripts=False) as page:
        assert page.locator(ROWS).count() >= 8
        assert page.locator(".pairs tbody tr").count() > 3
        assert page.locator("a.example").count() == 3


def test_head_pages_are_light(site: Whole) -> None:
    sizes = [path.stat().st_size for path in Path(site.folder, "heads").rglob("*.html")]
    assert len(sizes) == 12
    assert max(sizes) < 25_000


def test_the_numbers_of_a_head_fit_a_phone_with_their_intervals(
    chromium: Browser, site: Whole
) -> None:
    boxes = """table => [...table.querySelectorAll("tbody tr")].map((row) => [0, 1, 2].map((at) => {
        const { x, y, right } = row.children[at].getBoundingClientRect();
        return [x, y, right];
    }))"""
    with opened(chromium, site.path(HEAD), width=1360) as page:
        for name, value, interval in page.locator(".head-metrics").evaluate(boxes):
            assert name[1] == value[1] == interval[1]
            assert value[2] <= interval[0]
    with opened(chromium, site.path(HEAD), width=390) as page:
        for name, value, interval in page.locator(".head-metrics").evaluate(boxes):
            assert name[1] < value[1]  # what is measured has a line of its own
            assert value[2] <= interval[0]
        assert " to " in page.locator(".head-metrics tbody td:nth-child(3)").first.inner_text()
        width = "table => [table.scrollWidth, table.parentElement.clientWidth]"
        whole, room = page.locator(".head-metrics").evaluate(width)
        assert whole <= room


def test_the_models_fit_a_phone_with_their_names_whole(chromium: Browser, site: Whole) -> None:
    with opened(chromium, site.path("index.html"), width=390) as page:
        lines = "names => names.map(name => name.getClientRects().length)"
        assert page.eval_on_selector_all(".models th bdi", lines) == [1]
        width = "table => [table.scrollWidth, table.parentElement.clientWidth]"
        whole, room = page.locator(".models").evaluate(width)
        assert whole <= room
        bar = page.locator(".models .rolebar:visible")
        assert bar.count() == 1
        assert bar.bounding_box()["x"] + bar.bounding_box()["width"] <= 390


def test_strips_show_each_number_among_those_of_the_layer(chromium: Browser, site: Whole) -> None:
    with opened(chromium, site.path(HEAD)) as page:
        header = page.locator(".head-metrics thead th").all_inner_texts()
        assert header[-2:] == ["In its layer", "n"]
        row = page.locator(f"{ROWS}:has-text('Strongest weight of a row')")
        dot = float(row.locator("circle").get_attribute("cx") or "nan")
        assert dot == pytest.approx(220 * float(row.locator("td").first.inner_text()), abs=0.2)
        ticks = [float(at) for at in re.findall(r"M([\d.]+)", svg(row, "tick"))]
        beside = float(row.locator("td").nth(3).inner_text())
        assert sum(ticks) / len(ticks) == pytest.approx(220 * beside, abs=0.2)
        low, high = re.findall(r"[\d.]+", svg(row, "ci").replace(" 8H", " "))
        interval = row.locator("td").nth(1).inner_text().split(" to ")
        assert [float(low), float(high)] == pytest.approx(
            [220 * float(v) for v in interval], abs=0.2
        )
        assert page.locator("[data-strip-legend]").is_visible()


def svg(row: Locator, name: str) -> str:
    """Return what a path of a row's drawing follows."""
    return row.locator(f"path.{name}").get_attribute("d") or ""
