"""Figures of a bar or a line a token, in Chromium: what they draw is what the files hold."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attnatlas.analyses.attention_views import views
from attnatlas.analyses.faithfulness.tables import CHANCE, CURVES
from attnatlas.analyses.flow import column_bound
from attnatlas.build import build_site
from attnatlas.capture.token_positions import content, last_read
from attnatlas.config import Settings
from attnatlas.data.record_files import ArraysRecord, read_arrays
from playwright.sync_api import Page
from scipy.stats import spearmanr

from tests.browser.conftest import Open
from tests.capture.tiny import tiny_model

pytestmark = pytest.mark.browser

TEXTS = """title = "Made up"
about = "For tests."
licence = "CC0-1.0"
source = "Written for the tests."
[[record]]
id = "nurse"
text = "The doctor told the nurse that she was late and the bank of the river is muddy."
label = "LABEL_0"
[[record]]
id = "river"
text = "The bank of the river is muddy and the doctor was late."
label = "LABEL_1"
[[record]]
id = "flag"
text = "A family and a flag and the nurse that told the doctor."
label = "LABEL_2"
"""
VIEWS = """(() => {
  let given;
  const keep = async (el, ...rest) => {
    const found = await given(el, ...rest);
    el.shownView = found.view;
    return found;
  };
  const [get, set] = [() => given && keep, (made) => (given = made)];
  Object.defineProperty(window, "vegaEmbed", { get, set });
})();"""
"""Keeps each Vega view on the element it is drawn in, so that a test can ask for its scales."""
DATA = """([selector, name]) => {
  const drawn = atlas.drawings.get(document.querySelector(selector).firstElementChild);
  return drawn.rows(name).map(({ ...row }) => row);
}"""
PIXEL = """([selector, x, y]) => {
  const canvas = document.querySelector(selector).querySelector("canvas");
  const scale = canvas.width / canvas.clientWidth;
  const at = [x, y].map((value) => Math.floor(value * scale));
  return [...canvas.getContext("2d").getImageData(...at, 1, 1).data].slice(0, 3);
}"""
COLOUR = "name => [1, 3, 5].map((at) => parseInt(atlas.theme()[name].slice(at, at + 2), 16))"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of three texts by a classifier and a decoder with random weights."""
    folder = tmp_path_factory.mktemp("figures")
    (folder / "made.toml").write_text(TEXTS, "utf-8")
    models = [str(tiny_model(folder / kind, kind)) for kind in ("bert-classifier", "gpt2")]
    corpus = str(folder / "made.toml")
    build_site(
        Settings(
            corpora=(corpus,), models=tuple(models), output=folder / "site",
            store=folder / "store", numbers="float32", strict=True,
        )
    )  # fmt: skip
    return folder / "site"


@cache
def entry(site: Path, model: str, record: str) -> ArraysRecord:
    """Return what the data file of a record holds."""
    [found] = [
        one
        for one in read_arrays(site / "data")
        if (one.capture.model.name, one.capture.record.id) == (model, record)
    ]
    return found


def opened(site: Path, open_page: Open, url: str, figure: str, scheme: str = "light") -> Page:
    """Open a page at a figure and wait until it is drawn."""
    page = open_page(site / url, script=VIEWS, color_scheme=scheme)
    page.locator(figure).scroll_into_view_if_needed()
    page.wait_for_selector(f"{figure} canvas")
    return page


def rows_of(page: Page, figure: str, name: str = "rows") -> list[dict[str, Any]]:
    """Return the data of a chart."""
    found: list[dict[str, Any]] = page.evaluate(DATA, [figure, name])
    return found


def side(page: Page, figure: str, says: str) -> np.ndarray:
    """Return the values of one column of bars, from top to bottom."""
    rows = [row for row in rows_of(page, figure) if row["side"].startswith(says)]
    return np.array([row["value"] for row in sorted(rows, key=lambda row: row["row"])])


