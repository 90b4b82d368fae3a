"""Every kind of page at nine widths: nothing beyond them, no word of a title broken."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.kinds import KINDS as MADE_OF_SITES
from tests.browser.whole import FAMILIES, Whole, build, texts

pytestmark = pytest.mark.browser

WIDTHS = (320, 340, 360, 390, 600, 720, 768, 1024, 1360)
KINDS = {
    "home": "index.html", "about": "about.html", "lost": "404.html",
    "model": "models/made-encoder-decoder.html",
    "head": "heads/made-encoder-decoder/cross-L1H2.html",
    "record": "records/made-encoder-decoder/*.html", "report": "reports/*.html",
}  # fmt: skip
"""A page of every kind, as its file is found in a site."""

WIDE = """() => [...document.querySelectorAll(".scroll:has(> table)")]
  .filter((el) => el.checkVisibility() && el.scrollWidth > el.clientWidth)
  .map((el) => el.getAttribute("aria-label"))"""
"""Tables that are scrolled sideways."""
FITS = "width => innerWidth === width && document.documentElement.scrollWidth <= width"
OPEN = "document.querySelectorAll('main details:not(.menu)').forEach((el) => (el.open = true))"
BROKEN = r"""() => {
  const broken = [];
  for (const title of document.querySelectorAll("h1, h2, h3")) {
    if (!title.checkVisibility() || !title.clientWidth) continue;
    const walker = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      for (const word of walker.currentNode.data.matchAll(/[\p{L}\p{N}’']+/gu)) {
        const range = document.createRange();
        range.setStart(walker.currentNode, word.index);
        range.setEnd(walker.currentNode, word.index + word[0].length);
        const parts = [...range.getClientRects()].filter(({ width }) => width);
        const lines = new Set(parts.map(({ top }) => Math.round(top)));
        const whole = parts.reduce((sum, { width }) => sum + width, 0);
        if (lines.size > 1 && whole <= title.clientWidth) broken.push(word[0]);
      }
    }
  }
  return broken;
}"""
"""Words of titles that stand on two lines though one would hold them."""
LEADERS = """() => [...document.querySelectorAll(".named .to")].map((el) => el.getAttribute("d"))"""
LEADER = re.compile(r"M([\d.-]+) ([\d.-]+)H([\d.-]+)L([\d.-]+) ([\d.-]+)H([\d.-]+)")
PLACES = (
    [[0, 0], [0, 1], [0, 2], [0, 3]], [[0, 3], [1, 3], [2, 3]], [[1, 0], [1, 2], [2, 2]],
    [[2, 0], [2, 1], [2, 2], [2, 3]], [[0, 0], [2, 0], [2, 3]],
)  # fmt: skip
"""Heads that are named: all of one layer, one above the other, and mixed."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("widths")
    return build(folder / "site", folder / "cache", texts(3), FAMILIES)


@pytest.mark.parametrize("kind", [*KINDS, *MADE_OF_SITES])
def test_at_each_width_nothing_is_beyond_it_and_titles_have_whole_words(
    site: Whole, kinds: dict[str, Path], open_page: Open, kind: str
) -> None:
    path = kinds.get(kind) or min(site.folder.glob(KINDS[kind]))
    page = open_page(path, ready=kind != "lost")
    page.evaluate(OPEN)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(FITS, arg=width, timeout=4000)
        assert page.evaluate(BROKEN) == [], width
        if width < 400:
            assert page.evaluate(WIDE) == [], width


def test_a_long_word_of_a_title_is_whole_where_there_is_room(site: Whole, open_page: Open) -> None:
    page = open_page(site.folder / "index.html", viewport={"width": 768, "height": 900})
    page.evaluate(
        "document.querySelector('h1').textContent = 'Antidisestablishmentarianism, unpronounceably'"
    )
    for width in (768, 390, 360, 340, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(FITS, arg=width, timeout=4000)
        assert page.evaluate(BROKEN) == [], width


def named(site: Whole, places: list[list[int]]) -> Path:
    """Return a copy of home whose map names these heads."""
    text = (site.folder / "index.html").read_text("utf-8")
    data = re.search(r'id="atlas-data">(.*?)</script>', text, re.DOTALL)
    assert data
    given = json.loads(data[1])
    given["home_map"]["places"] = places
    link = '<a href="#"><i>the token before</i><span class="id">L0H0</span></a>'
    holder = f'<div class="places" data-places>{link * len(places)}</div>'
    text = text.replace(data[1], json.dumps(given).replace("<", "\\u003c"))
    assert "data-places" not in text
    text = re.sub(r"(data-home-map[^>]*></div>)", rf"\1{holder}", text, count=1)
    path = site.folder / f"named-{'-'.join(f'{a}{b}' for a, b in places)}.html"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("width", [1360, 1100])
@pytest.mark.parametrize("places", PLACES, ids=str)
def test_lines_from_names_to_heads_never_lie_on_each_other(
    site: Whole, open_page: Open, places: list[list[int]], width: int
) -> None:
    page = open_page(named(site, places), viewport={"width": width, "height": 900})
    lines = [LEADER.match(path) for path in page.evaluate(LEADERS)]
    assert len(lines) == len(places)
    ends = [tuple(map(float, line.groups())) for line in lines if line]
    for one, other in combinations(ends, 2):
        assert abs(one[1] - other[1]) >= 4  # where they leave their heads
        assert abs(one[4] - other[4]) >= 20  # where the names stand
        assert (one[1] < other[1]) == (one[4] < other[4])  # and none crosses another between
