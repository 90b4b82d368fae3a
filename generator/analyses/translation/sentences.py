"""Sentences on how a model translates, each beside what needs no model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...results.levels import PROBABILITY, Claim
from ...results.shapes import Finding
from ...statistics.alignment import Rate
from .aligned import Tallies


def sentences(name: str, tallies: Tallies, spreads: Sequence[tuple[int, int]]) -> Iterator[Finding]:
    """Yield what is said of one model: its best head, its layers, its scattered words."""
    head = tallies.best_head()
    if head is not None:
        yield _best_head(name, tallies, head)
        yield _one_off(name, tallies, head)
    mean = tallies.best_mean()
    if mean is not None:
        yield _best_mean(name, tallies, mean)
    yield _scattered(name, spreads)


def _best_head(name: str, tallies: Tallies, head: int) -> Finding:
    rate, plain = tallies.told(head), tallies.baseline("diagonal", half=True)
    label = tallies.names[head]
    text = (
        f"{label} of {name} finds the word behind what it writes: error rate {_percent(rate)}, "
        f"chosen on other texts; the diagonal has {_percent(plain)}."
    )
    return _finding(f"translation-{name}-head", text, rate, plain)


def _best_mean(name: str, tallies: Tallies, way: int) -> Finding:
    rate, plain = tallies.told(way), tallies.baseline("diagonal", half=True)
    text = (
        f"The {tallies.names[way]} of {name} has an error rate of {_percent(rate)}, chosen on "
        f"other texts; the diagonal has {_percent(plain)}."
    )
    return _finding(f"translation-{name}-mean", text, rate, plain)


def _finding(place: str, text: str, rate: Rate, plain: Rate) -> Finding:
    null = (plain.value, plain.value)
    claim = Claim(rate.value, rate.interval, null, PROBABILITY, "less")
    return Finding(
        place, text, value=rate.value, n=rate.n, interval=rate.interval, null=null,
        null_says="links on the diagonal", claim=claim, clusters=rate.clusters,
    )  # fmt: skip


def _one_off(name: str, tallies: Tallies, head: int) -> Finding:
    rate = tallies.told(head, "read")
    text = (
        f"By the word that it was fed, not the one it writes, the same head of {name} has an "
        f"error rate of {_percent(rate)}."
    )
    return Finding(
        f"translation-{name}-read", text, value=rate.value, n=rate.n, interval=rate.interval,
        clusters=rate.clusters,
    )  # fmt: skip


def _scattered(name: str, spreads: Sequence[tuple[int, int]]) -> Finding:
    words, far = (sum(one[at] for one in spreads) for at in (0, 1))
    texts = sum(scattered > 0 for _, scattered in spreads)
    text = (
        f"Of {words} words that {name} writes, {far} look at half of the source or more, "
        f"in {texts} of {len(spreads)} texts."
    )
    return Finding(
        f"translation-{name}-scattered", text, value=far / words if words else None, n=len(spreads)
    )


def _percent(rate: Rate) -> str:
    return f"{100 * rate.value:.0f}%"
