"""The map of one model less that of another, in a real browser, against the arrays of both."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
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
    alone = replace(READ["one"], record=Record("alone", "Only one has read this."))
    write_record(folder / "arrays/one/alone.safetensors", alone, numbers="float32")
    build_site(Settings(arrays=folder / "arrays", output=folder / "site", store=folder / "store"))
    return folder / "site/records"


def saved(page: Page, tmp_path: Path) -> tuple[str, np.ndarray]:
    """Return the name of the CSV of the heatmap, and what it holds, [query, key]."""
    page.click("#heat summary")
    with page.expect_download() as download:
        page.click("#heat [data-save=csv]")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    size = [1 + max(int(row[name]) for row in rows) for name in ("query", "key")]
    found = np.full(size, np.nan)
    for row in rows:
        found[int(row["query"]), int(row["key"])] = float(row["difference"])
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
