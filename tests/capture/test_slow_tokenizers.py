"""Tokens of a tokenizer that knows no offsets are found in the text, whatever stands between."""

import warnings
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from attnatlas.capture.locate import locate
from attnatlas.capture.tokens import Reader, TokenizedText, pieces
from attnatlas.corpus import Record, RecordError, word_spans
from transformers import PreTrainedTokenizer, XLMRobertaTokenizer

from tests.capture.slow import NAMES, sentence_pieces, slow_tokenizer, spoilt_texts, write
from tests.capture.test_reading import LANGUAGES, joined

CLEAN = " the bank of the river"
SPOILERS = ["😀", "“great”", "…", "É", "ZZ", "医生", "ﬁ½™", "e\u0301\u0302", "--", "</s>"]


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Any]:
    @cache
    def make(name: str) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            warnings.simplefilter("ignore", ResourceWarning)
            return slow_tokenizer(name, tmp_path_factory.mktemp(name))

    return make


def read(tokenizer: Any, text: str, **more: Any) -> TokenizedText:
    assert not tokenizer.is_fast
    return Reader(tokenizer, 5000).source(Record("r", text, **more))


def readable(tokenizer: Any, text: str) -> bool:
    return bool(tokenizer.tokenize(text, split_special_tokens=True))


def check(reading: TokenizedText, text: str) -> None:
    """Check that the pieces join to the text, and that they lie in it in order."""
    own = [token for token in reading.tokens if not token.special]
    assert "".join(token.text for token in own) == text
    for token in own:
        assert 0 <= token.start <= token.end <= len(text)
        assert token.text == text[token.start : token.end] or not token.text
        assert token.text or token.name
    for one, other in pairwise(own):
        assert one.start <= other.start or not one.text
        assert one.end <= other.end


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_pieces_join_to_the_text(slow: Callable[[str], Any], name: str, language: str) -> None:
    tokenizer, text = slow(name), LANGUAGES[language]
    reading = read(tokenizer, text)
    check(reading, text)
    if language != "markers" and name != "esm":
        assert list(reading.ids) == tokenizer(text, split_special_tokens=True)["input_ids"]
    structural = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    own = {n for n, token in zip(reading.ids, reading.tokens, strict=True) if not token.special}
    assert own.isdisjoint(structural)


@pytest.mark.parametrize("name", NAMES)
def test_random_texts_join(slow: Callable[[str], Any], name: str) -> None:
    tokenizer = slow(name)
    for text in spoilt_texts(seed=3, count=40):
        check(read(tokenizer, text), text)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "esm"])
@pytest.mark.parametrize("spoiler", SPOILERS)
def test_what_is_not_found_spoils_nothing_that_follows(
    slow: Callable[[str], Any], name: str, spoiler: str
) -> None:
    clean = [token.text for token in read(slow(name), "x" + CLEAN).tokens if not token.special]
    start = next(at for at in range(len(clean)) if "".join(clean[at:]) == CLEAN)
    tokens = read(slow(name), f"x {spoiler} bank {spoiler}{CLEAN}").tokens
    found = [token.text for token in tokens if not token.special]
    assert found[-len(clean[start:]) :] == clean[start:]


class Mirror(PreTrainedTokenizer):
    """Makes of each word a token that spells nothing of it."""

    def __init__(self) -> None:
        super().__init__(unk_token="<unk>")

    @property
    def vocab_size(self) -> int:
        return 1

    def get_vocab(self) -> dict[str, int]:
        return {"<unk>": 0}

    def _tokenize(self, text: str) -> list[str]:
        return [f"zz{word[::-1]}qq" for word in text.split()]

    def _convert_token_to_id(self, token: str) -> int:
        return 0

    def _convert_id_to_token(self, number: int) -> str:
        return "<unk>"


def test_tokens_that_spell_nothing_of_the_text_have_a_word_each() -> None:
    text = "café näive, the 😀 bank"
    assert [token.text for token in read(Mirror(), text).tokens] == [
        "café",
        " näive,",
        " the",
        " 😀",
        " bank",
    ]


