"""Analyses of another package have figures that are painted, and can be seen as tables."""

import re

import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.data.record_files import write_record

from tests.browser.synthetic import Shape, capture, records
from tests.browser.test_figures import VIEWS
from tests.browser.test_pages import opened
from tests.browser.test_print import PAPER
from tests.browser.whole import models
from tests.foreign import FOREIGN, SHAPES
from tests.plugins import installed

pytestmark = pytest.mark.browser
WITHOUT_MODEL = tuple(one for one in FOREIGN if not one.asks)
PAINTED = """canvas => {
  const { width, height } = canvas;
  const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  return new Set(new Uint32Array(data.buffer)).size;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site from made-up attention that has them all but those that ask a model."""
    folder = tmp_path_factory.mktemp("shapes")
    [info] = models(("encoder",), 2, 3, nasty=False)
    for record in records().records[:2]:
        said = capture(info, record, Shape("encoder", 2, 3))
        write_record(folder / "arrays" / f"{record.id}.safetensors", said)
    settings = Settings(arrays=folder / "arrays", output=folder / "site", store=folder / "store")
    with installed(*WITHOUT_MODEL):
        build_site(settings)
    return settings.output


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("records/made-encoder/plain.html", ("of-record", "follow-up")),
        ("models/made-encoder.html", ("aggregate", "accumulation")),
        ("reports/comparison.html", ("comparison",)),
    ],
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_shape_is_painted(chromium, site, url, names, scheme):
    with opened(chromium, (site / url).as_uri(), 1000, scheme) as page:
        for name in names:
            figures = page.locator(f"[data-of={name}]")
            assert figures.count() == len(SHAPES)
            for at in range(len(SHAPES)):
                figure = figures.nth(at)
                figure.scroll_into_view_if_needed()
                canvas = figure.locator("canvas")
                canvas.wait_for()
                assert canvas.evaluate(PAINTED) > 2, (name, figure.get_attribute("aria-label"))


def test_a_figure_by_shape_has_its_numbers_as_a_table(chromium, site):
    with opened(chromium, (site / "reports/comparison.html").as_uri(), 1000) as page:
        figure = page.locator(".figure:has([data-shape])").first
        figure.locator("summary").click()
        figure.locator("[data-save=table]").click()
        assert "0.25" in figure.locator("table").inner_text()


INKS = """(el, values) => {
  const scale = el.querySelector(".chart").shownView.scale("color");
  return [...values.map(scale), atlas.theme().div, atlas.theme().seq];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_squares_have_two_colours_round_nought_where_numbers_lie_on_both_sides_of_it(
    open_page, site, scheme
):
    page = open_page(site / "reports/comparison.html", script=VIEWS, color_scheme=scheme)
    grid, distances = (page.locator(f"[aria-label^={name}]") for name in ("Strength", "Distances"))
    for figure in (grid, distances):
        figure.scroll_into_view_if_needed()
        figure.locator("canvas").wait_for()
    least, middle, most, div, _ = grid.evaluate(INKS, [-3, 0, 3])  # from −2 to 3
    assert [colour(one) for one in (least, middle, most)] == [colour(div[at]) for at in (0, 5, 10)]
    middle, most, _, seq = distances.evaluate(INKS, [0, 1])
    assert [colour(one) for one in (middle, most)] == [colour(seq[at]) for at in (0, 10)]


def colour(text):
    """Return a colour as three numbers, however it is written."""
    if text.startswith("#"):
        return [int(text[at : at + 2], 16) for at in (1, 3, 5)]
    return [int(number) for number in re.findall(r"\d+", text)[:3]]


NARROW = """width => {
  document.body.style.width = `${width}px`; // as a print narrows it, before any chart is drawn anew
  return [...document.querySelectorAll("[data-shape] canvas")]
    .map((el) => [el, el.closest("[data-shape]")].map((one) => one.getBoundingClientRect()))
    .map(([canvas, room]) => [canvas.width, canvas.right - room.right]);
}"""


def test_on_paper_no_figure_by_shape_leaves_its_column(open_page, site):
    page = open_page(site / "records/made-encoder/plain.html")  # drawn for a wide screen
    page.emulate_media(media="print")
    found = page.evaluate(NARROW, PAPER["width"])
    assert len(found) == 2 * len(SHAPES)
    assert all(width > 100 and over <= 1 for width, over in found), found
