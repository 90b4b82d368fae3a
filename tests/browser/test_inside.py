"""Scores and norms in a real browser: views and section show what the arrays hold."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from attnatlas.analyses.norms.all_records import SHARES
from attnatlas.analyses.norms.record import shares
from attnatlas.capture import Capture
from attnatlas.results.shapes import Matrix, Result, Table
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.synthetic import Made, Shape, build
from tests.browser.test_record import pixel, saved, shown_matrix, tip

pytestmark = pytest.mark.browser

LINK = "#layer=1&head=2&query=5&key=3"


def scores_of(capture: Capture) -> np.ndarray:
    """Return made-up scores that softmax turns into the attention of a capture."""
    weights = capture.maps[0].weights
    with np.errstate(divide="ignore"):
        logs = np.log(weights)
    return (logs + np.linspace(2, 5, weights.shape[2])[:, None]).astype(np.float32)


def norms_of(capture: Capture) -> np.ndarray:
    """Return made-up norms: short vectors for the first token."""
    weights = capture.maps[0].weights
    lengths = np.linspace(3, 40, weights.shape[3])
    lengths[0] = 0.01
    return (weights * lengths).astype(np.float32)


def inside(capture: Capture) -> dict[str, Result]:
    part, scores, norms = capture.maps[0], scores_of(capture), norms_of(capture)
    rows = tuple(shares(part, norms, norms.sum(1)))
    matrices = (Matrix("self", norms), Matrix("self", norms.sum(1), "summed"))
    return {
        "scores": Result("scores", matrices=(Matrix("self", scores),)),
        "norms": Result("norms", matrices=matrices, tables={"shares": Table(SHARES, rows)}),
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Record pages of a decoder with scores and norms."""
    return build(tmp_path_factory.mktemp("inside"), Shape("decoder"), also=inside)


def table(page: Page, figure: str) -> list[list[str]]:
    """Return the cells of the table twin of a figure."""
    page.click(f"#{figure} summary")
    page.click(f"#{figure} [data-save=table]")
    page.wait_for_selector(f"#{figure} .twin tbody tr")
    rows = page.locator(f"#{figure} .twin tbody tr").all()
    return [[cell.inner_text() for cell in row.locator("td").all()] for row in rows]


def numbers(cells: list[str]) -> list[float]:
    return [float(cell.replace("−", "-")) for cell in cells]


def test_the_row_of_one_head_is_shown_from_score_to_norm(made: Made, open_page: Open) -> None:
    page = open_page(made.path("plain"), LINK)
    page.locator("#inside").scroll_into_view_if_needed()
    page.wait_for_selector("#inside canvas")
    capture = made.captures["plain"]
    rows = table(page, "inside")
    scores, norms = scores_of(capture)[1, 2], norms_of(capture)[1]
    assert [int(row[0]) for row in rows] == list(range(6))  # a decoder sees no further
    shown = np.array([numbers(row[2:]) for row in rows])
    step = np.abs(scores[np.isfinite(scores)]).max() / 253
    assert np.abs(shown[:, 0] - scores[5, :6]).max() <= step + 0.005
    np.testing.assert_allclose(shown[:, 1], capture.maps[0].weights[1, 2, 5, :6], atol=1e-2)
    most = norms_of(capture).max()
    np.testing.assert_allclose(
        np.sqrt(shown[:, 2] / most), np.sqrt(norms[2, 5, :6] / most), atol=3e-3
    )
    said = page.inner_text("[data-inside-says]")
    assert re.search(r"add up to (1\.00|0\.99|1\.01) ", said)
    assert "13 of the 19 tokens may not be seen." in said
    assert page.inner_text("[data-inside-head]") == "Head L1H2, row of nurse"


def test_another_head_or_word_changes_the_row(made: Made, open_page: Open) -> None:
    page = open_page(made.path("plain"), LINK)
    page.locator("#inside").scroll_into_view_if_needed()
    before = table(page, "inside")
    page.evaluate("location.hash = '#layer=1&head=3&query=5&key=3'")
    page.wait_for_selector("#inside .twin caption:has-text('L1H3')")
    after = [
        [c.inner_text() for c in r.locator("td").all()]
        for r in page.locator("#inside .twin tbody tr").all()
    ]
    assert len(after) == len(before)
    assert after != before


