"""Pieces of tokens join to the text, whatever it holds; typed markers stay text."""

import dataclasses

import pytest
from attnatlas.capture.tokens import Reader, TokenizedText, pieces, spelt_pieces
from attnatlas.corpus import Record, RecordError
from transformers import MBartTokenizer

from tests.capture.tiny import byte_bpe, unigram, wordpiece

TOKENIZERS = {"wordpiece": wordpiece, "byte_bpe": byte_bpe, "unigram": unigram}
LANGUAGES = {
    "english": "The bank of the river is muddy.",
    "french": "L'été, la banque n'est-elle pas fermée ?",
    "arabic": "الطبيب أخبر الممرضة أنها تأخرت.",
    "hebrew": "הרופא אמר לאחות שהיא איחרה.",
    "hindi": "डॉक्टर ने नर्स को बताया कि वह देर से आई।",
    "thai": "แม่น้ำสายนี้เต็มไปด้วยโคลน",
    "chinese": "医生告诉护士她迟到了。",
    "japanese": "川の土手は泥だらけです。",
    "emoji": "👩‍👩‍👧‍👦 and 🇫🇷 and 👍🏽!",
    "combining": "e\u0301 cafe\u0301 n\u0303",
    "ligature": "ﬁne ½ ™ ①",
    "control": "a\u0007b\tc\u200bd\ufeffe",
    "spaces": "  two  spaces \n and a line ",
    "markers": "a [SEP] b [CLS] [PAD] c</s> <s> d <pad> <mask> [MASK] <unk> [UNK]",
}


def joined(reading: TokenizedText, segment: slice = slice(None)) -> str:
    return "".join(token.text for token in reading.tokens[segment] if not token.special)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TOKENIZERS)
def test_pieces_join_to_the_text(name: str, language: str) -> None:
    text, tokenizer = LANGUAGES[language], TOKENIZERS[name]()
    reading = Reader(tokenizer, 512).source(Record("r", text))
    assert joined(reading) == text
    for token in reading.tokens:
        if not token.special and token.text:
            assert text[token.start : token.end] == token.text
    assert list(reading.ids) == tokenizer(text, split_special_tokens=True)["input_ids"] or (
        language == "markers"
    )


@pytest.mark.parametrize("name", TOKENIZERS)
def test_text_and_pair_join_to_theirs(name: str) -> None:
    record = Record("r", "The river [SEP] bank.", pair="</s> She was late. ")
    reading = Reader(TOKENIZERS[name](), 512).source(record)
    middle = next(
        place
        for place, token in enumerate(reading.tokens)
        if place > 3 and token.special and token.text in ("[SEP]", "</s>")
    )
    assert joined(reading, slice(middle)) == record.text
    assert joined(reading, slice(middle, None)) == record.pair


@pytest.mark.parametrize("name", TOKENIZERS)
def test_a_typed_marker_is_not_the_marker(name: str) -> None:
    tokenizer = TOKENIZERS[name]()
    reading = Reader(tokenizer, 512).source(Record("r", LANGUAGES["markers"]))
    structural = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    assert structural.isdisjoint(
        number
        for number, token in zip(reading.ids, reading.tokens, strict=True)
        if not token.special
    )
    assert [token.text for token in reading.tokens if token.special] == [
        tokenizer.convert_ids_to_tokens(number)
        for number in tokenizer("x")["input_ids"]
        if number in structural
    ]


def test_the_mask_is_meant_where_the_model_fills_masks_in() -> None:
    tokenizer, record = wordpiece(), Record("r", "The [MASK] of [SEP] the river.")
    reading = Reader(tokenizer, 512, masks=True).source(record)
    assert reading.ids.count(tokenizer.mask_token_id) == 1
    assert reading.ids.count(tokenizer.sep_token_id) == 1
    assert joined(reading) == record.text
    masked = reading.tokens[reading.ids.index(tokenizer.mask_token_id)]
    assert (masked.text.strip(), masked.special) == ("[MASK]", False)
    assert tokenizer.mask_token_id not in Reader(tokenizer, 512).source(record).ids


def test_special_tokens_have_no_place_in_the_text() -> None:
    reading = Reader(wordpiece(), 512).source(Record("r", "The river"))
    first, *_, last = reading.tokens
    assert (first.text, first.special, first.start, first.end) == ("[CLS]", True, None, None)
    assert (last.text, last.special) == ("[SEP]", True)


def test_a_prefix_is_read_and_not_part_of_the_text() -> None:
    record = Record("r", "The river is muddy.", prefix="translate English to French: ")
    reading = Reader(unigram(), 512).source(record)
    assert joined(reading) == record.text
    assert reading.tokens[0].special
    for token in reading.tokens:
        if not token.special and token.text:
            assert record.text[token.start : token.end] == token.text