def twin(page: Page, figure: str) -> list[dict[str, str]]:
    """Return the table of a figure, a mapping a row, as it is shown."""
    page.click(f"{figure} summary")
    page.click(f"{figure} [data-save=table]")
    page.wait_for_selector(f"{figure} .twin tbody tr")
    heads = page.locator(f"{figure} .twin thead th").all_inner_texts()
    cells = [
        line.locator("td").all_inner_texts()
        for line in page.locator(f"{figure} .twin tbody tr").all()
    ]
    return [dict(zip(heads, line, strict=True)) for line in cells]


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("< 0.001", "0"))


def near(shown: np.ndarray, true: np.ndarray) -> None:
    """Compare numbers that a page holds to four significant digits."""
    np.testing.assert_allclose(shown, true, rtol=6e-4, atol=1e-7)


def painted(page: Page, figure: str, x: float, y: float, tone: str) -> None:
    """Assert that a point of a figure has a colour of the theme, in light and in dark."""
    seen = []
    for _ in range(2):
        colour = page.evaluate(COLOUR, tone)
        found = page.evaluate(PIXEL, [figure, x, y])
        assert np.abs(np.array(found) - np.array(colour)).max() <= 3
        seen.append(found)
        page.keyboard.press("d")
    assert seen[0] != seen[1]


def bar_middle(page: Page, figure: str, row: dict[str, Any]) -> tuple[float, float]:
    """Return a point inside a bar, in pixels of its figure."""
    width, height = page.evaluate(
        "selector => { const canvas = document.querySelector(`${selector} canvas`);"
        " return [canvas.clientWidth, canvas.clientHeight - 24]; }",
        figure,
    )
    count = 1 + max(one["row"] for one in rows_of(page, figure))
    return (row["start"] + row["end"]) / 2 * width, 22 + (row["row"] + 0.5) * height / count


BERT, GPT = "bert-classifier", "gpt2"


@pytest.mark.parametrize("model", [BERT, GPT])
def test_saliency_bars_are_the_tensors_of_the_file(model: str, site: Path, open_page: Open) -> None:
    found = entry(site, model, "nurse")
    figure = "[data-bars=saliency]"
    page = opened(site, open_page, f"records/{model}/nurse.html", figure)
    places = content(found.capture)
    for button in page.locator("#saliency [data-method]").all():
        button.click()
        name = button.get_attribute("data-method")
        near(side(page, figure, "saliency"), found.saliency[name][places])
    near(side(page, figure, "attention rollout"), views(found.capture, {})["rollout"][places])
    largest = max(rows_of(page, figure), key=lambda row: row["value"] * (row["side"][0] == "s"))
    painted(page, figure, *bar_middle(page, figure, largest), "yes")
    table = twin(page, "#saliency")
    tokens = found.capture.maps[0].queries
    assert [int(row["place"]) for row in table] == places.tolist()
    assert [row["token"] for row in table] == [tokens[at].text.strip() or "␣" for at in places]
    for row, value in zip(table, found.saliency["integrated_gradients"][places], strict=True):
        assert number(row["integrated_gradients"]) == pytest.approx(value, rel=0.06, abs=1e-3)


def test_bars_of_what_speaks_against_lie_left_of_a_line_on_the_scale_of_the_others(
    site: Path, open_page: Open
) -> None:
    figure = "[data-bars=saliency]"
    page = opened(site, open_page, f"records/{BERT}/nurse.html", figure)
    rows = [row for row in rows_of(page, figure) if row["side"].startswith("saliency")]
    against = [row for row in rows if row["value"] < 0]
    assert 0 < len(against) < len(rows)
    assert {(row["tone"], row["filled"]) for row in against} == {("no", False)}  # as at the top
    assert {row["tone"] for row in rows if row["value"] > 0} == {"yes"}
    assert {row["tone"] for row in rows_of(page, figure)} == {"yes", "no", "ink"}
    [zero] = {row["start"] for row in rows if row["value"] > 0}
    assert {row["end"] for row in against} == {zero}
    lengths = np.array([row["end"] - row["start"] for row in rows])
    sizes = np.array([abs(row["value"]) for row in rows])
    np.testing.assert_allclose(lengths / lengths.max(), sizes / sizes.max(), atol=1e-3)
    [line] = [box for box in rows_of(page, figure, "washes") if not box["width"]]
    width = page.evaluate("s => document.querySelector(`${s} canvas`).clientWidth", figure)
    assert line["x"] == pytest.approx(zero * width, abs=1)
    assert page.is_visible("#saliency [data-left]")
    page.click("#saliency [data-method=gradient]")  # a length: nothing lies below nought
    assert page.is_hidden("#saliency [data-left]")
    assert all(box["width"] for box in rows_of(page, figure, "washes"))


