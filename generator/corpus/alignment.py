"""Gold word alignments in Pharaoh format: `0-0 1-2 2p1`, source before target, from 0."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .spans import RecordError, quoted


@dataclass(frozen=True, slots=True)
class Link:
    """One link between a source and a target word; a possible link is one that may be missed."""

    source: int
    target: int
    sure: bool = True


def alignment_links(alignment: str) -> tuple[Link, ...]:
    """Return the links of an alignment written in Pharaoh format."""
    links = tuple(_link(piece) for piece in alignment.split())
    seen: set[tuple[int, int]] = set()
    for link in links:
        if (link.source, link.target) in seen:
            raise RecordError(f"'alignment' gives {link.source} to {link.target} twice")
        seen.add((link.source, link.target))
    return links


def check_alignment(alignment: str, source_words: int, target_words: int) -> None:
    """Raise unless every link joins a source word to a target word that exist."""
    for link in alignment_links(alignment):
        for side, index, count in (
            ("source", link.source, source_words),
            ("target", link.target, target_words),
        ):
            if index >= count:
                raise RecordError(
                    f"'alignment' names {side} word {index}, but the last one is {count - 1}"
                )


def _link(piece: str) -> Link:
    match = re.fullmatch(r"([0-9]{1,6})([-p])([0-9]{1,6})", piece)
    if match is None:
        raise RecordError(f"'alignment' holds {quoted(piece)}; write links as 0-0, possible as 0p1")
    return Link(int(match[1]), int(match[3]), match[2] == "-")
