"""Firefox opens the pages about several sites: what changed in two, and the course of many."""

from __future__ import annotations

from pathlib import Path

import pytest
from attnatlas.cli import run

from tests.browser.firefox import Firefox
from tests.browser.test_firefox import CONTROLS, PAINTED, walk
from tests.site.test_from_sites import site

pytestmark = pytest.mark.browser

WIDTHS = (1360, 390)
WATERS = ("tide", "sea", "lake", "river")
"""Texts enough for intervals, so that moves can be drawn."""
INK = """(named) => [...document.querySelectorAll(named)].map(
  (cell) => [cell.textContent, getComputedStyle(cell).backgroundColor])"""
CELLS = {"diff": ".diff-map tbody td", "history": ".history-map tbody td"}
SLIDER = "() => document.querySelector('[data-time]').focus()"
SHOWN = """() => [document.querySelector("[data-time-name]").textContent,
  document.querySelector("[data-time]").getAttribute("aria-valuetext")]"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return both pages, of three sites with made-up attention, by the command that wrote them."""
    above = tmp_path_factory.mktemp("about sites")
    texts = [f"{kind} {water}" for kind in ("low", "high") for water in WATERS]
    sites = [str(site(above / f"s{seed}", "made", texts, seed)) for seed in range(3)]
    for command, chosen in (("diff", sites[::2]), ("history", sites)):
        assert run([command, *chosen, "-o", str(above / command)]) == 0
    return {command: above / command / "index.html" for command in CELLS}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", CELLS)
def test_every_figure_is_painted(
    pages: dict[str, Path], firefox: Firefox, kind: str, width: int
) -> None:
    firefox.size(width, 900)
    firefox.open(pages[kind].as_uri())
    found = firefox.run(PAINTED)
    ink = firefox.run(INK, CELLS[kind])
    wide = firefox.run("() => document.documentElement.scrollWidth - innerWidth")
    firefox.size(1360, 900)
    assert found["charts"]
    assert min(found["charts"]) > 0, found
    assert found["headings"]
    assert found["words"] > 200
    assert len(ink) >= 4
    assert len({colour for _, colour in ink}) > 1
    assert wide <= 0


@pytest.mark.parametrize("kind", CELLS)
def test_tab_reaches_each_control_and_comes_back(
    pages: dict[str, Path], firefox: Firefox, kind: str
) -> None:
    firefox.open(pages[kind].as_uri())
    count = firefox.run(CONTROLS)
    assert count > 3
    assert walk(firefox, "Tab", count) == list(range(count))
    assert walk(firefox, "Shift+Tab", count - 1) == list(range(count - 1))[::-1]


@pytest.mark.parametrize("kind", CELLS)
def test_a_key_tells_the_keys_and_another_folds_them(
    pages: dict[str, Path], firefox: Firefox, kind: str
) -> None:
    firefox.open(pages[kind].as_uri())
    dialog = "() => document.querySelector('dialog[open]')?.innerText ?? ''"
    firefox.press("?")
    assert firefox.run(dialog)
    firefox.press("Escape")
    assert not firefox.run(dialog)


def test_keys_on_the_slider_show_every_site(pages: dict[str, Path], firefox: Firefox) -> None:
    firefox.open(pages["history"].as_uri())
    last = firefox.run(INK, CELLS["history"])
    assert firefox.run(SHOWN)[0] == "s2"
    firefox.run(SLIDER)
    seen = []
    for name in ("s1", "s0"):
        firefox.press("ArrowLeft")
        assert firefox.run(SHOWN) == [name, name]
        seen.append(firefox.run(INK, CELLS["history"]))
    firefox.press("End")
    assert firefox.run(SHOWN) == ["s2", "s2"]
    assert firefox.run(INK, CELLS["history"]) == last
    assert last not in seen
    assert seen[0] != seen[1]