def test_the_chosen_answer_is_named_and_its_bars_follow(site: Path, open_page: Open) -> None:
    found, figure = entry(site, BERT, "nurse"), "[data-bars=saliency]"
    page = opened(site, open_page, f"records/{BERT}/nurse.html", figure)
    places = content(found.capture)
    names = list(found.capture.prediction["labels"])
    shares = found.capture.prediction["labels"]
    order = sorted(names, key=lambda name: -shares[name])
    assert f"saliency for the class “{order[0]}”" in page.inner_text("#saliency .legend")
    page.click(f"#saliency [data-target]:has-text('“{order[0]}” against “{order[1]}”')")
    assert f"saliency for “{order[0]}” against" in page.inner_text("#saliency .legend")
    near(side(page, figure, "saliency"), found.saliency["contrast.integrated_gradients"][places])
    assert side(page, figure, "attention").size == 0
    assert page.is_disabled("#saliency [data-method=gradient]")
    page.click("#saliency [data-method=gradient_x_input]")
    near(side(page, figure, "saliency"), found.saliency["contrast.gradient_x_input"][places])
    page.click("#saliency [data-target='0']")
    near(side(page, figure, "saliency"), found.saliency["gradient_x_input"][places])
    assert {"contrast.integrated_gradients"} < set(twin(page, "#saliency")[0])


def test_what_is_explained_and_what_stands_beside_it_are_in_the_address(
    site: Path, open_page: Open
) -> None:
    figure = "[data-bars=saliency]"
    page = opened(site, open_page, f"records/{BERT}/nurse.html", figure)
    page.locator("#saliency [data-seen]").last.click()
    seen = page.locator("#saliency [data-seen]").last.get_attribute("data-seen")
    page.wait_for_url(f"**seen={seen}*")
    page.click("#saliency [data-target='1']")
    page.wait_for_url("**target=1*")
    again = open_page(site / f"records/{BERT}/nurse.html", page.evaluate("location.hash"))
    again.locator("#saliency").scroll_into_view_if_needed()
    again.wait_for_selector(f"{figure} canvas")
    for choice in (f"[data-seen={seen}]", "[data-target='1']"):
        assert again.get_attribute(f"#saliency {choice}", "aria-pressed") == "true"
    values = [side(one, figure, "saliency") for one in (page, again)]
    near(values[1], values[0])


