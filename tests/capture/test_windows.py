"""Windows: every character lies in one, each fits every model, and a window starts with a token."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from attnatlas.capture.tokens import Reader
from attnatlas.capture.windows import LengthLimit, window_places
from attnatlas.corpus import Record, Span, cut_record, record_from_json, record_to_json
from attnatlas.errors import InputError

from tests.capture.conftest import captures
from tests.capture.tiny import TEXTS

ALPHABET = (
    *("river", "bank,", "  ", "\n", "unbelievableness", "医生告诉", "👩‍⚕️", "€", "نهر"),
    *("a-b", "[SEP]"),
)
KINDS = ("bert", "gpt2", "t5")


def lengths(loaded: Any, kinds: tuple[str, ...], limit: int) -> list[LengthLimit]:
    return [
        LengthLimit.of(
            kind, loaded(kind).tokenizer, loaded(kind).model.config, kind == "bert", limit
        )
        for kind in kinds
    ]


def random_text(rng: random.Random) -> str:
    pieces = [rng.choice([*ALPHABET, *TEXTS]) for _ in range(rng.randint(1, 40))]
    return "".join(piece + rng.choice(["", " ", " ", " "]) for piece in pieces)


@pytest.mark.parametrize("kinds", [*((kind,) for kind in KINDS), KINDS])
def test_every_character_is_in_a_window_that_fits_every_model(
    loaded: Any, kinds: tuple[str, ...]
) -> None:
    rng, cut = random.Random(0), 0
    for _ in range(60):
        text = random_text(rng)
        if not text.strip():
            continue
        limit = rng.randint(8, 40)
        stride = rng.randint(1, limit - 4)
        measured = lengths(loaded, kinds, limit)
        record = Record("r", text)
        places = window_places(record, measured, stride)
        if places is None:
            assert not any(length.overflows(record) for length in measured)
            continue
        cut += 1
        covered = {place for start, end in places for place in range(start, end)}
        assert {i for i, letter in enumerate(text) if not letter.isspace()} <= covered
        assert all(before[0] < after[0] for before, after in pairwise(places))
        for part in cut_record(record, places, {"r"}):
            assert not any(length.overflows(part) for length in measured)
    assert cut > 20


def test_one_model_has_a_window_every_stride_tokens(loaded: Any) -> None:
    text = " ".join(f"a{'b' * (n % 3)}" for n in range(200))
    record = Record("r", text)
    length = LengthLimit.of(
        "gpt2", loaded("gpt2").tokenizer, loaded("gpt2").model.config, False, 30
    )
    whole = Reader(length.reader.tokenizer, 10**9).source(record)
    starts = [token.start for token in whole.tokens if not token.special]
    places = window_places(record, [length], 10)
    assert places is not None
    steps = [starts.index(b[0]) - starts.index(a[0]) for a, b in pairwise(places)]
    assert all(5 <= step <= 10 for step in steps)
    assert all(start == 0 or text[start] == " " for start, _ in places)
    sizes = [sum(start <= s < end for s in starts) for start, end in places]
    assert all(20 <= size <= 30 for size in sizes[:-1])


def test_windows_are_read_whole_with_their_prefix_and_pair(loaded: Any) -> None:
    model = loaded("bert")
    length = LengthLimit.of("bert", model.tokenizer, model.model.config, True, 24)
    record = Record("r", " ".join(TEXTS[:3]), pair="The river.", prefix="The bank: ")
    places = window_places(record, [length], 5)
    assert places is not None
    for capture in captures(model, *cut_record(record, places, set()), max_tokens=24):
        assert capture.truncated == 0
        tokens = [t for t in capture.maps[0].queries if not t.special]
        assert capture.record.text in "".join(token.text for token in tokens)


def test_a_pair_that_leaves_no_room_is_no_window(loaded: Any) -> None:
    model = loaded("bert")
    length = LengthLimit.of("bert", model.tokenizer, model.model.config, True, 24)
    assert window_places(Record("r", TEXTS[0] * 9, pair=TEXTS[1] * 9), [length], 5) is None


@pytest.mark.parametrize("stride", [0, 22, 500])
def test_a_stride_that_fits_no_window_is_one_sentence(loaded: Any, stride: int) -> None:
    model = loaded("bert")
    length = LengthLimit.of("bert", model.tokenizer, model.model.config, True, 24)
    with pytest.raises(InputError, match=r"--windows \d+ is not from 1 .* reads 22 tokens"):
        length.check(stride)
    length.check(21)


WORDS = ("The", "doctor", "told", "her", ",", "she", "was", "late", ".")
RECORD = Record(
    "doctor",
    "The doctor told her, she was late.",
    target="Elle était en retard.",
    label="negative",
    tags=("x",),
    mention=Span("she", 21),
    candidates=(Span("The doctor", 0), Span("her", 16)),
    aspects=(Span("late", 29),),
    alignment="0-0",
    group="g",
    variant="v",
    words=WORDS,
    upos=("DET", "NOUN", "VERB", "PRON", "PUNCT", "PRON", "AUX", "ADJ", "PUNCT"),
    head=(2, 3, 0, 3, 3, 8, 8, 3, 3),
    deprel=tuple("abcdefghi"),
)


def test_spans_and_words_move_with_their_window() -> None:
    left, right = cut_record(RECORD, [(0, 24), (13, 34)], {"doctor-window-2"})
    assert (left.id, right.id) == ("doctor-window-1", "doctor-window-2-x")
    assert left.text == "The doctor told her, she"
    assert right.text == "ld her, she was late."
    assert left.candidates == RECORD.candidates
    assert (right.mention, right.candidates) == (Span("she", 8), (Span("her", 3),))
    assert (left.aspects, right.aspects) == ((), (Span("late", 16),))
    assert right.words == ("ld", "her", ",", "she", "was", "late", ".")
    assert right.upos == RECORD.upos[2:]
    assert right.head == (0, 1, 1, 6, 6, 1, 1)
    assert (left.head, left.deprel) == ((), ())  # `she` hangs on `late`, which is not here
    assert {left.label, right.label} == {"negative"}
    gone = (left.target, left.alignment, left.group, left.variant, left.target_words)
    assert gone == (None, None, None, None, ())
    lost = ("target", "alignment", "group", "variant")
    assert left.window is not None
    assert left.window.without == (*lost, "aspects", "head", "deprel")
    assert right.window is not None
    assert right.window.without == (*lost, "candidates")
    assert (right.window.which, right.window.place) == ("window 2 of 2", "characters 13 to 34")


@pytest.mark.parametrize("place", [(0, 24), (13, 34), (5, 7), (19, 34)])
def test_a_window_is_a_record_like_any_other(place: tuple[int, int]) -> None:
    for record in (RECORD, Record("plain", RECORD.text, upos=tuple("abcdefg"))):
        for part in cut_record(record, [place, place], set()):
            assert record_from_json(record_to_json(part)) == part


def test_whitespace_alone_makes_no_window(loaded: Any, tmp_path: Path) -> None:
    model = loaded("gpt2")
    length = LengthLimit.of("gpt2", model.tokenizer, model.model.config, False, 8)
    text = "The bank" + "\n" * 100 + "of the river"
    places = window_places(Record("r", text), [length], 4)
    assert places is not None
    assert all(text[start:end].strip() for start, end in places)
    assert {0, len(text) - 1} <= {p for start, end in places for p in range(start, end)}