def test_a_protein_is_read_letter_by_letter(slow: Callable[[str], Any]) -> None:
    reading = read(slow("esm"), "MKXV😀LA")
    assert [token.text for token in reading.tokens] == [
        "<cls>",
        *"MK",
        "X",
        "V",
        "😀",
        *"LA",
        "<eos>",
    ]
    assert reading.ids[3] == reading.ids[5] == slow("esm").unk_token_id


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("limit", [9, 16])
def test_text_and_pair_are_cut_and_join(slow: Callable[[str], Any], name: str, limit: int) -> None:
    record = Record("r", "the bank “of” the river", pair="she was 😀 late. " * 3)
    whole = Reader(slow(name), 5000).source(record)
    assert joined(whole) == record.text + str(record.pair)
    reading = Reader(slow(name), limit).source(record)
    assert len(reading) == min(limit, len(whole))
    first = [token.text for token in reading.tokens if not token.special]
    cuts = range(len(first) + 1)
    assert any(
        record.text.startswith("".join(first[:at])) and record.pair.startswith("".join(first[at:]))
        for at in cuts
    )


def test_word_pieces_of_marian_make_its_words(slow: Callable[[str], Any]) -> None:
    text = "The 😀 bank… “river” was"
    reading = read(slow("marian"), text)
    for word in word_spans(text, ()):
        own = [
            t for t in reading.tokens if not t.special and t.start < word.end and t.end > word.start
        ]
        assert "".join(t.text for t in own).strip() == word.text


def test_the_mask_is_meant_where_the_model_fills_masks_in(slow: Callable[[str], Any]) -> None:
    tokenizer = slow("phobert")
    record = Record("r", "the <mask> of </s> the river")
    reading = Reader(tokenizer, 512, masks=True).source(record)
    assert reading.ids.count(tokenizer.mask_token_id) == 1
    assert reading.ids.count(tokenizer.sep_token_id) == 1
    assert joined(reading) == record.text
    assert tokenizer.mask_token_id not in Reader(tokenizer, 512).source(record).ids


def test_a_marker_without_a_reading_as_text_is_an_error(slow: Callable[[str], Any]) -> None:
    with pytest.raises(RecordError, match="cannot read '\\\\ue000' as text"):
        read(slow("canine"), "a\ue000b")


def test_reading_leaves_the_tokenizer_as_it_was(slow: Callable[[str], Any]) -> None:
    for name in NAMES:
        before = slow(name)("a </s> the river <mask>")["input_ids"]
        read(slow(name), "the </s> bank <mask>", pair="was")
        assert slow(name)("a </s> the river <mask>")["input_ids"] == before


def test_pieces_are_those_of_the_fast_twin(
    slow: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write(tmp_path_factory.mktemp("fast"), {"sentencepiece.bpe.model": sentence_pieces()})
    fast, alike = XLMRobertaTokenizer.from_pretrained(folder), 0
    for text in [*LANGUAGES.values(), *spoilt_texts(seed=5, count=60)]:
        names = slow("bert-generation").tokenize(text, split_special_tokens=True)
        encoding = fast.backend_tokenizer.encode(text, add_special_tokens=False)
        if encoding.tokens != names:  # a marker that the fast one cuts out
            continue
        alike += 1
        here, there = locate(names, text), pieces(text, encoding.offsets)
        assert [text[slice(*at)] for at in pieces(text, here)] == [text[slice(*at)] for at in there]
    assert alike > 40


@pytest.mark.parametrize(
    ("names", "text", "expected"),
    [
        ("▁The ▁ <unk> ▁bank", "The 😀 bank", ["The", " ", "😀", " bank"]),
        ("[UNK] the", "thé the", ["thé", " the"]),
        ("the [UNK]", "the thé", ["the", " thé"]),
        ("[UNK] words", "aweird words", ["aweird", " words"]),
        ("[UNK] [UNK] x", "thé né x", ["thé", " né", " x"]),
        ("[UNK] [UNK] x", "ab cd ef x", ["", "ab cd ef", " x"]),
        ("▁a <0xC3> <0xA9> b", "aéb", ["a", "", "é", "b"]),
        ("Ã © Ġx", "é x", ["", "é", " x"]),
        ("caf@@ e creme", "CAFÉ crème", ["CAF", "É", " crème"]),
        ('... " hi "', "… “hi”", ["…", " “", "hi", "”"]),
        ("strasse", "STRAẞE", ["STRAẞE"]),
        ("play ##ing", "playing", ["play", "ing"]),
    ],
)
def test_names_are_found_by_what_they_spell(names: str, text: str, expected: list[str]) -> None:
    places = locate(names.split(" "), text, {"[UNK]", "<unk>"})
    assert [text[start:end] for start, end in pieces(text, places)] == expected


def test_unknown_tokens_are_found_all_along_a_long_text() -> None:
    text = "word 😀😀 " * 1000
    places = locate(["word", "<unk>"] * 1000, text, {"<unk>"})
    assert [text[slice(*at)].strip() for at in places] == ["word", "😀😀"] * 1000
