"""The record page in a real browser: every number it shows is the number of the array behind it."""

from __future__ import annotations

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vl_convert
from attnatlas.analyses.rollout import ANALYSIS as ROLLOUT
from attnatlas.corpus import corpus_from_records
from attnatlas.pages.packing import quantise
from attnatlas.pages.record.static_picture import palette
from playwright.sync_api import Browser, Page, expect

from tests.analyses.small_maps import golden
from tests.browser.conftest import Open, Sites
from tests.browser.synthetic import HOSTILE, HOSTILE_ID, Made, Shape, build

pytestmark = pytest.mark.browser

SCRIPTS = """
window.read = [];
const see = ({ src }) => src && window.read.push(src.split(".").at(-2));
const all = (found) => found.forEach(({ addedNodes }) => addedNodes.forEach(see));
new MutationObserver(all).observe(document, { childList: true, subtree: true });
"""
"""Keeps, in order, what the scripts that a page reads are of."""
ENCODER = Shape()
DECODER = Shape("decoder")
PAIR = Shape("encoder-decoder")
LONG = Shape(tokens=200)
STEP = 0.51 / 255  # half a step of the stored square roots, and a little for float32


def close(shown: np.ndarray, true: np.ndarray) -> None:
    """Compare weights within what storing them at 8 bits costs, to four digits."""
    assert np.abs(np.sqrt(shown) - np.sqrt(true)).max() < STEP + 1e-4


def saved(page: Page, figure: str, what: str, tmp_path: Path) -> Path:
    """Save something of a figure through its menu."""
    page.click(f"#{figure} summary")
    with page.expect_download() as download:
        page.click(f"#{figure} [data-save={what}]")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    return path


def shown_matrix(page: Page, tmp_path: Path) -> np.ndarray:
    """Return what the heatmap shows, NaN where nothing may be looked at."""
    with saved(page, "heat", "csv", tmp_path).open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    queries, keys = (1 + max(int(row[name]) for row in rows) for name in ("query", "key"))
    matrix = np.full((queries, keys), np.nan)
    for row in rows:
        matrix[int(row["query"]), int(row["key"])] = float(row["weight"])
    return matrix


def pixel(page: Page, row: int, column: int) -> tuple[int, ...]:
    """Return the colour in the middle of a cell of the heatmap's canvas, red, green, blue."""
    found = page.evaluate(
        """([row, column]) => {
            const inner = document.querySelector("[data-heat] .inner");
            const [left, top, cell] = inner.dataset.grid.split(" ").map(Number);
            const canvas = inner.querySelector("canvas");
            const scale = canvas.width / canvas.clientWidth;
            const at = (edge, place) => Math.floor((edge + (place + 0.5) * cell) * scale);
            const context = canvas.getContext("2d");
            return [...context.getImageData(at(left, column), at(top, row), 1, 1).data];
        }""",
        [row, column],
    )
    return tuple(found[:3])


def ink(weight: float) -> np.ndarray:
    """Return the colour of a weight in the light theme."""
    return palette()[int(quantise(np.array(weight)))].astype(int)


def tip(page: Page) -> str:
    return page.inner_text("[data-heat] .tip")


def choose(page: Page, setting: str, value: str) -> None:
    """Choose one of the settings, also of those behind "More"."""
    button = page.locator(f".controls [data-set={setting}][data-value={value}]")
    if not button.is_visible():
        page.click(".controls summary")
    button.click()


def attention(made: Made, record: str = "plain", part: int = 0) -> np.ndarray:
    return made.captures[record].maps[part].weights


@pytest.mark.parametrize("shape", [ENCODER, LONG], ids=["marks", "picture"])
def test_the_heatmap_is_painted_in_the_colours_of_its_weights(
    shape: Shape, sites: Sites, open_page: Open
) -> None:
    made = sites(shape)
    page = open_page(made.path("plain"), "#layer=1&head=2&query=9&key=9")
    weights = attention(made)[1, 2]
    for row, column in [(3, 4), (5, 1), (7, 17), (len(weights) - 1, 2)]:
        assert np.abs(np.array(pixel(page, row, column)) - ink(weights[row, column])).max() <= 3


