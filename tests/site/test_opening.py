"""Where a record page opens, and what it shows without scripts."""

import base64
from dataclasses import replace

import numpy as np
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.corpus import Record, Span
from attnatlas.pages.record.first_view import first_view
from attnatlas.pages.record.static_picture import LINKS, palette, static_picture

TEXTS = ("[CLS]", "The", " nurse", " told", " the", " doctor", " she", " left", ".", "[SEP]")


def tokens() -> tuple[Token, ...]:
    found, place = [], 0
    for text in TEXTS:
        special = text.startswith("[")
        end = place if special else place + len(text)
        found.append(Token(text, special=special, start=None if special else place, end=end))
        place = end
    return tuple(found)


def capture(record: Record, *strong: tuple[int, int, int, int]) -> Capture:
    """Return two layers of three heads, near even but for the strong links, strongest last."""
    weights = np.full((2, 3, len(TEXTS), len(TEXTS)), 0.01, np.float32)
    for rank, place in enumerate(strong, 1):
        weights[place] = 0.5 + 0.01 * rank
    shown = tokens()
    model = ModelInfo("tiny", "encoder", layers=2, heads=3)
    return Capture(model, record, (AttentionMap("self", shown, shown, weights),))


PLAIN = Record("plain", "".join(TEXTS[1:-1]))


def test_it_opens_at_the_strongest_link_between_words() -> None:
    links = (0, 1, 2, 5), (1, 2, 7, 2), (0, 0, 1, 6), (0, 0, 2, 9), (0, 0, 3, 3), (0, 0, 2, 3)
    found = first_view(capture(PLAIN, *links))
    assert (found.layer, found.head, found.query, found.key) == (1, 2, 7, 2)


def test_it_opens_at_the_mention_where_the_record_asks_about_one() -> None:
    candidates = (Span("nurse", 4), Span("the doctor", 15))
    record = replace(PLAIN, mention=Span("she", 26), candidates=candidates)
    found = first_view(capture(record, (1, 0, 6, 2), (0, 1, 7, 2), (1, 2, 7, 5)))
    assert (found.layer, found.head, found.query, found.key) == (1, 0, 6, 2)


def test_it_opens_somewhere_when_there_are_no_words() -> None:
    shown = (Token("[CLS]", special=True), Token("!"))
    weights = np.full((1, 1, 2, 2), 0.5, np.float32)
    model = ModelInfo("tiny", "encoder", layers=1, heads=1)
    found = first_view(
        Capture(model, Record("r", "!"), (AttentionMap("self", shown, shown, weights),))
    )
    assert (found.layer, found.head) == (0, 0)


def test_the_picture_is_a_png_and_the_links_are_between_words() -> None:
    made = static_picture(capture(PLAIN, (1, 0, 6, 2), (1, 0, 0, 9)))
    assert base64.b64decode(made.src.partition(",")[2]).startswith(b"\x89PNG")
    assert made.links[0][:2] == (" she", " nurse")
    assert len(made.links) == LINKS
    assert not any("[" in text for query, key, _ in made.links for text in (query, key))


def test_the_palette_runs_from_paper_to_full_ink() -> None:
    assert palette()[0].tolist() == [255, 255, 255]
    assert palette()[255].tolist() == [0x25, 0x14, 0xBD]
    assert (np.diff(palette().sum(axis=1).astype(int)) <= 0).all()