def test_anchors_are_marked_where_the_sentence_names_them(site: Path, open_page: Open) -> None:
    figure = "[data-bars=saliency]"
    page = opened(site, open_page, f"records/{BERT}/nurse.html", figure)
    tokens = [row["token"].strip() for row in rows_of(page, figure) if row["side"][0] == "s"]
    boxes = [box for box in rows_of(page, figure, "washes") if box["width"]]  # no line of nought
    marked = [tokens[int(box["y"] // 18)] for box in boxes]
    said = re.findall("“(.+?)”", page.inner_text("[data-anchors]"))
    assert marked == said
    hollow = [token for token, box in zip(marked, boxes, strict=True) if box["fill"] == "ground"]
    rows = twin(page, "#saliency")
    for flag, words in (("1", [token for token in said if token not in hollow]), ("-1", hollow)):
        assert [row["token"] for row in rows if row["anchor"] == flag] == words


@pytest.mark.parametrize("model", [BERT, GPT])
def test_curves_are_those_of_the_results(model: str, site: Path, open_page: Open) -> None:
    found, figure = entry(site, model, "nurse"), "[data-curve=erased]"
    page = opened(site, open_page, f"records/{model}/nurse.html", figure)
    tables = found.results["faithfulness"]["tables"]
    [[answer, full, *_]] = tables["asked"]["rows"]
    random = [dict(zip(CHANCE, row, strict=True)) for row in tables["chance"]["rows"]]
    curves = [dict(zip(CURVES, row, strict=True)) for row in tables["curves"]["rows"]]
    assert answer in page.inner_text("#faithfulness")
    for what, part in (("erased", "comprehensiveness"), ("alone", "sufficiency")):
        chart = f"[data-curve={what}]"
        page.wait_for_selector(f"{chart} canvas")
        lines, chance = rows_of(page, chart, "lines"), rows_of(page, chart, "random")
        for order in {row["order"] for row in lines}:
            shown = {round(r["share"], 3): r["value"] for r in lines if r["order"] == order}
            true = {
                round(row["share"], 3): full - row[part] for row in curves if row["order"] == order
            }
            if what == "erased":
                assert shown.pop(0) == pytest.approx(full, abs=1e-4)
            assert shown == pytest.approx(true, abs=1e-4)
        ends = {
            row["share"]: (row[f"{start}high"], row[f"{start}low"])
            for row in random
            for start in (["sufficiency_"] if what == "alone" else [""])
        }
        for band in chance:
            near_it = [two for share, two in ends.items() if abs(share - band["share"]) < 1e-3]
            low, high = near_it[0] if near_it else (0.0, 0.0)
            assert (band["low"], band["high"]) == pytest.approx((full - low, full - high), abs=1e-4)
        assert len(chance) == len(random) + (what == "erased")
    legend = page.inner_text("#faithfulness .legend")
    for name in ("integrated gradients", "gradient-weighted relevance", "attention rollout"):
        assert name in legend
    assert "by chance: random orders" in legend
    table = twin(page, "#faithfulness")
    shown_orders = {"integrated_gradients", "relevance", "rollout", "attention"}
    expected = [row for row in curves if row["order"] in shown_orders]
    shown_means = sorted(shown_orders, key=[row["order"] for row in curves].index)
    drawn = [row for row in table[len(expected) :] if row["Share of tokens"] != "mean"]
    assert {row["Order"] for row in drawn} == {
        f"random: {name}" for name in ("mean", "upper end", "lower end")
    }
    means = [row["Order"] for row in table if row["Share of tokens"] == "mean"]
    assert means == ["random: least", "random: to beat", *dict.fromkeys(shown_means)]
    table = table[: len(expected)]
    assert [row["Order"] for row in table] == [row["order"] for row in expected]
    for row, true_row in zip(table, expected, strict=True):
        assert float(row["Erased"]) == pytest.approx(full - true_row["comprehensiveness"], abs=1e-4)
        assert float(row["Kept alone"]) == pytest.approx(full - true_row["sufficiency"], abs=1e-4)


def test_curves_are_painted_in_light_and_dark(site: Path, open_page: Open) -> None:
    figure = "[data-curve=erased]"
    page = opened(site, open_page, f"records/{BERT}/nurse.html", figure)
    page.wait_for_selector(f"{figure} .vega-embed")  # it is painted until then
    last = rows_of(page, figure, "lines")[-1]  # drawn above all others
    x, y = page.evaluate(
        """([selector, share, value]) => {
            const { shownView: view } = document.querySelector(`${selector} .vega-embed`);
            const { left, top } = view.padding();
            return [left + view.scale("x")(share), top + view.scale("y")(value)];
        }""",
        [figure, last["share"], last["value"]],
    )
    painted(page, figure, x, y, last["tone"])


@pytest.mark.parametrize("model", [BERT, GPT])
def test_flow_bars_are_the_tensor_of_the_file(model: str, site: Path, open_page: Open) -> None:
    found, figure = entry(site, model, "river"), "[data-bars=flow]"
    page = opened(site, open_page, f"records/{model}/river.html", figure)
    part = found.capture.maps[0]
    row = last_read(found.capture) if part.causal else 0
    bound = column_bound(part.weights)
    near(side(page, figure, "flow"), found.flow["self"][row])
    near(side(page, figure, "first layer"), bound / bound.sum())
    near(side(page, figure, "rollout"), found.rollout["self"][-1, row])
    assert part.queries[row].text.strip() in page.inner_text("#flow .legend")
    largest = max(rows_of(page, figure), key=lambda one: one["value"] * (one["side"] == "flow"))
    painted(page, figure, *bar_middle(page, figure, largest), "ink")
    for line, value in zip(twin(page, "#flow"), found.flow["self"][row], strict=True):
        assert number(line["flow"]) == pytest.approx(value, rel=0.06, abs=1e-3)


def test_the_plot_of_methods_holds_their_mean_correlations(site: Path, open_page: Open) -> None:
    figure = "[data-dots=pairs]"
    page = open_page(site / f"models/{BERT}.html", script=VIEWS)
    page.wait_for_selector(f"{figure}[data-drawn]")
    rows = {row["name"]: row for row in rows_of(page, figure)}
    each = []
    for record in ("nurse", "river", "flag"):
        found = entry(site, BERT, record)
        places = content(found.capture)
        pair = (found.saliency[name][places] for name in ("integrated_gradients", "gradient"))
        each.append(spearmanr(*map(np.abs, pair)).statistic)
    shown = rows["integrated gradients · gradient length"]
    assert shown["value"] == pytest.approx(np.mean(each), abs=1e-4)
    findings = json.loads((site / "data" / "findings.json").read_text("utf-8"))
    [said] = [one for one in findings if one["id"] == f"{BERT}-rollout-integrated_gradients"]
    rolled = rows["attention rollout · integrated gradients"]
    assert rolled["value"] == pytest.approx(said["value"], abs=1e-4)
    assert said["n"] == 3
    values = [row["value"] for row in rows_of(page, figure)]
    assert values == sorted(values, reverse=True)
    table = twin(page, "#dots-pairs")
    assert len(table) == len(rows)
    for row in table:
        one = rows[f"{row['One']} · {row['Other']}"]
        assert number(row["Spearman"]) == pytest.approx(one["value"], abs=6e-3)
        assert (row["Beyond chance"] != "yes") == one["open"]


INKS = """() => {
  const view = document.querySelector("[data-dots=pairs]").firstElementChild.shownView;
  const marks = [];
  const visit = (node) => {
    if (node.marktype === "symbol") marks.push(...node.items.map(({ fill }) => fill));
    for (const item of node.items ?? []) if (item.items) visit(item);
  };
  visit(view.scenegraph().root);
  return [...new Set(marks), atlas.theme().colours.ink2];
}"""


def test_where_too_few_texts_tell_no_dot_is_hollow_and_it_is_said_once(
    site: Path, open_page: Open
) -> None:
    page = open_page(site / f"models/{BERT}.html", script=VIEWS)
    page.wait_for_selector("[data-dots=pairs][data-drawn]")
    assert {row["low"] for row in rows_of(page, "[data-dots=pairs]")} == {None}
    *inks, dark = page.evaluate(INKS)
    assert inks == [dark]
    said = page.inner_text("#dots-pairs")
    assert said.count("3 texts: too few for an interval, so nothing is claimed.") == 1
    assert "hollow: not shown" not in page.inner_text("main")


def test_the_plot_of_methods_is_painted_in_light_and_dark(site: Path, open_page: Open) -> None:
    page = open_page(site / f"models/{BERT}.html", script=VIEWS)
    page.wait_for_selector("[data-dots=pairs][data-drawn]")
    at = """() => {
      const view = document.querySelector("[data-dots=pairs]").firstElementChild.shownView;
      const row = view.data("rows").find(({ null_low, value }) => value - null_low > 0.2);
      const { left, top } = view.padding();
      const [x, y] = [view.scale("x")(row.null_low), view.scale("y")];
      return [left + x + 2, top + y(row.name) + y.bandwidth() / 2];
    }"""
    x, y = page.evaluate(at)
    painted(page, "[data-dots=pairs]", x, y, "nullBand")


def test_rollout_of_a_decoder_stands_beside_what_its_mask_gives(
    site: Path, open_page: Open
) -> None:
    page = open_page(site / f"records/{GPT}/nurse.html")
    said = page.locator("#rollout .findings li").all_inner_texts()
    assert len(said) == 1
    share = entry(site, GPT, "nurse").rollout["self"][-1, -1, 0]
    shown = float(re.search(r"After the last layer, ([\d.]+)", said[0]).group(1))
    assert shown == pytest.approx(share, abs=6e-3)
    assert "with uniform causal attention: 0." in said[0]
    page = open_page(site / f"records/{BERT}/nurse.html")
    assert page.locator("#rollout .findings").count() == 0
