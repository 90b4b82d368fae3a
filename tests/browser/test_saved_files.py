"""What a reader saves stands alone: pictures are finished figures, charts are valid Vega-Lite."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import altair as alt
import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.whole import Whole, build, texts

pytestmark = pytest.mark.browser

SVG = "{http://www.w3.org/2000/svg}"
DARK = {"color_scheme": "dark"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("saved")
    return build(folder / "site", folder / "cache", texts(3))


def opened(site: Whole, open_page: Open, kind: str) -> Page:
    """Open a page in dark colours, and wait until all of it is drawn."""
    record = site.plan.records[0][1].url
    page = open_page(
        site.folder / (record if kind == "record" else site.plan.models[0].url), **DARK
    )
    page.wait_for_timeout(900)
    return page


def saved(page: Page, figure: str, what: str, folder: Path) -> Path:
    """Save a figure through its menu."""
    with page.expect_download() as started:
        page.locator(f"{figure} [data-save={what}]").evaluate("node => node.click()")
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def figures(page: Page) -> list[str]:
    """Return a selector for each figure with a menu that is shown."""
    found: list[str] = page.evaluate("""() => [...document.querySelectorAll(".figure")]
      .filter((el) => el.checkVisibility() && el.querySelector("[data-save=json]"))
      .map((el, at) => { el.dataset.tested = at; return `[data-tested="${at}"]`; })""")
    return found


@pytest.mark.parametrize("kind", ["record", "model"])
def test_every_saved_chart_is_valid_and_has_rows_title_and_scale(
    site: Whole, open_page: Open, tmp_path: Path, kind: str
) -> None:
    page = opened(site, open_page, kind)
    found = figures(page)
    assert len(found) >= 4
    for figure in found:
        spec = json.loads(saved(page, figure, "json", tmp_path).read_text("utf-8"))
        alt.Chart.from_dict(spec)
        assert any(spec["datasets"].values()), figure
        title = page.inner_text(f"{figure} h3")
        assert re.sub(r"\s+", " ", spec["title"]["text"]) == re.sub(r"\s+", " ", title)
        assert spec["background"] == "#ffffff"
        assert spec["config"]["axis"]["labelColor"] == "#5c6873"  # ink of the light theme
        assert "file:" not in json.dumps(spec)
    assert page.evaluate("atlas.isDark()")


@pytest.mark.parametrize("kind", ["record", "model"])
def test_every_saved_picture_is_a_finished_figure(
    site: Whole, open_page: Open, tmp_path: Path, kind: str
) -> None:
    page = opened(site, open_page, kind)
    for figure in figures(page):
        picture = ElementTree.parse(saved(page, figure, "svg", tmp_path)).getroot()
        words = " ".join(node.text or "" for node in picture.iter(f"{SVG}text"))
        for said in page.inner_text(f"{figure} h3").split():
            assert said in words, figure
        assert "attnatlas" in words
        assert site.plan.models[0].url in words or site.plan.records[0][1].url in words
        if kind == "record":
            assert "Text: The nurse saw" in words
        legend = page.locator(f"{figure} .legend .key:visible")
        for key in legend.all_inner_texts():
            assert key.split()[0] in words, figure
        assert not list(picture.iter(f"{SVG}image"))
        assert picture.find(f"{SVG}rect").get("fill") == "#fff"  # type: ignore[union-attr]
        assert len(list(picture.iter(f"{SVG}path"))) > 5, figure
        size = [float(picture.get(side, "0")) for side in ("width", "height")]
        pixels = Image.open(saved(page, figure, "png", tmp_path)).convert("RGB")
        assert pixels.size == tuple(2 * side for side in size)
        assert pixels.getpixel((2, 2)) == (255, 255, 255)
        assert len(pixels.getcolors(1 << 24) or []) > 8
        assert "/tmp/" not in words


def test_the_chart_of_rollout_has_the_scale_of_the_page(
    site: Whole, open_page: Open, tmp_path: Path
) -> None:
    page = opened(site, open_page, "record")
    spec = json.loads(saved(page, "#rollout", "json", tmp_path).read_text("utf-8"))
    full = float(page.inner_text("[data-ramp-says=rollout]").rpartition(" ")[2])
    scale = spec["spec"]["encoding"]["color"]["scale"]
    assert scale["domain"] == pytest.approx([full * (at / 10) ** 2 for at in range(11)])
    assert len(scale["range"]) == 11  # a colour for each of them
    assert spec["title"]["text"].startswith("Rollout")
    rows = spec["datasets"]["rows"]
    assert {row["layer"] for row in rows} == {0, 1, 2}
    assert sum(row["weight"] for row in rows if row["layer"] == 2 and row["query"] == 1) == (
        pytest.approx(1, abs=0.05)
    )