@pytest.mark.parametrize("name", TOKENIZERS)
@pytest.mark.parametrize("limit", [5, 9, 16])
def test_a_long_text_is_cut_and_the_rest_joins(name: str, limit: int) -> None:
    text, tokenizer = LANGUAGES["english"] + " " + LANGUAGES["emoji"], TOKENIZERS[name]()
    whole = Reader(tokenizer, 512).source(Record("r", text))
    reading = Reader(tokenizer, limit).source(Record("r", text))
    assert len(reading) == limit
    assert reading.truncated == len(whole) - limit
    assert joined(reading)
    assert text.startswith(joined(reading))
    assert tokenizer(text)["input_ids"] == list(whole.ids)


def test_a_long_pair_is_cut_and_both_join() -> None:
    record = Record("r", "The bank of the river is muddy.", pair="She told the doctor. " * 3)
    reading = Reader(wordpiece(), 20).source(record)
    middle = [token.text for token in reading.tokens].index("[SEP]")
    assert record.text.startswith(joined(reading, slice(middle)))
    assert record.pair is not None
    assert record.pair.startswith(joined(reading, slice(middle, None)))


def test_a_text_of_which_nothing_is_left_is_an_error() -> None:
    with pytest.raises(RecordError, match="leaves nothing"):
        Reader(wordpiece(), 512).source(Record("r", "\u0007"))


def test_reading_leaves_the_tokenizer_as_it_was() -> None:
    tokenizer = wordpiece()
    before = tokenizer("a [SEP] b")["input_ids"]
    Reader(tokenizer, 5, masks=True).source(Record("r", "The [MASK] bank [SEP] of the river"))
    assert tokenizer("a [SEP] b")["input_ids"] == before


@pytest.mark.parametrize(
    ("text", "offsets", "expected"),
    [
        ("The bank", [(0, 3), (4, 8)], ["The", " bank"]),
        ("  a ", [(2, 3)], ["  a "]),
        ("😀x", [(0, 1), (0, 1), (0, 1), (1, 2)], ["", "", "😀", "x"]),
        ("字", [(0, 1), (0, 1)], ["", "字"]),
        ("abc", [(0, 2), (1, 3)], ["a", "bc"]),
        ("ab", [(0, 1), (0, 0), (1, 2)], ["a", "", "b"]),
        ("abcdef", [(0, 3), (3, 5), (2, 6)], ["abc", "", "def"]),
    ],
)
def test_pieces(text: str, offsets: list[tuple[int, int]], expected: list[str]) -> None:
    assert [text[start:end] for start, end in pieces(text, offsets)] == expected


def test_a_token_without_a_piece_keeps_its_place() -> None:
    reading = Reader(byte_bpe(), 512).source(Record("r", "x ☃"))
    snow = [token for token in reading.tokens if token.start is not None and token.end == 3]
    assert len(snow) > 1
    assert [token.text for token in snow][-1].endswith("☃")
    assert {token.text for token in snow[1:-1]} <= {""}


def test_spelt_pieces_wait_for_whole_characters() -> None:
    decoded = ["", "Le", "Le \ufffd", "Le \ufffd", "Le é", "Le é."]
    assert spelt_pieces(5, decoded.__getitem__) == ("Le é.", ["Le", "", "", " é", "."])


def multilingual() -> MBartTokenizer:
    vocabulary = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    vocabulary += [(letter, -3.0) for letter in "abcdefghijklmnopqrstuvwxyz</>"]
    vocabulary += [("en_XX", 0.0), ("fr_XX", 0.0), ("<mask>", 0.0)]
    return MBartTokenizer(vocab=vocabulary)


@pytest.mark.parametrize("typed", ["", " </s>"])
def test_languages_are_said_and_forgotten(typed: str) -> None:
    tokenizer = multilingual()
    reader = Reader(tokenizer, 64)
    record = Record("r", "la rive" + typed, target="the bank" + typed, source_lang="fr_XX")
    record = dataclasses.replace(record, target_lang="en_XX")
    assert reader.source(record).tokens[-1].text == "fr_XX"
    assert reader.target(record).tokens[-1].text == "en_XX"
    assert joined(reader.source(record)) == record.text
    assert joined(reader.target(record)) == record.target
    unsaid = dataclasses.replace(record, source_lang=None)
    assert reader.source(unsaid).tokens[-1].text == tokenizer.src_lang == "en_XX"
    with pytest.raises(RecordError, match="knows no language 'french'"):
        reader.source(dataclasses.replace(record, source_lang="french"))
