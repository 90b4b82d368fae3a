"""The home, model and method pages and the page for a lost reader, in Chromium, from disk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from attnatlas.charts.every import every_chart
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watch
from tests.browser.whole import FAMILIES, Whole, build, hostile_texts, texts

pytestmark = pytest.mark.browser

INK = """canvas => {
  const { width, height } = canvas;
  const bytes = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  return new Set(new Uint32Array(bytes.buffer)).size;
}"""
"""How many colours a canvas shows: a blank one has one."""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("assets")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Whole:
    return build(tmp_path_factory.mktemp("one"), cache, texts(6))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Whole:
    return build(tmp_path_factory.mktemp("many"), cache, texts(2), FAMILIES)


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Whole:
    return build(
        tmp_path_factory.mktemp("nasty"), cache, hostile_texts(), ("encoder-decoder",), nasty=True
    )


@contextmanager
def opened(
    browser: Browser, address: str, width: int = 1360, scheme: str = "light", scripts: bool = True
) -> Iterator[Page]:
    """Open a page; fail on any request but of a file, on any dialog, and on any complaint."""
    size = {"width": width, "height": 900}
    context = browser.new_context(
        viewport=size, color_scheme=scheme, offline=True, java_script_enabled=scripts
    )
    page, problems = context.new_page(), list[str]()
    watch(page, problems)
    page.goto(address)
    if scripts:
        page.wait_for_selector("body[data-ready]", state="attached")
    yield page
    assert problems == []
    context.close()


def entries(page: Page) -> list[str]:
    return page.locator("[data-index] .tx").all_inner_texts()


def search(page: Page, words: str) -> list[str]:
    page.fill("#search", words)
    page.wait_for_timeout(350)
    return entries(page)


def test_home_states_what_it_holds(chromium: Browser, many: Whole) -> None:
    with opened(chromium, many.path("index.html")) as page:
        lead = page.inner_text(".lead")
        assert lead.startswith("Where three language models look while they read two texts:")
        facts = dict(zip(page.locator(".facts dt").all_inner_texts(),
                         page.locator(".facts dd").all_inner_texts(), strict=True))  # fmt: skip
        assert facts["Texts"] == "2"
        assert facts["Models"] == "3"
        assert facts["Heads"] == str(12 + 12 + 3 * 12)
        assert page.locator(".models tbody tr").count() == 3
        assert page.locator("*").count() < 3000


def test_home_paints_the_map_and_the_thumbnails(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("index.html")) as page:
        assert page.locator("[data-home-map] canvas").evaluate(INK) > 20
        assert page.locator(".home-map [data-ramp] b").all_inner_texts()[::5] == ["0", "1"]
        page.locator("#texts").scroll_into_view_if_needed()
        page.wait_for_selector("canvas[data-thumb='5'][data-painted]", state="attached")
        for canvas in page.locator("canvas[data-thumb]").all():
            assert canvas.evaluate(INK) > 5
        before = page.locator("canvas[data-thumb='0']").evaluate("c => c.toDataURL()")
        page.click("[data-theme-switch]")
        assert page.locator("canvas[data-thumb='0']").evaluate("c => c.toDataURL()") != before


def test_places_on_the_map_lead_to_their_heads(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("index.html")) as page:
        places = page.locator("[data-places] a")
        assert 1 <= places.count() <= 4
        label = places.first.locator(".id").inner_text()
        layer, head = re.fullmatch(r"L(\d+)H(\d+)", label).groups()  # type: ignore[union-attr]
        assert page.locator(".named rect.box").count() == places.count()
        places.first.click()
        page.wait_for_url(re.compile(rf"records/made-encoder/.*#layer={layer}&head={head}"))


def test_home_draws_each_verdict_with_its_mark_and_interval(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("index.html")) as page:
        lines = page.locator("#findings .verdicts > li")
        words = lines.locator(".vd").all_inner_texts()
        assert {"Holds", "Undecided", "Does not hold"} <= {w.strip() for w in words}
        known = lines.filter(has_text="Head L1H2 does.")
        assert known.locator("svg[role=img]").get_attribute("aria-label") == (
            "0.92, 95% interval 0.80 to 0.98, chance gives 0.40 to 0.60, a claim holds above 0.60"
        )
        link = known.locator("a.id").get_attribute("href")
        assert link == "models/made-encoder.html#layer=1&head=2"
        hollow = lines.filter(has_text="Nobody knows.").locator("circle.o")
        assert hollow.evaluate("c => getComputedStyle(c).fill") != "none"
        assert known.locator("circle.f").count() == 1
        assert lines.filter(has_text="It does not.").locator("text").first.text_content() == "−0.50"


def test_search_finds_words_tags_labels_and_predictions(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("index.html")) as page:
        assert len(entries(page)) == 6
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "search"
        assert search(page, "KETTLE") == ["The kettle saw kettle number 3 again."]
        assert len(search(page, "again number")) == 6
        assert len(search(page, "first")) == 1
        assert len(search(page, "positive")) == 2
        assert page.inner_text("#live") == "2 of 6 texts"
        page.wait_for_url("**#q=positive")  # once a reader has stopped typing
        page.keyboard.press("Escape")
        page.wait_for_timeout(300)
        assert len(entries(page)) == 6


def test_search_without_a_match_offers_near_words(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("index.html")) as page:
        assert search(page, "ketle") == []
        assert "No text contains “ketle”." in page.inner_text("[data-none]")
        page.click("[data-none] button >> text=kettle")
        page.wait_for_timeout(300)
        assert len(entries(page)) == 1
        search(page, "zzzzz")
        page.click("text=Clear the search")
        page.wait_for_timeout(300)
        assert len(entries(page)) == 6


def test_tags_filter_with_counts_and_are_kept_in_the_address(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("index.html")) as page:
        assert page.inner_text("[data-tag=odd]").split() == ["odd", "3"]
        page.click("[data-tag=odd]")
        page.wait_for_timeout(300)
        assert len(entries(page)) == 3
        address = page.url
    with opened(chromium, address) as page:
        assert page.get_attribute("[data-tag=odd]", "aria-pressed") == "true"
        assert len(entries(page)) == 3


def test_many_texts_come_a_page_at_a_time(chromium: Browser, tmp_path: Path, cache: Path) -> None:
    site = build(tmp_path, cache, texts(130), extent=(1, 1))
    with opened(chromium, site.path("index.html")) as page:
        assert len(entries(page)) == 60
        assert page.inner_text("[data-more]") == "Show 60 more of 130"
        page.click("[data-more] button")
        page.wait_for_timeout(300)
        assert len(entries(page)) == 120
        place = "[...document.querySelectorAll('[data-index] a')].indexOf(document.activeElement)"
        assert page.evaluate(place) == 60
        assert len(search(page, "number 129")) == 1
    with opened(chromium, site.path("index.html"), scripts=False) as page:
        assert page.locator("noscript .rest li").count() == 70
        assert page.locator("#search").is_hidden()


def test_one_text_needs_no_search(chromium: Browser, tmp_path: Path, cache: Path) -> None:
    site = build(tmp_path, cache, texts(1))
    with opened(chromium, site.path("index.html")) as page:
        assert page.inner_text(".lead").startswith(
            "Where a language model looks while it reads one"
        )
        assert page.locator("#search").count() == 0
        assert len(entries(page)) == 1


def twin(page: Page, figure: str) -> list[list[str]]:
    """Return the rows of a figure's table twin."""
    page.click(f"{figure} summary")
    page.click(f"{figure} [data-save=table]")
    rows = page.locator(f"{figure} .twin tbody tr").all()
    found = [row.locator("td").all_inner_texts() for row in rows]
    page.click(f"{figure} summary")
    page.click(f"{figure} [data-save=table]")
    return found


