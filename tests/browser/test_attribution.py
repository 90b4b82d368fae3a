"""Attributions of a real model on its record page: what is painted is what was computed."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from attnatlas.analyses import relevance
from attnatlas.analyses.faithfulness import record as faithfulness
from attnatlas.build import build_site
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.data.record_files import read_arrays
from attnatlas.models import load_model, resolve_model

from tests.browser.conftest import Open
from tests.browser.test_figures import rows_of
from tests.browser.test_record import saved

pytestmark = pytest.mark.browser

SIDES = ("for", "against")
TEXT = "The food was not bad, but the wine was awful."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a site of one text, read by the embedded classifier."""
    folder = tmp_path_factory.mktemp("attribution")
    (folder / "text.txt").write_text(TEXT, "utf-8")
    settings = Settings(
        corpora=(str(folder / "text.txt"),), models=("sentiment",), output=folder / "site",
        store=folder / "store", numbers="float32", also=("smoothgrad", "complete_gradients"),
        threads=1,
    )  # fmt: skip
    build_site(settings)
    return folder / "site"


@pytest.fixture(scope="module")
def record(site: Path) -> Path:
    """Return the page of the text."""
    [page] = (site / "records").rglob("*.html")
    return page


def computed() -> tuple[list[str], np.ndarray]:
    """Return the tokens that are no special ones and their relevance, worked out anew."""
    settings = Settings(threads=1)
    loaded = load_model(resolve_model("sentiment", settings), settings)
    [(_, capture)] = capture_records(loaded, [Record("r", TEXT)], settings)
    [scores] = relevance.compute(capture, loaded, {}).scores
    kept = [(token.text.strip(), scores.values[at])
            for at, token in enumerate(capture.maps[0].queries) if not token.special]  # fmt: skip
    return [text for text, _ in kept], np.array([value for _, value in kept])


def widths(svg: str, colour: str) -> np.ndarray:
    """Return the widths of the bars of one colour in a picture, from top to bottom."""
    found = re.findall(
        rf'<path[^>]*d="M([\d.]+),([\d.]+)h(-?[\d.]+)[^"]*"[^>]*fill="{colour}"', svg
    )
    ordered = sorted(found, key=lambda bar: float(bar[1]))
    return np.array([abs(float(width)) for _, _, width in ordered])


def colour_of(page: object, name: str) -> str:
    script = "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
    return str(page.evaluate(script, name))  # type: ignore[attr-defined]


