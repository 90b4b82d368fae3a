"""Tokens that came as names are shown as the pieces of the text that they are."""

from pathlib import Path

import pytest
from attnatlas.capture import Token
from attnatlas.capture.named import named_tokens
from attnatlas.data.record_files import read_arrays

from tests.capture.test_arrays import lean_header, save, softmax
from tests.capture.test_reading import LANGUAGES
from tests.capture.tiny import byte_bpe, unigram, wordpiece


def shown(names: list[str], *texts: str) -> list[tuple[str, bool, int | None, int | None]]:
    tokens = named_tokens(tuple(Token(name) for name in names), texts)
    return [(token.text, token.special, token.start, token.end) for token in tokens]


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name not in ("markers",)])
@pytest.mark.parametrize("tokenizer", [wordpiece, byte_bpe, unigram])
def test_names_of_a_tokenizer_become_the_pieces_of_its_text(tokenizer, language: str) -> None:
    text = LANGUAGES[language]
    names = tokenizer()(text).tokens()
    tokens = named_tokens(tuple(Token(name) for name in names), (text,))
    assert "".join(token.text for token in tokens if not token.special) == text
    for token in tokens:
        if token.text and not token.special:
            assert text[token.start : token.end] == token.text
    assert [token.special for token in tokens] == [
        name in tokenizer().all_special_tokens and name not in ("[UNK]", "<unk>") for name in names
    ]


def test_two_texts_are_told_apart_by_the_marker_between_them() -> None:
    names = ["[CLS]", "the", "bank", "##er", "[SEP]", "the", "[SEP]"]
    found = shown(names, "The banker", "the")
    assert [row[0] for row in found] == ["[CLS]", "The", " bank", "er", "[SEP]", "the", "[SEP]"]
    assert found[5] == ("the", False, 0, 3)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["▁The", "▁ban", "k", "<0xC3>", "<0xA9>"], [" The", " ban", "k", "", "é"]),
        (["ĠThe", "Ġban", "k", "Ã", "©"], [" The", " ban", "k", "", "é"]),
        (["the", "bank", "##er"], [" the", " bank", "er"]),
        (["th@@", "e", "bank"], ["th", "e ", "bank "]),
        (["th", "e</w>", "bank</w>"], ["th", "e ", "bank "]),
        (["The", "bank"], ["The", "bank"]),
    ],
)
def test_names_of_another_text_are_shown_as_what_they_spell(
    names: list[str], expected: list[str]
) -> None:
    assert [row[0] for row in shown(names, "0123456789")] == expected
    assert {row[2] for row in shown(names, "")} == {None}


def test_tokens_that_join_or_have_a_place_stay_as_they_are() -> None:
    placed = (Token("▁a", start=0, end=1), Token("▁b", start=1, end=3))
    assert named_tokens(placed, ("a b",)) == placed
    assert named_tokens((Token("a"), Token(" b")), ("a b",)) == (Token("a"), Token(" b"))


def test_raw_names_in_a_file_are_read_as_text(tmp_path: Path) -> None:
    header = lean_header() | {"tokens": {"self": ["[CLS]", "the", "bank", "##er", "[SEP]"]}}
    header["record"] = {"id": "r", "text": "The banker"}
    save(tmp_path, {"attention.self": softmax(1, 2, 5, 5)}, header)
    [found] = read_arrays(tmp_path)
    tokens = found.capture.maps[0].queries
    assert [token.text for token in tokens] == ["[CLS]", "The", " bank", "er", "[SEP]"]
    assert [token.special for token in tokens] == [True, False, False, False, True]


def test_raw_names_of_a_translation_are_read_as_text(tmp_path: Path) -> None:
    header = lean_header() | {
        "model": {"name": "mine", "family": "encoder-decoder"},
        "record": {"id": "r", "text": "The bank", "target": "La banque"},
        "tokens": {
            "cross": {
                "queries": ["<pad>", "▁La", "▁ban", "que"],
                "keys": ["▁The", "▁bank", "</s>"],
                "predicted": ["▁La", "▁ban", "que", "</s>"],
            }
        },
    }
    save(tmp_path, {"attention.cross": softmax(1, 2, 4, 3)}, header)
    [found] = read_arrays(tmp_path)
    [part] = found.capture.maps
    assert [token.text for token in part.queries] == ["<pad>", "La", " ban", "que"]
    assert [token.text for token in part.keys] == ["The", " bank", "</s>"]
    assert [token.text for token in part.predicted] == ["La", " ban", "que", "</s>"]