def test_model_maps_are_painted_and_show_the_chosen_metric(chromium: Browser, one: Whole) -> None:
    grid = one.results["made-encoder"]["profile"].grids[0]
    with opened(chromium, one.path("models/made-encoder.html")) as page:
        for name in ("metric", "roles"):
            assert page.locator(f"[data-grid={name}] canvas").evaluate(INK) > 20
        for profile in page.locator("[data-profile]").all():
            canvas = profile.locator("canvas")
            canvas.wait_for()
            assert canvas.evaluate(INK) > 5
        for metric in ("entropy", "previous", "delimiter"):
            page.click(f"[data-metric={metric}]")
            values = grid.values[grid.metrics.index(metric)]
            shown = [float(row[1]) for row in twin(page, "#map-metric")]
            np.testing.assert_allclose(shown, values.ravel(), atol=0.00501)
        assert page.get_attribute("[data-metric=delimiter]", "aria-pressed") == "true"
        assert page.locator("*").count() < 3000


def test_a_click_on_a_cell_opens_that_head(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("models/made-encoder.html")) as page:
        page.locator("[data-grid=metric]").scroll_into_view_if_needed()
        canvas = page.locator("[data-grid=metric] canvas")
        box = canvas.bounding_box()
        assert box is not None
        cell = (box["width"] - 42) / 4
        place = {"x": 32 + 2.5 * cell, "y": 26 + 1.5 * cell}
        canvas.hover(position=place)
        assert page.inner_text("[data-grid=metric] .tip").startswith("L1H2 entropy")
        canvas.click(position=place)
        page.wait_for_url(re.compile(r"heads/made-encoder/self-L1H2\.html"))


def test_keys_move_over_the_heads_and_enter_opens_one(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("models/made-encoder.html")) as page:
        page.focus("[data-grid=roles]")
        for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
            page.keyboard.press(key)
        expect(page.locator("#live")).to_contain_text("L1H1")
        expect(page).to_have_url(re.compile("layer=1&head=1"))
        assert "L1H1" in page.inner_text("[data-chosen]")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"heads/made-encoder/self-L1H1\.html"))


