"""Sentences on how a model aligns words, each beside what needs no model."""

from __future__ import annotations

from collections.abc import Iterator

from ...results.levels import PROBABILITY, Claim
from ...results.shapes import Finding
from ...results.wording import percent
from ...statistics.alignment import Rate
from .aligned import Tallies

DIAGONAL = "links on the diagonal: the words of both languages paired in order"


def sentences(tallies: Tallies) -> Iterator[Finding]:
    """Yield what is said of one model: its best head by either word, and its best layer."""
    head, mean = tallies.best_head(), tallies.best_mean()
    if head is not None:
        label = tallies.names[head]
        yield _against_diagonal("head", label, tallies, head)
    if mean is not None:
        label = f"The {tallies.names[mean]}"
        yield _against_diagonal("mean", label, tallies, mean)
    if head is not None:
        yield _read(tallies, head)


def _against_diagonal(place: str, label: str, tallies: Tallies, way: int) -> Finding:
    rate, plain = tallies.told(way), tallies.baseline("diagonal", half=True)
    null = (plain.value, plain.value)
    does = f"{label} finds source words"
    own, order = percent(rate.value), percent(plain.value)
    where = other_texts(rate)
    text = f"{does} better than word order alone: {own} wrong against {order}, {where}."
    described = f"{does} with an alignment error rate of {own} {where}; word order alone: {order}."
    if rate.interval is None:
        described = f"{does} with an alignment error rate of {own} {where}: too few to tell."
    claim = Claim(rate.value, rate.interval, null, PROBABILITY, "less")
    return _finding(place, text, rate, null=null, null_says=DIAGONAL, claim=claim, plain=described)


def _read(tallies: Tallies, head: int) -> Finding:
    rate = tallies.told(head, "read")
    text = (
        "Read by the word that was fed instead of the one that is written, the same head has an "
        f"alignment error rate of {percent(rate.value)} there."
    )
    return _finding("read", text, rate)


def other_texts(rate: Rate) -> str:
    """Say in how many texts a rate was measured that did not choose its head or layer."""
    return f"in {rate.n} text{'' if rate.n == 1 else 's'} not used to choose it"


def _finding(place: str, text: str, rate: Rate, **more: object) -> Finding:
    return Finding(
        f"cross-alignment-{place}", text, value=rate.value, n=rate.n, interval=rate.interval,
        clusters=rate.clusters, **more,  # type: ignore[arg-type]
    )  # fmt: skip
