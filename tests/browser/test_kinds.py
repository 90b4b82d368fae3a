"""Reports, and what is made of sites, are for anyone: by axe, by keyboard, in forced colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import Open
from tests.browser.kinds import KINDS
from tests.browser.test_accessible import AXE, NAMELESS, RING, RUN
from tests.browser.test_keyboard import CONTROLS, DONE, walk

pytestmark = pytest.mark.browser

Kinds = dict[str, Path]
CHOSEN = """() => [...document.querySelectorAll("[aria-pressed], nav [aria-current]")]
  .filter((el) => el.checkVisibility())
  .map((el) => [el.ariaPressed ?? "true", getComputedStyle(el).outlineStyle])"""
"""What can be chosen, whether it is, and how that shows where colours are those of the reader."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(kinds: Kinds, open_page: Open, kind: str, scheme: str) -> None:
    page = open_page(kinds[kind], bypass_csp=True, color_scheme=scheme)
    page.evaluate("for (const el of document.querySelectorAll('main details')) el.open = true")
    page.add_script_tag(path=str(AXE))
    assert page.evaluate(RUN) == []
    assert page.evaluate(NAMELESS) == []


@pytest.mark.parametrize("kind", KINDS)
def test_tab_goes_through_all_controls_and_back_and_each_has_a_ring(
    kinds: Kinds, open_page: Open, kind: str
) -> None:
    page = open_page(kinds[kind])
    count = len(page.evaluate(CONTROLS))
    assert count
    assert walk(page, "Tab", count) == list(range(count))
    assert walk(page, "Shift+Tab", count - 1) == list(range(count - 1))[::-1]
    page.evaluate("document.activeElement.blur()")
    without = set()
    for _ in range(min(count, 40)):
        page.keyboard.press("Tab")
        without.add(page.evaluate(RING))
    assert without == {""}


@pytest.mark.parametrize("kind", KINDS)
def test_each_control_does_by_keyboard_what_it_is_there_for(
    kinds: Kinds, open_page: Open, kind: str
) -> None:
    page = open_page(kinds[kind])
    for at, what in enumerate(page.evaluate(CONTROLS)):
        if not page.evaluate("at => controls[at].isConnected && !controls[at].disabled", at):
            continue  # another control has done away with it
        if what in ("a", "button", "summary"):
            page.evaluate("at => { window.clicked = []; controls[at].focus(); }", at)
            page.keyboard.press("Enter")
            page.wait_for_function(DONE, arg=at)
            page.keyboard.press("Escape")
    for select in page.locator("select:visible").all():
        value = select.input_value()
        select.focus()
        page.keyboard.press("ArrowDown")
        assert select.input_value() != value


@pytest.mark.parametrize("kind", KINDS)
def test_forced_colours_show_what_is_chosen(kinds: Kinds, open_page: Open, kind: str) -> None:
    page = open_page(kinds[kind], forced_colors="active")
    looks = page.evaluate(CHOSEN)
    assert {look for chosen, look in looks if chosen == "true"} <= {"solid"}
    assert {look for chosen, look in looks if chosen == "false"} <= {"none"}


def test_translations_are_drawn_within_the_width_of_a_phone(kinds: Kinds, open_page: Open) -> None:
    shown = """() => [...document.querySelectorAll("#translations > ol svg")]
      .filter((el) => el.checkVisibility())
      .map((el) => [el.classList.contains("down"), el.getBoundingClientRect().right])"""
    page = open_page(kinds["translation"], viewport={"width": 390, "height": 844})
    drawn = page.evaluate(shown)
    assert drawn
    assert all(down and right <= 390 for down, right in drawn)
    wide = open_page(kinds["translation"]).evaluate(shown)
    assert len(wide) == len(drawn)  # the same, each once
    assert not all(down for down, _ in wide)
    tops = [
        page.locator(f"#translations {part}").first.bounding_box() for part in (".legend", "ol")
    ]
    assert [box["y"] for box in tops if box] == sorted(
        box["y"] for box in tops if box
    )  # what lines mean stands before them
