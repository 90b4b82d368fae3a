"""The map of one model less that of another, in a real browser, against the arrays of both."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from attnatlas.analyses.rollout import rollout
from attnatlas.build import build_site
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.data.record_files import write_record
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.synthetic import tokens, weights

pytestmark = pytest.mark.browser

TEXT = "The doctor told the nurse that she had gone."
WORDS = "The doctor told the nurse that she had gone ."
LAYER, HEAD = 1, 2
STEP = 0.006  # what storing two weights at 8 bits costs, and rounding
CHOSEN = f"#layer={LAYER}&head={HEAD}&query=3&key=5"


def pieces(text: str) -> tuple[Token, ...]:
    """Return the tokens of another tokenizer: words in halves, no special ones."""
    found = []
    for token in tokens(text)[1:-1]:
        middle = token.start + (len(token.text) + 1) // 2
        halves = ((token.start, middle), (middle, token.end))
        found += [Token(text[a:b], len(found), start=a, end=b) for a, b in halves if a < b]
    return tuple(found)


def made(name: str, size: tuple[int, int], seed: int, read: tuple[Token, ...]) -> Capture:
    model = ModelInfo(name, "encoder", "Made", "made", *size, source="arrays")
    values = weights((*size, len(read), len(read)), seed)
    part = AttentionMap("self", read, read, values)
    return Capture(model, Record("plain", TEXT), (part,))


READ = {
    "one": made("one", (3, 4), 1, tokens(TEXT)),
    "two": made("two", (3, 4), 2, tokens(TEXT)),
    "halves": made("halves", (5, 2), 3, pieces(TEXT)),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("difference")
    for name, capture in READ.items():
        write_record(folder / f"arrays/{name}/plain.safetensors", capture, numbers="float32")
    alone = replace(READ["one"], record=Record("alone", f"{TEXT} Only one has read it."))
    write_record(folder / "arrays/one/alone.safetensors", alone, numbers="float32")
    build_site(Settings(arrays=folder / "arrays", output=folder / "site", store=folder / "store"))
    return folder / "site/records"


def filed(page: Page, figure: str, what: str, tmp_path: Path) -> Path:
    """Return what the menu of a figure saves."""
    page.click(f"{figure} summary")
    with page.expect_download() as download:
        page.click(f"{figure} [data-save={what}]")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path


def saved(page: Page, tmp_path: Path, figure: str = "#heat") -> tuple[str, np.ndarray]:
    """Return the name of the CSV of a figure, and what it holds, [query, key], or by layer."""
    path = filed(page, figure, "csv", tmp_path)
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    axes = [name for name in ("layer", "query", "key") if name in rows[0]]
    found = np.full([1 + max(int(row[name]) for row in rows) for name in axes], np.nan)
    for row in rows:
        found[tuple(int(row[name]) for name in axes)] = float(row["difference"])
    return path.name, found


def test_weights_of_the_same_tokens_are_subtracted(
    site: Path, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(site / "one/plain.html", f"{CHOSEN}&units=subwords&vs=two")
    expect(page.locator("#heat h3")).to_contain_text("Head L1H2, less that of two")
    name, shown = saved(page, tmp_path)
    assert "less-two" in name
    one, two = (READ[model].maps[0].weights[LAYER, HEAD] for model in ("one", "two"))
    assert np.abs(shown - (one - two)).max() < STEP
    expect(page.locator("[data-ramp-of=heat].div")).to_have_count(1)
    bar = page.get_attribute("[data-ramp-of=heat]", "aria-label") or ""
    low, high = bar.removeprefix("Scale from −").split(", over 0, paper, to ")
    assert low == high.partition(",")[0]  # as far to both sides
    expect(page.locator("[data-vs-says]")).to_contain_text("under 0.01 says nothing")
    page.keyboard.press("t")
    expect(page.locator("#heat .twin caption")).to_contain_text("less that of two")


def test_other_pieces_are_compared_word_by_word_and_other_layers_by_their_height(
    site: Path, open_page: Open, tmp_path: Path
) -> None:
    page = open_page(site / "one/plain.html", f"{CHOSEN}&units=subwords&vs=halves")
    says = page.locator("[data-vs-says]")
    expect(says).to_contain_text("layer 1 here beside its layer 2, over all heads")
    expect(says).to_contain_text("compared are words, without special tokens")
    _, shown = saved(page, tmp_path)
    words = WORDS.split()
    one = by_word(READ["one"].maps[0].weights[1].mean(0), places(READ["one"]), len(words))
    other = by_word(READ["halves"].maps[0].weights[2].mean(0), places(READ["halves"]), len(words))
    assert shown.shape == (len(words), len(words))
    assert np.abs(shown - (one - other)).max() < 2 * STEP


def places(capture: Capture) -> list[int]:
    """Return which word of the text each token is a part of, -1 for special ones."""
    read = capture.maps[0].queries
    ends = [len(TEXT[: one.end]) + (one.text == ".") for one in read if not one.special]
    inner = [WORDS[:end].strip().count(" ") for end in ends]
    return [-1, *inner, -1] if read[0].special else inner


def by_word(values: np.ndarray, at: list[int], count: int) -> np.ndarray:
    """Sum over the tokens of a word that are looked at, average over those that look."""
    belongs = np.array([[place == word for place in at] for word in range(count)], float)
    return (belongs / belongs.sum(1, keepdims=True)) @ values @ belongs.T


def test_a_model_is_chosen_by_keyboard_and_stays_in_the_address(
    site: Path, open_page: Open
) -> None:
    page = open_page(site / "one/plain.html", CHOSEN)
    assert "less that of" not in page.inner_text("#heat h3")
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.focus("[data-vs]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#heat h3")).to_contain_text("less that of halves")
    page.wait_for_url("**vs=halves**")
    page.select_option("[data-vs]", "")
    expect(page.locator("#heat h3")).not_to_contain_text("less that of")
    expect(page.locator("[data-vs-says]")).to_be_hidden()


def test_a_text_that_one_model_has_read_is_compared_with_none(site: Path, open_page: Open) -> None:
    page = open_page(site / "one/alone.html", "#vs=two")
    assert page.locator("[data-vs]").count() == 0
    assert "less that of" not in page.inner_text("#heat h3")


def rolled(name: str) -> np.ndarray:
    """Return the rollout of one of the models, [layer, query, key]."""
    return rollout(READ[name].maps[0].weights)


def scrolled(site: Path, open_page: Open, state: str) -> Page:
    """Return a page whose maps of rollout are drawn as differences."""
    page = open_page(site / "one/plain.html", state)
    page.evaluate("document.querySelector('#rollout').scrollIntoView({ block: 'center' })")
    page.wait_for_selector("#rollout.less")
    return page


STOPS = """() => Array.from({ length: 11 }, (_, i) =>
    getComputedStyle(document.documentElement).getPropertyValue(`--div-${i}`).trim())"""
PIXELS = """(canvas) => [...canvas.getContext("2d")
    .getImageData(0, 0, canvas.width, canvas.height).data]"""


def painted(differences: np.ndarray, full: float, stops: list[str]) -> np.ndarray:
    """Return the colours of differences on a square-root scale to `full` ink, [..., 3]."""
    colours = np.array([[int(stop[at : at + 2], 16) for at in (1, 3, 5)] for stop in stops])
    place = 0.5 + 0.5 * np.sign(differences) * np.sqrt(np.minimum(1, np.abs(differences) / full))
    steps = np.linspace(0, 1, len(stops))
    return np.stack([np.interp(place, steps, colours[:, part]) for part in range(3)], axis=-1)


def test_rollouts_of_the_same_tokens_are_subtracted_layer_by_layer(
    site: Path, open_page: Open, tmp_path: Path
) -> None:
    page = scrolled(site, open_page, f"{CHOSEN}&view=rollout&vs=two")
    expect(page.locator("#heat h3")).to_contain_text(f"to layer {LAYER}, less that of two")
    expect(page.locator("#rollout h3")).to_contain_text("less that of two")
    truth = rolled("one") - rolled("two")
    page.click(".controls [data-set=units][data-value=subwords]")
    expect(page.locator("[data-state-words]")).not_to_contain_text("words:")
    assert np.abs(saved(page, tmp_path)[1] - truth[LAYER]).max() < STEP
    name, shown = saved(page, tmp_path, "#rollout")
    assert name == "plain-self-rollout-less-two.csv"
    assert shown.shape == truth.shape
    assert np.abs(shown - truth).max() < STEP

    bar = page.get_attribute("[data-ramp-of=rollout].div", "aria-label") or ""
    full = float(bar.partition(" to ")[2].partition(",")[0])
    assert np.abs(truth).max() <= full + STEP
    stops = page.evaluate(STOPS)
    for layer, canvas in enumerate(page.locator("[data-rollout] canvas").all()):
        pixels = np.array(canvas.evaluate(PIXELS)).reshape(*shown.shape[1:], 4)[..., :3]
        assert np.abs(pixels - painted(shown[layer], full, stops)).max() <= 2  # of 255


def test_rollout_says_in_words_and_in_a_table_where_it_differs_most(
    site: Path, open_page: Open, tmp_path: Path
) -> None:
    page = scrolled(site, open_page, f"{CHOSEN}&vs=two")
    truth = rolled("one") - rolled("two")
    names = [token.text.strip() for token in READ["one"].maps[0].queries]
    here, there = (names[at(truth[LAYER, 3])] for at in (np.argmax, np.argmin))
    says = page.inner_text("[data-rollout-says]")
    assert f"more from {here}" in says.partition(" and more from ")[0]
    assert f"more from {there}" in says
    assert "in two" in says
    page.hover("[data-rollout] button:nth-child(2) canvas", position={"x": 2, "y": 2})
    first = page.inner_text("[data-rollout] .tip")
    assert first.startswith("layer 1: [CLS] → [CLS] ")
    value = float(first.rpartition(" ")[2].replace("−", "-"))
    assert value == pytest.approx(truth[1, 0, 0], abs=STEP)
    picture = filed(page, "#rollout", "svg", tmp_path).read_text("utf-8")
    assert "less that of two" in picture
    assert picture.count("<path") > len(truth) * 5
    spec = json.loads(filed(page, "#rollout", "json", tmp_path).read_text("utf-8"))
    scale = spec["spec"]["encoding"]["color"]["scale"]["domain"]
    assert scale == pytest.approx([-value for value in reversed(scale)])
    page.focus("#rollout summary")
    page.keyboard.press("t")
    expect(page.locator("#rollout .twin caption")).to_contain_text("less that of two")
    assert page.locator("#rollout .twin tbody tr").count() == len(truth)


def test_rollouts_over_other_pieces_are_compared_by_word_and_as_far_up(
    site: Path, open_page: Open, tmp_path: Path
) -> None:
    page = scrolled(site, open_page, f"{CHOSEN}&view=rollout&units=subwords&vs=halves")
    expect(page.locator("#heat h3")).to_contain_text("less that of halves")
    expect(page.locator("[data-vs-says]")).to_contain_text("layer 1 here beside its layer 2.")
    words = len(WORDS.split())
    one, other = (
        [by_word(layer, places(READ[name]), words) for layer in rolled(name)]
        for name in ("one", "halves")
    )
    truth = np.array([one[layer] - other[level] for layer, level in enumerate((0, 2, 4))])
    assert np.abs(saved(page, tmp_path)[1] - truth[LAYER]).max() < 2 * STEP
    shown = saved(page, tmp_path, "#rollout")[1]
    assert shown.shape == truth.shape
    assert np.abs(shown - truth).max() < 2 * STEP
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    page.select_option("[data-vs]", "")
    expect(page.locator("#rollout h3")).not_to_contain_text("less that of")
    expect(page.locator("[data-ramp-of=rollout].div")).to_have_count(0)


def test_the_difference_of_rollouts_is_printed(site: Path, open_page: Open) -> None:
    page = open_page(site / "one/plain.html", f"{CHOSEN}&view=rollout&vs=two")
    expect(page.locator("#heat h3")).to_contain_text("less that of two")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("#rollout h3")).to_contain_text("less that of two")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="print")
    assert "less that of two" in page.inner_text("[data-state-words]")
