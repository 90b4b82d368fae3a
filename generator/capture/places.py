"""Whether tokens that say where they stand stand in their text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..corpus import Record
from .maps import AttentionMap, Token
from .rows import ArrayError


def check_places(
    maps: Sequence[AttentionMap], record: Record, prediction: Mapping[str, Any]
) -> None:
    """Raise ArrayError if a token ends beyond the text that it is of.

    What a decoder writes is the target of the record or of the prediction, where there is one; a
    decoder alone reads the target behind the text, with a blank between.
    """
    read = max(len(record.text), len(record.pair or ""))
    written = str(record.target or prediction.get("text") or "")
    for part in maps:
        whole = read + 1 + len(written) if part.kind == "self" and written else read
        source = (whole, "the text")
        target = (len(written), "what is written") if written else None
        writes = part.kind in ("decoder", "cross")
        own = target if writes else source
        _within(f"tokens.{part.kind}.queries", part.queries, own)
        _within(f"tokens.{part.kind}.keys", part.keys, target if part.kind == "decoder" else source)
        _within(f"tokens.{part.kind}.predicted", part.predicted, target if writes else None)


def _within(name: str, tokens: Sequence[Token], limit: tuple[int, str] | None) -> None:
    for at, token in enumerate(tokens):
        if limit and (token.end or 0) > limit[0]:
            raise ArrayError(
                f"'{name}[{at}]' ends at {token.end:,}, and {limit[1]} has {limit[0]:,} characters"
            )