def test_relevance_is_painted_beside_saliency_as_it_was_computed(
    record: Path, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(record)
    page.locator("#saliency").scroll_into_view_if_needed()
    page.wait_for_selector("#saliency canvas, #saliency svg")
    rollout = widths(
        saved(page, "saliency", "svg", tmp_path).read_text("utf-8"), colour_of(page, "--ink")
    )
    before = page.inner_text("[data-anchors]")
    page.click("[data-seen=relevance]")
    assert page.get_attribute("[data-seen=relevance]", "aria-pressed") == "true"
    page.wait_for_timeout(200)
    painted = widths(
        saved(page, "saliency", "svg", tmp_path).read_text("utf-8"), colour_of(page, "--ink")
    )
    _, values = computed()
    assert len(painted) == len(values)
    np.testing.assert_allclose(painted / painted.max(), values / values.max(), atol=0.01)
    assert np.abs(rollout / rollout.max() - values / values.max()).max() > 0.05
    assert "gradient-weighted relevance" in page.inner_text("[data-anchors]")
    assert "and rollout" in before
    assert page.inner_text("[data-seen-says]") == "gradient-weighted relevance"


def test_the_numbers_of_every_view_and_method_can_be_kept(
    record: Path, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(record)
    with saved(page, "saliency", "csv", tmp_path).open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    tokens, values = computed()
    assert [row["token"].strip() for row in rows] == tokens
    np.testing.assert_allclose([float(row["relevance"]) for row in rows], values, rtol=1e-3)
    assert all(float(row["smoothgrad"]) > 0 for row in rows)
    page.click("#saliency [data-method=smoothgrad]")
    assert "SmoothGrad length" in page.inner_text("[data-anchors]")
    assert not page.is_visible("[data-of-integral]")  # of integrated gradients alone
    page.click("#saliency [data-method=complete_gradients]")
    assert "complete integrated gradients" in page.inner_text("[data-anchors]")
    assert "With more steps, the words’ values, less those against, add up" in page.inner_text(
        "[data-integral]"
    )


def test_the_data_file_has_relevance_and_what_erasing_it_does(site: Path, record: Path) -> None:
    [entry] = read_arrays(site / "data")
    assert {"relevance", "smoothgrad", "integrated_gradients"} <= entry.saliency.keys()
    content = [not token.special for token in entry.capture.maps[0].queries]
    np.testing.assert_allclose(entry.saliency["relevance"][content], computed()[1], rtol=1e-4)
    orders = {row[0] for row in entry.results["faithfulness"]["tables"]["aopc"]["rows"]}
    assert {"relevance", "rollout", "integrated_gradients"} <= orders
    assert len(entry.results["faithfulness"]["tables"]["random"]["rows"]) == 50
    assert faithfulness.ANALYSIS.version == entry.results["faithfulness"]["version"]


def test_erasing_by_relevance_is_drawn_dashed(
    record: Path, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(record)
    page.locator("#faithfulness").scroll_into_view_if_needed()
    page.wait_for_selector("#faithfulness canvas, #faithfulness svg")
    picture = saved(page, "faithfulness", "svg", tmp_path).read_text("utf-8")
    assert picture.count('stroke-dasharray="4,3"') == 2  # erased, and kept
    assert page.locator("#faithfulness .sw.dashed").count() == 1


def test_the_method_of_saliency_is_in_the_address(record: Path, open_page: Open) -> None:
    page = open_page(record)
    button = page.locator("#saliency [data-method]:not([disabled])").last
    name = str(button.get_attribute("data-method"))
    button.click()
    page.wait_for_url(f"**method={name}*")
    again = open_page(record, f"#view=mean&method={name}")
    assert again.get_attribute(f"[data-method={name}]", "aria-pressed") == "true"
    assert again.get_attribute("[data-set=view][data-value=mean]", "aria-pressed") == "true"


def test_the_text_opens_with_the_words_for_its_answer_and_attention_comes_second(
    record: Path, open_page: Open
) -> None:
    page = open_page(record, "#layer=1&head=2&query=2&key=5")
    first, second = page.locator("[data-passage]").all()
    listed = {side: page.locator(f".why .{side} bdi").all_inner_texts() for side in SIDES}
    assert listed["for"] or listed["against"]
    for side in SIDES:
        painted = first.locator(f".tok.{side}").all_inner_texts()
        assert sorted(map(str.strip, painted)) == sorted(listed[side])
    assert second.locator(".tok:is(.for, .against)").count() == 0
    shaded = ".tok[style*=seq]"
    assert first.locator(shaded).count() == 0 < second.locator(shaded).count()
    boxes = [
        page.locator(one).bounding_box() for one in (".verdict", ".attention h2", "[data-sentence]")
    ]
    assert [box["y"] for box in boxes if box] == sorted(box["y"] for box in boxes if box)


def test_words_of_a_long_text_are_chosen_where_attention_is_shown(
    record: Path, open_page: Open
) -> None:
    text = record.read_text("utf-8")
    start = text.index(">", text.index("data-painted")) + 1
    long = record.with_name("long.html")
    long.write_text(f"{text[:start]}{'and so on ' * 100}{text[start:]}", "utf-8")
    page = open_page(long)
    first, second = page.locator("[data-passage]").all()
    assert first.locator(".tok:is(.for, .against)").count()
    assert first.locator("[data-at]").count() == 0 < second.locator("[data-at]").count()
    assert page.evaluate("getComputedStyle(document.querySelector('.tok.for')).cursor") == "auto"


def test_a_word_is_chosen_in_either_text_by_pointer_and_keys(record: Path, open_page: Open) -> None:
    page = open_page(record, "#layer=1&head=2&query=2&key=5")
    texts = page.locator("[data-passage]").all()
    texts[0].locator("[data-at='4']").press("Enter")
    page.wait_for_url("**query=4**")
    for text in texts:
        assert text.locator(".tok.q").get_attribute("data-at") == "4"
    texts[1].locator("[data-at='1']").click()
    page.wait_for_url("**query=1**")
    assert texts[0].locator(".tok.q").get_attribute("data-at") == "1"
    page.click(".why a[href='#faithfulness']")
    page.wait_for_url("**#faithfulness")
    assert texts[0].locator(".tok.q").get_attribute("data-at") == "1"  # a place, and no choice
    page.keyboard.press("Escape")
    page.wait_for_url("**query=none**")
    assert page.locator(".tok.q").count() == 0


def test_opening_and_figure_of_erasing_say_the_same_of_chance(
    record: Path, open_page: Open
) -> None:
    page = open_page(record)
    verdict = page.inner_text("#faithfulness .standing")
    start = verdict.split(":")[0]
    assert start in ("Better than chance", "Not beyond luck")
    assert f"{start}:" in page.inner_text(".why .note")
    method = page.locator("#saliency [data-method]").first.get_attribute("aria-pressed")
    assert method == "true"  # that by which the words were named
    assert page.locator("#saliency [data-method]").first.inner_text().lower() in verdict


def test_the_mean_that_the_verdict_is_about_is_drawn_beside_what_it_has_to_beat(
    record: Path, open_page: Open
) -> None:
    page = open_page(record)
    figure = "[data-curve=erased]"
    page.locator(figure).scroll_into_view_if_needed()
    page.wait_for_selector(f"{figure} canvas")
    [spread], means = rows_of(page, figure, "spread"), rows_of(page, figure, "means")
    method = page.locator("#saliency [data-method]").first.get_attribute("data-method")
    [own] = [row for row in means if row["order"] == method]
    better = page.inner_text("#faithfulness .standing").startswith("Better than chance")
    assert (own["value"] < spread["low"]) == better
    assert means[-1] == own  # on top of the others
    assert not rows_of(page, "[data-curve=alone]", "means")
