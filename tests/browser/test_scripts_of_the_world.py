"""Texts of other scripts read on the page as they do in plain text: their way, and their shapes."""

from __future__ import annotations

import io

import pytest
from attnatlas.capture import Token
from attnatlas.corpus import corpus_from_records
from attnatlas.pages.direction import direction
from PIL import Image, ImageChops
from playwright.sync_api import Page

from tests.browser import synthetic
from tests.browser.conftest import Open, Sites
from tests.browser.synthetic import Made, Shape

pytestmark = pytest.mark.browser

TEXTS = {
    "arabic": "القط جلس على السجادة، ثم نام قرب النافذة.",
    "hebrew": "החתול ישב על השטיח וישן ליד החלון.",
    "persian": "گربه روی فرش می‌نشیند و به باران نگاه می‌کند.",
    "hindi": "बिल्ली चटाई पर बैठी और खिड़की के पास सो गई।",
    "thai": "แมวนั่งอยู่บนพรมแล้วหลับไปใกล้หน้าต่าง",
    "chinese": "猫坐在地毯上，然后在窗边睡着了。",
    "japanese": "猫は絨毯に座って、窓のそばで眠った。",
    "emoji": "👩🏽‍🚀 met 👨‍👩‍👧 under 🇫🇷 and 🏳️‍🌈 today",
    "mixed": "She said שלום to all of the مدينة twice on that day.",
    "quoted": "BERT قال أحدهم إن النموذج يقرأ الجملة كلها.",
}
WAYS = {"arabic": "rtl", "hebrew": "rtl", "persian": "rtl", "quoted": "rtl"}
PLAIN = """(el) => {
  for (const special of el.querySelectorAll(".sp")) special.remove();
  for (const chip of el.querySelectorAll(".tok")) chip.style.cssText = "box-shadow: none";
}"""
LEAST = 4  # pixels, a third of a stroke of one letter
AS_ONE = "(el) => { el.textContent = el.textContent; }"


def by_character(text: str, count: int | None = None) -> tuple[Token, ...]:
    """Cut a text at every code point, as a tokenizer may at worst, and blanks with what follows."""
    found = [Token("[CLS]", 101, special=True)]
    for place, character in enumerate(text):
        if found[-1].text == " ":
            found[-1] = Token(" " + character, 5, start=place - 1, end=place + 1)
        else:
            found.append(Token(character, 5, start=place, end=place + 1))
    return (*found, Token("[SEP]", 102, special=True))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Made:
    rows = [{"id": name, "text": text} for name, text in TEXTS.items()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(synthetic, "tokens", by_character)
        folder = tmp_path_factory.mktemp("world")
        return synthetic.build(folder, Shape(layers=1, heads=1), corpus_from_records(rows))


def picture(page: Page) -> Image.Image:
    """Return the passage as it is painted."""
    return Image.open(io.BytesIO(page.locator("[data-passage]").screenshot())).convert("L")


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_cut_in_pieces_is_painted_as_the_whole_text_is(
    site: Made, open_page: Open, name: str
) -> None:
    page = open_page(site.path(name), "#query=none&key=none")
    passage = page.locator("[data-passage]")
    assert passage.locator(".tok").count() == len(by_character(TEXTS[name]))
    passage.evaluate(PLAIN)
    assert passage.inner_text() == TEXTS[name]
    pieces = picture(page)
    passage.evaluate(AS_ONE)
    whole = picture(page)
    assert pieces.size == whole.size
    apart = ImageChops.difference(
        pieces.reduce(3), whole.reduce(3)
    )  # glyphs may lie between pixels
    assert sum(apart.histogram()[70:]) <= LEAST


@pytest.mark.parametrize("name", TEXTS)
def test_a_passage_runs_the_way_of_most_of_its_letters(
    site: Made, open_page: Open, name: str
) -> None:
    way = WAYS.get(name, "ltr")
    assert direction(TEXTS[name]) == way
    page = open_page(site.path(name), java_script_enabled=False, ready=False)
    assert page.get_attribute("[data-passage]", "dir") == way
    page = open_page(site.path(name))
    assert page.get_attribute("[data-passage]", "dir") == way
    boxes = [page.locator(".tok").nth(at).bounding_box() or {} for at in (1, 3)]
    if name in ("arabic", "hebrew"):
        assert boxes[1]["x"] < boxes[0]["x"]


def test_marks_that_turn_text_turn_no_other_word(sites: Sites, open_page: Open) -> None:
    page = open_page(sites(Shape()).path(synthetic.HOSTILE_ID))
    assert 1 <= page.locator("bdi.tok:not(.sp)").count() <= 2
    boxes = [page.locator(".tok").nth(at).bounding_box() or {} for at in range(1, 8)]
    across = [box["x"] for box in boxes if box["y"] == boxes[0]["y"]]
    assert len(across) > 3
    assert across == sorted(across)


def test_arrows_go_the_way_they_point(site: Made, open_page: Open) -> None:
    for name, ahead in (("hebrew", "ArrowLeft"), ("hindi", "ArrowRight")):
        page = open_page(site.path(name))
        page.locator(".tok").nth(2).focus()
        page.keyboard.press(ahead)
        assert page.evaluate("document.activeElement.dataset.at") == "3"
