"""Numbers in few characters: what they are is worked out here by hand, and read back by a rule."""

import re

import pytest
from attnatlas.pages.short_numbers import DIGITS, short_numbers


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "A"), (31, "f"), (32, "gB"), (1000, "of"), (-5, "-F"), (1024, "ggB"), (None, "_")],
)
def test_a_number_has_its_digits_the_lowest_first(value: int | None, text: str) -> None:
    assert short_numbers([value]) == text


def test_numbers_one_after_another_are_told_apart() -> None:
    values = [*range(-40, 5000, 7), None, 512_000, 0]
    found = re.findall(r"_|-?[g-z0-9+/]*[A-Za-f]", short_numbers(values))
    assert [read(one) for one in found] == values


def read(text: str) -> int | None:
    if text == "_":
        return None
    digits = [DIGITS.index(digit) % 32 for digit in text.lstrip("-")]
    total = sum(digit * 32**at for at, digit in enumerate(digits))
    return -total if text.startswith("-") else total
