"""Numbers and lists as they stand in a sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from .levels import CORRELATION, NATS, Claim

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")

NO_NAME = re.compile(r"LABEL_\d+")
"""What transformers calls a class that was given no name."""


def say(value: float) -> str:
    """Return a number with two significant digits and at most four decimals: 0.62, 0.050, 12."""
    if abs(value) < 0.00005:
        return "0"
    decimals = min(max(1 - math.floor(math.log10(abs(value))), 0), 4)
    return f"{value:.{decimals}f}".replace("-", "−")


def correlation(value: float) -> str:
    """Return a correlation with the two decimals that any of ours has at most: 0.47, −0.05, 0.00.

    Intervals over some tens of texts are a tenth wide, so that a third decimal is none.
    """
    shown = f"{value:.2f}"
    return shown.removeprefix("-" if float(shown) == 0 else "").replace("-", "−")


def percent(value: float) -> str:
    """Return a share in percent, a small one with a decimal: 62%, 5.0%, 0.3%."""
    shown = f"{100 * value:.{0 if abs(value) >= 0.095 else 1}f}"
    return f"{shown}%".replace("-", "−") if float(shown) else "0%"


def points(difference: float) -> str:
    """Return a difference of probabilities in points, without the unit: 41, 3.7, −12."""
    return percent(difference).removesuffix("%")


def count(number: int) -> str:
    """Return zero to nine as a word, anything else in digits."""
    return WORDS[number] if 0 <= number < len(WORDS) else str(number)


def counted(number: int, what: str) -> str:
    """Return a number of things, in the plural but for one."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """Return `a`, `a and b`, or `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def value_words(name: str) -> str:
    """Return what to call the value that a regression gives, by its name if it was given one."""
    return "the value" if NO_NAME.fullmatch(name) else f"the value “{name}”"


def sentence(text: str) -> str:
    """Return the text with a capital at its start."""
    return text[:1].upper() + text[1:]


def as_much(claim: Claim, copies: Sequence[float] | None, value: float | None) -> str:
    """Say what the untrained copy gives that comes farthest: of the value, or of what it gains.

    It passes the bar of the claim, or nothing would be said of it.
    """
    sign = 1 if claim.side == "more" else -1
    most = max(copies or (claim.value,), key=lambda one: sign * claim.counted(one))
    farther = sign * claim.counted(most) >= sign * claim.value
    if claim.floor in (CORRELATION, NATS):
        number = correlation(most)
    else:
        number = percent(most) if claim.value == value else f"{points(abs(most))} points"
    if claim.counted(most) != most:
        far = "at least as far from chance" if farther else "beyond chance"
        return f"An untrained copy goes {far} the other way: {number}."
    if claim.value == value:
        gives = "gives no less" if sign > 0 else "gives no more"
        return f"An untrained copy {gives if farther else 'goes beyond chance, too'}: {number}."
    goes = "goes at least as far beyond chance" if farther else "goes beyond chance, too"
    return f"An untrained copy {goes}: by {number}."