def test_arrows_on_the_overview_show_that_heads_numbers(
    sites: Sites, open_page: Open, tmp_path: Path
) -> None:
    made = sites(ENCODER)
    page = open_page(made.path("plain"), "#layer=0&head=0&query=2&key=3")
    close(shown_matrix(page, tmp_path), attention(made)[0, 0])
    page.focus("[data-overview]")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    page.wait_for_selector("[data-card-head]:text-is('L1H1')")
    close(shown_matrix(page, tmp_path), attention(made)[1, 1])
    weight = float(attention(made)[1, 1, 2, 3])
    assert float(tip(page).split()[-1]) == pytest.approx(weight, rel=0.06, abs=0.002)
    assert "L1H1" in page.inner_text("[data-sentence]")


def test_a_long_text_shows_the_right_numbers(sites: Sites, open_page: Open, tmp_path: Path) -> None:
    made = sites(LONG)
    page = open_page(made.path("plain"), "#layer=2&head=3&query=150&key=12")
    close(shown_matrix(page, tmp_path), attention(made)[2, 3])
    page.locator("[data-lines]").scroll_into_view_if_needed()
    page.wait_for_selector("[data-lines] .state:visible")
    assert "this text has 200" in page.inner_text("[data-lines]")
    assert not page.is_visible("#lines .menu")  # nothing is drawn that could be saved
    assert page.evaluate("document.querySelectorAll('*').length") < 1500


def test_a_long_text_opens_with_one_head_and_reads_its_layer_later(
    sites: Sites, open_page: Open, tmp_path: Path
) -> None:
    made = sites(Shape(layers=12, heads=12, tokens=512))
    page = open_page(made.path("plain"), script=SCRIPTS)
    head = page.inner_text("[data-code] >> nth=0")
    layer, number = (int(part) for part in head[1:].split("H"))
    read = "window.read"
    assert "first" in page.evaluate(read)
    page.wait_for_selector("[data-sentence]:has-text('of 12 heads of this layer')")
    assert f"L{layer:02}" in page.evaluate(read)
    close(shown_matrix(page, tmp_path), attention(made)[layer, number])
    other = f"#layer={layer}&head={(number + 1) % 12}"
    page = open_page(made.path("plain"), other, script=SCRIPTS)
    assert "first" not in page.evaluate(read)
    close(shown_matrix(page, tmp_path), attention(made)[layer, (number + 1) % 12])


def test_figures_that_stand_beside_each_other_begin_at_one_height(
    sites: Sites, open_page: Open
) -> None:
    page = open_page(sites(ENCODER).path("plain"))
    tops = [page.locator(f"#{name} h3").bounding_box()["y"] for name in ("heat", "heads")]
    assert tops[0] == tops[1]


