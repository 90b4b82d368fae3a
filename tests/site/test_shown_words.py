"""Which tokens a page shows as one word."""

import pytest
from attnatlas.capture import Token
from attnatlas.pages.record.words import word_indices


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        ("un|happy| people|.", "unhappy people ."),
        ("I| don|'|t| know|?|!", "I don't know ?!"),
        ('"|Great|,"| he| said|...', '" Great ," he said ...'),
        ("a| well|-|known| 3|.|5", "a well-known 3.5"),
        ("e|.|g|.| this", "e.g . this"),
        ("好|吃|吗|？", "好 吃 吗 ？"),
        ("ข้าว|ผัด| อร่อย", "ข้าว ผัด อร่อย"),
        ("न|म|स्|ते", "नमस्ते"),
        ("क|ि|ताब", "किताब"),
        (" ش|كرا|.", "شكرا ."),
        ("ok|👨|\u200d|👩|👍|\U0001f3fd", "ok 👨\u200d👩👍\U0001f3fd"),
        ('said|:| "|(|He', 'said : "( He'),
        ("The|,| bank|,| of", "The , bank , of"),
    ],
)
def test_letters_and_what_is_between_them_are_a_word(tokens: str, words: str) -> None:
    pieces = tokens.split("|")
    found: dict[int, str] = {}
    for piece, word in zip(pieces, word_indices([Token(p) for p in pieces]), strict=True):
        found[word] = found.get(word, "") + piece
    assert " ".join(part.strip() for part in found.values()) == words


def test_special_tokens_and_bare_spaces_stand_alone() -> None:
    texts = ("[CLS]", "un", "seen", "[SEP]", "un", " ", "seen")
    tokens = [Token(text, special=text.startswith("[")) for text in texts]
    assert word_indices(tokens) == [0, 1, 1, 2, 3, 4, 5]


def test_a_piece_without_a_text_is_of_the_word_of_its_character() -> None:
    assert word_indices([Token(t) for t in ("日", "", "", "本", "a")]) == [0, 1, 1, 1, 2]