def test_a_link_restores_metric_kind_and_head(chromium: Browser, many: Whole) -> None:
    model = "models/made-encoder-decoder.html"
    address = many.path(model) + "#metric=delimiter&kind=cross&layer=2&head=3"
    with opened(chromium, address) as page:
        assert page.get_attribute("[data-kind=cross]", "aria-pressed") == "true"
        assert page.get_attribute("[data-metric=delimiter]", "aria-pressed") == "true"
        assert page.inner_text("[data-chosen]").startswith("L2H3 delimiters")
        assert page.is_disabled("[data-metric=distance]")
        page.click("[data-kind=decoder]")
        page.wait_for_timeout(300)
        assert page.is_enabled("[data-metric=distance]")


def test_the_table_of_heads_lists_sorts_and_filters_heads(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("models/made-encoder.html")) as page:
        page.click("#all-heads > details > summary")
        rows = page.locator("[data-head-table] tr")
        assert rows.count() == 12
        page.click("th[data-sort=entropy] button")
        column = [float(row.locator("td").nth(3).inner_text()) for row in rows.all()]
        assert column == sorted(column, reverse=True)
        assert page.get_attribute("th[data-sort=entropy]", "aria-sort") == "descending"
        item = page.locator("[data-roles] li").filter(has=page.locator("button:enabled")).first
        count = int(item.locator(".num").inner_text())
        item.locator("button").click()
        assert rows.count() == count
        assert rows.first.locator("canvas").evaluate(INK) > 3


def test_the_method_page_states_where_all_comes_from(chromium: Browser, many: Whole) -> None:
    corpus = many.plan.records[0][0].corpus
    with opened(chromium, many.path("about.html")) as page:
        said = page.inner_text("#provenance")
        assert corpus.sha256 in said
        assert "68d4" * 16 in said
        assert "--arrays many0-arrays" in said
        assert "/home/somebody" not in page.content()
        assert "sha256sum -c manifest-sha256.txt" in page.inner_text("#check")
        for link in ("10.18653/v1/N19-1357", "10.18653/v1/D19-1002"):
            assert page.locator(f"#caveats a[href='https://doi.org/{link}']").count() == 1
        for name in ("rollout", "heads", "profile"):
            assert page.locator(f"#method-{name}").count() == 1


def test_the_method_page_begins_with_trust_and_ends_with_hashes(
    chromium: Browser, many: Whole
) -> None:
    with opened(chromium, many.path("about.html")) as page:
        ways = [link.get_attribute("href") for link in page.locator(".contents a").all()]
        assert ways[0] == "#caveats"
        assert ways[-1] == "#provenance"
        heights = [page.locator(str(way)).bounding_box() for way in ways]
        tops = [box["y"] for box in heights if box]
        assert tops == sorted(tops)
        assert page.locator("main h2").last.inner_text() == "Provenance"
        assert page.locator("#method-saliency").count() == 0  # no model was loaded
        assert page.locator("[id^=method-] > details:not([open])").count() > 5
    with opened(chromium, many.path("about.html") + "#method-rollout") as page:
        assert page.locator("#method-rollout .prose").is_visible()


def test_the_method_page_shows_heads_that_have_a_role(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("about.html")) as page:
        examples = page.locator("[data-example]")
        assert examples.count() >= 2
        for canvas in examples.all():
            assert canvas.evaluate(INK) > 3


def test_the_page_for_a_lost_reader_needs_nothing_else(chromium: Browser, one: Whole) -> None:
    text = (one.folder / "404.html").read_text("utf-8")
    assert "<script" not in text
    assert "src=" not in text
    with opened(chromium, one.path("404.html")) as page:
        assert page.inner_text("h1") == "Not on this map"


def test_hostile_text_is_only_ever_text(chromium: Browser, nasty: Whole) -> None:
    model = nasty.plan.models[0]
    urls = ("index.html", model.url, "about.html", "404.html", model.head_url("encoder", 1, 2))
    for url in urls:
        with opened(chromium, nasty.path(url), 390) as page:
            assert page.locator("img[onerror]").count() == 0, url
            assert page.locator("b", has_text=re.compile("^(id|text|tag|title)")).count() == 0, url
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, url
            assert "{{7*7}}" in page.inner_text("body")
    with opened(chromium, nasty.path("index.html")) as page:
        assert len(search(page, "</script><img")) == 2
        assert search(page, "<b>nothing</b>") == []
        page.locator("[data-tag]").nth(1).click()
        page.wait_for_timeout(300)
        assert page.locator("img[onerror]").count() == 0


def test_pages_say_what_they_can_without_scripts(chromium: Browser, one: Whole) -> None:
    with opened(chromium, one.path("index.html"), scripts=False) as page:
        assert len(entries(page)) == 6
        assert page.locator("#search").is_hidden()
    with opened(chromium, one.path("models/made-encoder.html"), scripts=False) as page:
        assert page.locator("[data-head-table] tr").count() == 12
        assert page.locator("noscript a[href$='heads.csv']").count() == 1


def test_charts_hold_no_text_of_a_corpus(nasty: Whole) -> None:
    text = (nasty.folder / "assets/charts.js").read_text("utf-8")
    charts = json.loads(text.removeprefix("window.atlasCharts = ").removesuffix(";\n"))
    assert charts == every_chart()
    assert "onerror" not in text
