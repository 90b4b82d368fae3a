"""A model page is one short page: answers, a picture a question, and every sentence in a table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.test_print import sheets
from tests.browser.whole import build, texts

pytestmark = pytest.mark.browser

HIGHEST, SHEETS, WORDS = 3500, 4, 40
MODELS = ("sentiment", "en-fr")
HEIGHT = "document.documentElement.scrollHeight"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site of real models, whose pages have all that is measured by default."""
    folder = tmp_path_factory.mktemp("model-page")
    settings = Settings(
        corpora=("reviews",), models=MODELS, limit=12, without=("twins",),
        output=folder / "site", store=folder / "store",
    )  # fmt: skip
    return build_site(settings).output


def drawn(open_page: Open, site: Path, name: str) -> Page:
    page = open_page(site / "models" / f"{name}.html")
    page.wait_for_selector("[data-dots=habits][data-drawn]")
    return page


@pytest.mark.parametrize("name", MODELS)
def test_it_is_short_on_screen_and_on_paper(site: Path, open_page: Open, name: str) -> None:
    page = drawn(open_page, site, name)
    assert page.evaluate(HEIGHT) <= HIGHEST
    assert sheets(page) <= SHEETS


def test_in_how_many_ways_a_verdict_holds_stands_on_a_line_of_its_own(
    site: Path, open_page: Open
) -> None:
    page = drawn(open_page, site, "sentiment")
    page.evaluate("document.querySelector('.measured').closest('details').open = true")
    lines = page.locator(".measured .where:has(.ways)").all_inner_texts()
    assert lines
    for line in lines:
        assert re.search(r"\n(hangs on a choice: )?holds in \d+ of \d+ ways", line), line


@pytest.mark.parametrize("extent", [(12, 12), (24, 16)], ids=lambda extent: f"{extent[0]} layers")
def test_it_stays_short_with_many_heads(
    tmp_path: Path, open_page: Open, extent: tuple[int, int]
) -> None:
    made = build(tmp_path / "site", tmp_path / "cache", texts(6), extent=extent)
    page = open_page(made.folder / made.plan.models[0].url)
    page.wait_for_selector("[data-dots=habits][data-drawn]")
    assert page.evaluate(HEIGHT) <= HIGHEST  # with three sentences of another package


def test_captions_are_short(site: Path, open_page: Open) -> None:
    page = drawn(open_page, site, "sentiment")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    captions = [words for words in page.locator(".read").all_inner_texts() if words]
    assert len(captions) >= 6
    assert [words for words in captions if len(words.split()) > WORDS] == []


def test_it_opens_with_what_was_asked_and_where_it_is_wrong(site: Path, open_page: Open) -> None:
    page = drawn(open_page, site, "sentiment")
    says = page.inner_text(".opening")
    found = re.fullmatch(
        r"It labels whole texts as “negative” or “positive”\. Of 12 texts that people labelled, "
        r"it labels (\d+) as they did\.", says,
    )  # fmt: skip
    assert found
    wrong = 12 - int(found[1])
    mistakes = page.locator(".mistakes li .note").all_inner_texts()
    assert len(mistakes) == min(wrong, 5)
    assert all(re.fullmatch(r"\w+ [\d.]+, labelled \w+", one) for one in mistakes)
    counts = [int(cell) for cell in page.locator("#answers td").all_inner_texts()]
    assert sum(counts) == 12
    bold = [int(cell) for cell in page.locator("#answers td b").all_inner_texts()]
    assert sum(bold) == 12 - wrong


def test_one_axis_for_each_unit_and_rows_that_can_be_sorted(site: Path, open_page: Open) -> None:
    page = drawn(open_page, site, "sentiment")
    page.click("#measured summary >> nth=0")
    units = page.locator(".measured .unit").all_inner_texts()
    axes = {unit.rpartition(", ")[0]: unit for unit in units if unit}
    assert len(axes) >= 5
    assert {axes[unit.rpartition(", ")[0]] for unit in units if unit} == set(filter(None, units))
    values = page.locator(".measured > tbody > tr > td:nth-child(5)")
    page.click(".measured th button >> text=Value")
    shown = [
        float(text.replace("−", "-").replace(",", "")) for text in values.all_inner_texts() if text
    ]
    assert shown == sorted(shown, reverse=True)
    page.click(".measured th button >> text=Value")
    assert page.get_attribute(".measured th:nth-child(5)", "aria-sort") == "ascending"


def test_a_dot_stands_where_its_axis_says(site: Path, open_page: Open) -> None:
    page = drawn(open_page, site, "sentiment")
    rows = page.locator(".measured > tbody > tr").all()
    seen = 0
    for row in rows:
        unit = row.locator(".unit").text_content() or ""
        value = (row.locator(":scope > td").nth(4).text_content() or "").replace("−", "-")
        found = re.search(r", (\S+) to (\S+)$", unit)
        if not found or not value:
            continue
        low, high = (float(end.replace("−", "-")) for end in found.groups())
        style = row.locator(".dot").get_attribute("style") or ""
        at = float(re.search(r"left:\s*([\d.]+)%", style)[1])  # type: ignore[index]
        assert at == pytest.approx(100 * (float(value) - low) / (high - low), abs=1.5)
        seen += 1
    assert seen >= 20


def test_a_link_to_a_closed_part_opens_it(site: Path, open_page: Open) -> None:
    page = open_page(site / "models" / "sentiment.html", "#similarity")
    page.wait_for_selector("[data-alike] canvas")
    assert page.locator("#similarity > details[open]").count() == 1
    assert page.locator("#measured > details[open]").count() == 0