def test_means_largest_and_rollout_are_those_of_the_layer(
    sites: Sites, open_page: Open, tmp_path: Path
) -> None:
    made = sites(ENCODER)
    page = open_page(made.path("plain"), "#layer=1&view=max")
    weights = attention(made)
    close(shown_matrix(page, tmp_path), weights[1].max(axis=0))
    page.click("[data-set=view][data-value=mean]")
    page.wait_for_selector("#heat h3:has-text('mean of 4 heads')")
    stored = (quantise(weights[1]) / 255.0) ** 2
    assert np.abs(shown_matrix(page, tmp_path) - stored.mean(axis=0)).max() < 1e-3
    choose(page, "view", "rollout")
    page.wait_for_selector("#heat h3:has-text('Rollout to layer 1')")
    rollout = ROLLOUT.compute(made.captures["plain"]).matrices[0].values
    close(shown_matrix(page, tmp_path), rollout[1])


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The page of a text whose third word is three tokens."""
    rows = [{"id": "plain", "text": "The well-known bank was."}]
    corpus = replace(corpus_from_records(rows), name="pieces")
    return build(tmp_path_factory.mktemp("pieces"), ENCODER, corpus)


def test_words_and_special_tokens_change_the_matrix_as_the_page_says(
    sites: Sites, open_page: Open, pieces: Made, tmp_path: Path
) -> None:
    made = sites(ENCODER)
    page = open_page(made.path("plain"), "#layer=0&head=1&special=remove")
    stored = (quantise(attention(made)[0, 1]) / 255.0) ** 2
    inner = stored[1:-1, 1:-1]
    expected = inner / inner.sum(axis=1, keepdims=True)
    assert np.abs(shown_matrix(page, tmp_path) - expected).max() < 1e-3
    assert "rows renormalised" in page.inner_text("[data-ramp-says=heat]")
    choose(page, "special", "show")
    page = open_page(pieces.path("plain"), "#layer=0&head=1&query=3&key=4")
    assert "keys summed" in page.inner_text("[data-ramp-says=heat]")  # words, from the start
    stored = (quantise(attention(pieces)[0, 1]) / 255.0) ** 2
    starts = [0, 1, 2, 5, 6, 7, 8]  # [CLS] The well|-|known bank was . [SEP]
    rows = np.add.reduceat(np.add.reduceat(stored, starts, axis=1), starts, axis=0)
    rows[2] /= 3
    assert np.abs(shown_matrix(page, tmp_path) - rows).max() < 1e-3
    assert tip(page).startswith("well-known → well-known")
    choose(page, "units", "subwords")
    page.wait_for_selector("[data-ramp-says=heat]:not(:has-text('keys summed'))")
    close(shown_matrix(page, tmp_path), attention(pieces)[0, 1])
    page.wait_for_url("**units=subwords**")


SHOWN = """(weights) => weights.map((weight) => {
  const stored = (Math.round(255 * Math.sqrt(weight)) / 255) ** 2;
  return [stored, atlas.stored(stored)];
})"""


def test_the_digits_of_a_stored_weight_hold(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(ENCODER).path("plain"))
    weights = [0.0006, *np.geomspace(0.0007, 1, 4000).tolist()]
    for weight, (_, shown) in zip(weights, page.evaluate(SHOWN, weights), strict=True):
        if not shown.startswith("<"):
            last = 10.0 ** -len(shown.partition(".")[2])
            assert abs(float(shown) - weight) < last, (weight, shown)


GOLDEN = """values => {
  const queries = [0, 1, 1, 2, 3].map((w, at) => ({ t: "abcde"[at], w }));
  const map = { kind: "self", queries, keys: null, seen: queries };
  const axes = atlas.axes(map, { units: "words", special: "show" });
  return [axes.queries.length, [...atlas.gather(Float32Array.from(values), map, axes)]];
}"""


def test_words_are_merged_as_the_golden_numbers_are(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(ENCODER).path("plain"))
    words, found = page.evaluate(GOLDEN, golden()[0, 0].ravel().tolist())
    assert words == 4
    rows = np.array(found).reshape(4, 4)
    first = [0.33994404, 0.09971868, 0.01576639, 0.54457088]
    second = [0.32422074, 0.02265922, 0.52643007, 0.12668996]
    np.testing.assert_allclose(rows[:2], [first, second], atol=2e-7)
    np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)


def test_the_keyboard_moves_the_chosen_cell_and_the_page_says_so(
    sites: Sites, open_page: Open
) -> None:
    made = sites(ENCODER)
    page = open_page(made.path("plain"), "#layer=0&head=0&query=2&key=3")
    before = tip(page)
    page.focus("[data-heat]")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**query=3&key=4**")
    assert tip(page) != before
    expect(page.locator("#live")).to_have_text(tip(page))
    page.keyboard.press("End")
    assert "[SEP]" in tip(page)
    page.keyboard.press("Home")
    assert "[CLS]" in tip(page)
    page.wait_for_url("**query=3&key=0**")


def test_a_click_on_a_cell_or_a_word_chooses_it(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(ENCODER).path("plain"), "#layer=0&head=0&query=2&key=3")
    page.click("[data-passage] [data-at='5']")
    assert page.inner_text(".tok.q").strip() == "nurse"
    left, top, cell = map(float, page.get_attribute("[data-heat] .inner", "data-grid").split())
    position = {"x": left + 7.5 * cell, "y": top + 4.5 * cell}
    page.click("[data-heat] .inner", position=position)
    assert page.inner_text(".tok.q").strip() == "the"
    assert tip(page).startswith("the → she")


def test_an_address_restores_the_view(sites: Sites, open_page: Open) -> None:
    made = sites(ENCODER)
    link = "#layer=2&head=3&query=4&key=5&scale=log&special=hide"
    page = open_page(made.path("plain"), link)
    assert page.inner_text("[data-card-head]") == "L2H3"
    for name, value in (("scale", "log"), ("special", "hide"), ("view", "head")):
        chosen = f"[data-set={name}][aria-pressed=true]"
        assert page.get_attribute(chosen, "data-value") == value
    assert page.inner_text(".tok.q").strip() == "the"
    page.evaluate("location.hash = '#layer=1&head=0&query=2&key=3'")
    page.wait_for_selector("[data-card-head]:text-is('L1H0')")


@pytest.mark.parametrize("link", ["#layer=99&head=x&query=-1", "#kind=none&view=<b>", "#%E0%A4%A"])
def test_an_address_that_names_nothing_opens_the_nearest_view(
    link: str, sites: Sites, open_page: Open
) -> None:
    page = open_page(sites(ENCODER).path("plain"), link)
    assert re.fullmatch(r"L\dH\d", page.inner_text("[data-card-head]"))


def test_the_theme_switch_repaints_and_print_is_light(sites: Sites, open_page: Open) -> None:
    page = open_page(
        sites(ENCODER).path("plain"), "#layer=0&head=0&query=2&key=3", color_scheme="light"
    )
    light = pixel(page, 5, 5)
    page.keyboard.press("d")
    dark = pixel(page, 5, 5)
    assert light != dark
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert pixel(page, 5, 5) == light
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert pixel(page, 5, 5) == dark


def test_what_a_decoder_may_not_see_is_hatched_and_not_a_number(
    sites: Sites, open_page: Open, tmp_path: Path
) -> None:
    made = sites(DECODER)
    page = open_page(made.path("plain"), "#layer=0&head=0&query=2&key=9")
    assert tip(page).endswith("masked")
    assert page.is_visible("#heat [data-masked-key]")
    matrix = shown_matrix(page, tmp_path)
    assert np.isnan(matrix[np.triu_indices(len(matrix), 1)]).all()
    close(np.nan_to_num(matrix), attention(made)[0, 0])


def test_a_window_is_hatched_too(sites: Sites, open_page: Open, tmp_path: Path) -> None:
    made = sites(Shape(window=4))
    page = open_page(made.path("plain"))
    matrix = shown_matrix(page, tmp_path)
    far = np.abs(np.subtract.outer(np.arange(len(matrix)), np.arange(len(matrix)))) >= 4
    assert (np.isnan(matrix) == far).all()


def tokens_of(made: Made, row: int) -> tuple[str, str]:
    """Return the token that the decoder is fed at a row, and the one that it writes there."""
    cross = made.captures["plain"].maps[2]
    return cross.queries[row].text.strip(), cross.predicted[row].text.strip()


def test_the_three_maps_of_an_encoder_decoder(
    sites: Sites, open_page: Open, tmp_path: Path
) -> None:
    made = sites(PAIR)
    page = open_page(made.path("plain"), "#layer=1&head=2&query=2&key=3")
    assert page.locator("[data-passage]").count() == 2
    close(shown_matrix(page, tmp_path), attention(made, part=2)[1, 2])
    fed, written = tokens_of(made, 2)
    assert f"{fed} → writing {written}" in page.inner_text("[data-sentence]")
    assert tip(page).startswith(f"{fed} → writing {written} → ")
    assert page.inner_text("[data-passage=target] .q").strip() == written
    with saved(page, "heat", "csv", tmp_path).open(newline="", encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["query"] == "2"]
    assert {(row["query_token"], row["fed_token"]) for row in rows} == {(written, fed)}
    for part, kind in enumerate(["encoder", "decoder"]):
        page.click(f"[data-set=kind][data-value={kind}]")
        page.wait_for_selector(f"#heat h3:has-text('of the {kind}')")
        close(np.nan_to_num(shown_matrix(page, tmp_path)), attention(made, part=part)[1, 2])


def test_hostile_text_stays_text(sites: Sites, open_page: Open) -> None:
    made = sites(ENCODER)
    page = open_page(made.path(HOSTILE_ID))
    assert page.locator("img").count() == 0
    assert HOSTILE_ID in page.inner_text("h1")
    shown = page.evaluate("document.querySelector('[data-passage]').textContent")
    assert shown.replace("[CLS]", "").replace("[SEP]", "") == HOSTILE
    assert page.locator("b:has-text('hostile')").count() == 0
    page.keyboard.press("t")
    page.wait_for_selector(".twin table")


def test_figures_can_be_kept(sites: Sites, open_page: Open, tmp_path: Path) -> None:
    made = sites(ENCODER)
    page = open_page(made.path("plain"), "#layer=1&head=2&query=2&key=3")
    for figure in ("heat", "heads", "lines", "rollout"):
        page.locator(f"#{figure}").scroll_into_view_if_needed()
        page.wait_for_timeout(200)
        assert saved(page, figure, "svg", tmp_path).read_text("utf-8").startswith("<svg")
        assert saved(page, figure, "png", tmp_path).read_bytes().startswith(b"\x89PNG")
        chart: dict[str, Any] = json.loads(saved(page, figure, "json", tmp_path).read_text("utf-8"))
        assert vl_convert.vegalite_to_svg(chart).startswith("<svg")
    heat = json.loads(saved(page, "heat", "json", tmp_path).read_text("utf-8"))
    assert len(heat["datasets"]["cells"]) == attention(made)[1, 2].size


def test_a_table_says_what_its_figure_shows(sites: Sites, open_page: Open) -> None:
    made = sites(ENCODER)
    page = open_page(made.path("plain"), "#layer=1&head=2&query=2&key=3")
    page.focus("[data-heat]")
    page.keyboard.press("t")
    page.wait_for_selector("#heat .twin tbody tr")
    rows = page.locator("#heat .twin tbody tr").all()
    shown = [
        [float(cell.replace("<", "")) for cell in row.inner_text().split("\t")[1:]] for row in rows
    ]
    np.testing.assert_allclose(shown, attention(made)[1, 2], atol=0.0051, rtol=0.02)
    assert not page.is_visible("[data-heat]")
    page.click("[data-passage] [data-at='6']")
    page.wait_for_selector("#heat .twin caption:has-text('that')")
    page.focus("[data-overview]")
    page.keyboard.press("t")
    page.wait_for_selector("#heads .twin tbody tr")
    assert page.locator("#heads .twin tbody tr").count() == 12


def test_a_phone_scrolls_in_one_direction_and_can_be_touched(sites: Sites, open_page: Open) -> None:
    for shape in (ENCODER, LONG):
        page = open_page(sites(shape).path("plain"), viewport={"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for button in page.locator(".bar-ctl button, .menu summary").filter(visible=True).all():
            assert button.bounding_box()["height"] >= 39.5


def test_the_page_says_something_without_scripts(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(ENCODER).path("plain"), ready=False, java_script_enabled=False)
    assert page.get_attribute("noscript img", "alt").startswith("Mean attention")
    assert page.locator("noscript tbody tr").count() == 10
    assert not page.is_visible("#heat")


def test_beside_a_heads_numbers_stands_what_uniform_attention_gives(
    sites: Sites, open_page: Open
) -> None:
    for shape in (ENCODER, DECODER):
        made = sites(shape)
        page = open_page(made.path("plain"))
        attention = made.captures["plain"].maps[0]
        seen = np.arange(1, 1 + len(attention.queries)) if attention.causal else None
        uniform = np.log(len(attention.queries) if seen is None else seen).mean()
        for layer in range(attention.layers):
            page.evaluate(f"location.hash = 'layer={layer}&head=0'")
            expect(page.locator("[data-card-head]")).to_have_text(f"L{layer}H0")
            said = page.inner_text("[data-metric=entropy] + *")
            assert said == f"uniform {uniform:.2f}"


def test_only_a_figure_in_view_turns_into_a_table(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(ENCODER).path("plain"))
    page.focus("[data-heat]")
    page.evaluate("document.querySelector('#rollout').scrollIntoView({ block: 'start' })")
    page.keyboard.press("t")
    page.wait_for_selector("#rollout.as-table")
    assert page.locator(".as-table").count() == 1


def test_the_keys_are_listed(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(ENCODER).path("plain"))
    page.keyboard.press("?")
    keys = page.inner_text("dialog")
    for key in ("search the texts", "dark or light", "next text", "a figure as a table"):
        assert key in keys
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog")


def test_a_missing_map_is_said_in_its_place(
    sites: Sites, chromium: Browser, tmp_path: Path
) -> None:
    made = sites(ENCODER)
    copy = shutil.copytree(made.folder, tmp_path / "site")
    page_of = made.pages["plain"]
    (copy / f"{page_of.maps}.self.rollout.js").unlink()
    page = chromium.new_page()
    page.goto((copy / page_of.url).as_uri())
    page.wait_for_selector("body[data-ready]")
    choose(page, "view", "rollout")
    page.wait_for_selector("#heat .state.err")
    assert "could not be loaded" in page.inner_text("#heat .state.err")
    page.click("[data-set=view][data-value=mean]")
    page.wait_for_selector("#heat h3:has-text('mean of 4 heads')")
    assert page.locator("#heat .state.err").count() == 0
    page.close()


def test_the_tip_covers_no_cells_until_the_map_is_looked_at(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(ENCODER).path("plain"))
    page.wait_for_selector("[data-heat] canvas")
    seen = "getComputedStyle(document.querySelector('[data-heat] .tip')).opacity"
    assert page.evaluate(seen) == "0"
    page.hover("[data-heat] .inner")
    assert page.evaluate(seen) == "1"
    page.mouse.move(0, 0)
    assert page.evaluate(seen) == "0"
    page.focus("[data-heat]")
    assert page.evaluate(seen) == "1"