def test_the_heatmap_of_scores_has_two_inks_and_a_scale_of_its_own(
    made: Made, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(made.path("plain"), LINK + "&view=scores", color_scheme="light")
    capture = made.captures["plain"]
    scores = scores_of(capture)[1, 2]
    shown, seen = shown_matrix(page, tmp_path), np.isfinite(scores)
    assert (np.isnan(shown) == ~seen).all()
    most = np.abs(scores[seen]).max()
    assert np.abs(shown[seen] - scores[seen]).max() <= most / 250
    high = np.unravel_index(np.where(seen, scores, -99).argmax(), scores.shape)
    low = np.unravel_index(np.where(seen, scores, 99).argmin(), scores.shape)
    red, _, blue = pixel(page, *map(int, high))
    assert blue > red  # teal
    red, _, blue = pixel(page, *map(int, low))
    assert red > blue  # brown
    ticks = numbers(page.locator("[data-ramp-of=heat] b").all_inner_texts())
    assert ticks == sorted(ticks)
    assert ticks[0] == -ticks[-1]
    assert 0 in ticks
    assert ticks[-1] == pytest.approx(most, rel=2e-3)
    assert page.inner_text("[data-card-head]") == "L1H2"
    assert re.fullmatch(r"nurse → told −?\d+(\.\d+)?", tip(page).strip())
    assert "scores, head L1H2: largest for" in page.inner_text("[data-sentence]")


def test_a_head_chosen_among_all_keeps_the_view_of_scores(made: Made, open_page: Open) -> None:
    page = open_page(made.path("plain"), LINK + "&view=norms")
    page.focus("[data-overview]")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("[data-card-head]:text-is('L1H3')")
    assert page.get_attribute("[data-set=view][aria-pressed=true]", "data-value") == "norms"


def test_norms_are_amounts_on_one_scale_and_words_have_their_means(
    made: Made, open_page: Open, tmp_path: Path
) -> None:
    capture = made.captures["noted"]  # [CLS] The well|-|known bank is muddy . [SEP]
    page = open_page(made.path("noted"), LINK + "&view=norms.summed&units=subwords")
    shown, summed = shown_matrix(page, tmp_path), norms_of(capture)[1].sum(0)
    most = norms_of(capture).sum(1).max()
    seen = ~np.isnan(shown)
    assert np.abs(np.sqrt(shown[seen] / most) - np.sqrt(summed[seen] / most)).max() <= 3e-3
    assert "norms, summed, full ink at" in page.inner_text("[data-ramp-says=heat]")
    page.click("[data-set=units][data-value=words]")
    words = shown_matrix(page, tmp_path)
    assert words.shape[1] < shown.shape[1]
    assert words[3, 2] == pytest.approx(summed[5, 2:5].mean(), rel=0.02, abs=0.02)
    assert words[2, 1] == pytest.approx(summed[2:5, 1].mean(), rel=0.02, abs=0.02)
    assert "means over their tokens" in page.inner_text("[data-ramp-says=heat]")


def test_the_section_saves_its_numbers_and_has_its_table_of_layers(
    made: Made, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(made.path("plain"), LINK)
    page.locator("#inside").scroll_into_view_if_needed()
    page.wait_for_selector("#inside canvas")
    lines = saved(page, "inside", "csv", tmp_path).read_text("utf-8").splitlines()
    assert lines[0] == "place,token,score,attention,norm"
    assert len(lines) == 7
    cells = page.locator("#inside ~ .scroll tbody tr").all()
    assert len(cells) == 3
    attention, norm = numbers(cells[0].locator("td").all_inner_texts())[1:3]
    assert norm < attention


def test_a_hostile_text_is_only_text_there_too(made: Made, open_page: Open) -> None:
    page = open_page(made.path("<b>hostile"), "#layer=0&head=0&query=4&key=1&view=scores")
    page.locator("#inside").scroll_into_view_if_needed()
    page.wait_for_selector("#inside canvas")
    assert page.locator("#inside img").count() == 0
