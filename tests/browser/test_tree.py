"""The dependency tree of a text: it follows the chosen word, is saved, printed, and a table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

ON = "all => all.map((el) => el.querySelector('text').textContent).sort()"
DASHES = "all => all.map((el) => getComputedStyle(el.querySelector('.line')).strokeDasharray)"


def test_arcs_of_the_chosen_word_stand_out(kinds: dict[str, Path], open_page: Open) -> None:
    page = open_page(kinds["tree"])
    page.locator("#tree").scroll_into_view_if_needed()
    atlas = json.loads((kinds["tree"].parents[2] / "atlas.json").read_text("utf-8"))
    (record,) = (one for one in atlas["records"] if one["id"] == kinds["tree"].stem)
    heads = [head - 1 for head in record["head"]]
    owners = page.evaluate("JSON.parse(document.getElementById('atlas-data').text).tree.owners")
    for token, word in enumerate(owners[1:4], 1):
        page.evaluate(f"location.hash = 'layer=0&head=0&query={token}'")
        page.wait_for_selector(f"#tree .word.on[data-word='{word}']")
        assert page.locator("#tree .word.on").count() == 1
        touched = [
            record["deprel"][at]
            for at, head in enumerate(heads)
            if word in (at, head) and head >= 0
        ]
        assert page.locator("#tree .arc.on").evaluate_all(ON) == sorted(touched)


def test_what_a_head_finds_is_drawn_through_and_what_it_misses_is_dashed(
    kinds: dict[str, Path], open_page: Open
) -> None:
    page = open_page(kinds["tree"])
    assert set(page.locator("#tree .found").evaluate_all(DASHES)) == {"none"}
    assert set(page.locator("#tree .missed").evaluate_all(DASHES)) <= {"4px, 3px"}
    assert page.locator("#tree .found").count() == int(page.inner_text("#tree .read .num >> nth=0"))


def test_it_stands_without_scripts_and_on_paper(kinds: dict[str, Path], open_page: Open) -> None:
    page = open_page(kinds["tree"], ready=False, java_script_enabled=False)
    assert page.locator("#tree .arc").count() > 3
    assert page.locator("#tree svg").is_visible()
    page.emulate_media(media="print")
    assert page.locator("#tree svg").is_visible()
    width = "el => [el.getBoundingClientRect().width, el.parentElement.clientWidth]"
    drawn, room = page.locator("#tree svg").evaluate(width)
    assert drawn <= room


def test_it_is_a_table_and_is_saved(kinds: dict[str, Path], open_page: Open) -> None:
    page = open_page(kinds["tree"])
    page.locator("#tree").scroll_into_view_if_needed()
    arcs = page.locator("#tree .arc").count()
    page.click("#tree summary")
    with page.expect_download() as saving:
        page.click("#tree [data-save=svg]")
    text = Path(saving.value.path()).read_text("utf-8")
    assert text.startswith("<svg ")
    assert text.count('stroke-dasharray="4px, 3px"') + text.count('stroke-dasharray="none"') >= arcs
    assert 'fill="none"' in text
    assert "var(" not in text
    page.click("#tree summary")
    page.click("#tree [data-save=table]")
    assert page.locator("#tree .twin tbody tr").count() == arcs


def test_on_a_phone_it_is_scrolled_within_its_figure(
    kinds: dict[str, Path], open_page: Open
) -> None:
    page = open_page(kinds["tree"], viewport={"width": 390, "height": 844})
    inside = "el => [el.scrollWidth > el.clientWidth, el.clientWidth <= innerWidth]"
    assert page.locator("#tree .scroll.tree").evaluate(inside) == [True, True]
