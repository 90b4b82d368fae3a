"""Answers found in a real browser: by word and not by substring, by label, right or wrong."""

from pathlib import Path

import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings

from tests.capture.tiny import tiny_model

pytestmark = pytest.mark.browser
TEXTS = (
    "The nurse was happy.", "The doctor was unhappy that the river was muddy.", "She was late.",
    "The bank was late.", "=cmd() <b>bold</b> 河の水 muddy", "Happily late.",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("answers")
    model = tiny_model(folder / "critic", "bert-classifier")
    settings = Settings(models=(str(model),), output=folder / "site", store=folder / "store")
    records = [
        {"id": f"r{at}", "text": text, "label": str(at % 2), "tags": ["odd"] if at == 4 else []}
        for at, text in enumerate(TEXTS)
    ]
    build_site(settings, records=records)
    return folder / "site"


def texts(page):
    return page.locator("[data-index] .tx").all_inner_texts()


def ask(page, query):
    page.fill("#search", query)
    page.wait_for_timeout(300)
    return texts(page)


def test_a_word_is_found_and_not_a_part_of_one(site, open_page):
    page = open_page(site / "index.html")
    assert ask(page, "happy") == [TEXTS[0]]
    assert ask(page, "UNHAPPY river") == [TEXTS[1]]
    assert sorted(ask(page, "happ")) == sorted([TEXTS[0], TEXTS[5]])  # no word, but how some begin
    assert ask(page, "の水") == [TEXTS[4]]
    assert ask(page, "!!") == []


def test_home_says_how_many_are_wrong_and_leads_to_them(site, open_page):
    page = open_page(site / "index.html")
    first = page.locator(".answers li").first
    said = first.inner_text()
    assert "People labelled all 6 texts; critic agrees on " in said
    wrong = 6 - int(said.split(" agrees on ")[1].split(".")[0])
    assert 0 < wrong < 6
    assert page.locator("[data-index] .wrong").count() == wrong
    first.locator("a[href*=errors]").click()
    page.wait_for_selector("body[data-ready]")
    assert page.locator("[data-answers] tr").count() == wrong
    assert abs(page.locator("#answers").bounding_box()["y"]) < 120  # the list, and not its preface
    assert page.locator("[data-answers] tr .wrong").count() == wrong
    assert page.locator("[data-filter=right]").input_value() == "no"
    assert page.locator("[data-found]").inner_text() == f"{wrong} of 6 answers"


def test_answers_are_filtered_by_what_models_said_and_the_view_can_be_sent(site, open_page):
    page = open_page(site / "reports/errors.html")
    assert page.locator("[data-answers] tr").count() == 6
    page.select_option("[data-filter=tag]", "odd")
    page.wait_for_timeout(200)
    [row] = page.locator("[data-answers] tr").all()
    assert TEXTS[4] in row.inner_text()
    again = open_page(site / "reports/errors.html", page.url.partition("errors.html")[2])
    again.wait_for_timeout(200)
    assert again.locator("[data-answers] tr").count() == 1
    again.fill("#search", "zebra")
    again.wait_for_timeout(300)
    assert again.locator("[data-none]").is_visible()


def test_without_scripts_the_first_answers_stand_there(site, open_page):
    page = open_page(site / "reports/errors.html", ready=False, java_script_enabled=False)
    assert page.locator("[data-answers] tr").count() == 6
    assert page.locator("[data-tools]").is_hidden()


COLUMNS = """() => {
  const tables = [...document.querySelectorAll(".stacked")].filter((el) => el.offsetParent);
  const lefts = (row) => [...row.children].map((el) => Math.round(el.getBoundingClientRect().left));
  return tables.map((table) => ({
    beyond: table.parentElement.scrollWidth - table.parentElement.clientWidth,
    head: lefts(table.tHead.rows[0]),
    rows: [...table.tBodies].flatMap((body) => [...body.rows]).map(lefts),
    first: table.tHead.rows[0].children[0].offsetWidth / table.offsetWidth,
  }));
}"""


@pytest.mark.parametrize("width", [390, 360, 320])
def test_on_a_phone_a_row_stands_under_the_names_of_its_columns(site, open_page, width):
    page = open_page(site / "reports/errors.html", viewport={"width": width, "height": 800})
    [answers] = page.evaluate(COLUMNS)
    assert answers["beyond"] == 0
    assert answers["first"] == pytest.approx(1)  # the text has a line of its own
    assert len(answers["rows"]) == len(TEXTS)
    assert all(row == answers["head"] for row in answers["rows"])
    assert len(set(answers["head"])) > 2  # and the other columns stand side by side


def test_on_a_phone_no_table_of_a_report_or_a_model_is_wider_than_the_page(site, open_page):
    pages = [*(site / "reports").glob("*.html"), *(site / "models").glob("*.html")]
    for path in pages:
        page = open_page(path, viewport={"width": 360, "height": 800})
        page.evaluate(
            "document.querySelectorAll('main details:not(.menu)').forEach(d => d.open = 1)"
        )
        wide = page.locator(".scroll:has(> table)").evaluate_all(
            "all => all.filter((el) => el.scrollWidth > el.clientWidth).map((el) => el.ariaLabel)"
        )
        assert wide == [], path.name


def test_where_no_text_has_all_words_those_with_some_stand_and_it_is_said(site, open_page):
    page = open_page(site / "index.html")
    also = page.locator("[data-also]")
    assert ask(page, "muddy")
    assert also.is_hidden()
    assert ask(page, "doctor chocolate") == [TEXTS[1]]
    assert "No text has all of these words" in also.inner_text()
    assert page.inner_text("#live") == "1 of 6 texts, with some of the words"
    assert ask(page, "chocolate") == []
    assert also.is_hidden()


def test_the_search_of_texts_leads_to_a_report_that_is_asked_for(site, open_page):
    page = open_page(site / "index.html")
    assert ask(page, "wrong") == []
    link = page.locator("[data-also] a")
    assert link.inner_text() == "Which answers are wrong"
    assert page.inner_text("[data-also]") == "See also: Which answers are wrong."
    link.click()
    page.wait_for_url("**/reports/errors.html")
