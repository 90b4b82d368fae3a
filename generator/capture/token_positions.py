"""Which tokens of a text a question is about: the mention, the blank_position, the answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..array_types import Indices
from .explained_word import content_words, ends_a_sentence
from .maps import AttentionMap, Capture, Token

OUTSIDE = "O"
"""The tag of a token that is no part of anything."""
LEAST_READ = 2
"""Tokens before a word that is explained: of fewer, none could be erased."""


def covered(tokens: Sequence[Token], start: int, end: int) -> list[int]:
    """Return the places of the tokens that lie in code points [start, end) of the text."""
    return [
        place
        for place in _first_segment(tokens)
        if (tokens[place].start or 0) < end and (tokens[place].end or 0) > start
    ]


def mention_positions(capture: Capture) -> list[int]:
    """Return the places of the tokens of the record's mention, none where it has none."""
    mention = capture.record.mention
    return covered(capture.maps[0].queries, mention.start, mention.end) if mention else []


def mask_positions(capture: Capture) -> list[int]:
    """Return the places of the masks in the text."""
    return [int(hole["position"]) for hole in capture.prediction.get("masked", ())]


def blank_position(capture: Capture) -> int | None:
    """Return the place a masked language model is asked about: the first mask, or the mention.

    A text without a mask is asked about with its mention masked, where that is one token.
    """
    if capture.prediction["task"] != "masked-lm":
        return None
    if masks := mask_positions(capture):
        return masks[0]
    places = mention_positions(capture)
    return places[0] if len(places) == 1 else None


def explained_tag(capture: Capture) -> dict[str, Any] | None:
    """Return the tag that is explained, {position, label, score}; None where nothing is marked.

    The one at the mention where the record has one, else the surest that marks something.
    """
    tags: list[dict[str, Any]] = capture.prediction.get("tokens", [])
    wanted = mention_positions(capture)[:1]
    if at_mention := [found for found in tags if found["position"] in wanted]:
        return at_mention[0]
    marked = [found for found in tags if found["label"] != OUTSIDE]
    return max(marked, key=lambda found: float(found["score"]), default=None)


def answer_positions(capture: Capture) -> list[int] | None:
    """Return the places in the text that the answer is read from, None where it has none there."""
    said = capture.prediction
    if said["task"] == "question-answering" and "first" in said:
        return list(range(said["first"], said["last"] + 1))
    if said["task"] == "token-classification" and (found := explained_tag(capture)):
        return [int(found["position"])]
    place = blank_position(capture)
    return None if place is None else [place]


def target_ids(capture: Capture) -> tuple[int, ...]:
    """Return the ids of the tokens that a decoder had to come up with."""
    decoder = (part for part in capture.maps if part.kind == "decoder")
    return tuple(t.id for part in decoder for t in part.predicted if t.id is not None)


def content_positions(capture: Capture) -> list[int]:
    """Return the places of the source tokens that are neither special nor to be filled in."""
    left_out = {*mask_positions(capture), blank_position(capture)}
    tokens = capture.maps[0].queries[: last_read(capture) + 1]
    return [at for at, token in enumerate(tokens) if not token.special and at not in left_out]


def explained_place(capture: Capture) -> int | None:
    """Return the place of the word that a model reading from left to right is asked about.

    The mention where the record has one, else the last word that says something, in a text that
    ends a sentence: its first token, as told from what comes before. Words of one token go before
    words of several. None where what follows the text is asked about: in one that goes on, and
    where the record has two words for what follows.
    """
    record, said = capture.record, capture.prediction
    if said["task"] != "causal-lm" or not capture.maps[0].causal or "continuation" in said:
        return None
    if record.mention:
        asked = [(record.mention.start, record.mention.end)]
    elif record.contrast or record.chat or not ends_a_sentence(record.text):
        return None
    else:
        asked = list(content_words(record))
    tokens = capture.maps[0].queries
    found = [places for span in asked if (places := covered(tokens, *span))]
    found.sort(key=lambda places: len(places) > 1)
    read = (sum(not token.special for token in tokens[: places[0]]) for places in found)
    pairs = zip(found, read, strict=True)
    return next((places[0] for places, count in pairs if count >= LEAST_READ), None)


def last_read(capture: Capture) -> int:
    """Return the place of the last token that the answer of a decoder is told from.

    The one before the word that is explained, or before its continuation; else the last.
    """
    if (place := explained_place(capture)) is not None:
        return place - 1
    goes_on: dict[str, Any] = capture.prediction.get("continuation", {})
    return int(goes_on.get("start", len(capture.maps[0].queries))) - 1


def why_no_target(capture: Capture) -> str:
    """Return in one sentence why there is no answer to explain, "" where there is one."""
    said = capture.prediction
    if said["task"] == "masked-lm" and blank_position(capture) is None:
        return _no_blank(capture)
    if said["task"] == "token-classification" and explained_tag(capture) is None:
        return "The model marks no token of this text, so there is no answer to explain."
    if said["task"] == "question-answering" and "first" not in said:
        return "The model finds no answer in this text, so there is none to explain."
    if said["task"] == "translation" and not target_ids(capture):
        return "The decoder writes nothing, so there is no answer to explain."
    if said["task"] == "none":
        return "The model has no head that answers anything, so there is no answer to explain."
    if not content_positions(capture):
        return "The text has no token that an answer could depend on."
    return ""


def _no_blank(capture: Capture) -> str:
    mention = capture.record.mention
    if mention is None:
        return (
            "This model fills in blanks, and this text has none, so there is no answer to explain."
        )
    count = len(mention_positions(capture))
    return (
        f"This model fills in one token at a time, and the mention “{mention.text}” is "
        f"{count or 'none'} of its tokens, so there is no answer to explain."
    )


def _first_segment(tokens: Sequence[Token]) -> list[int]:
    """Return the places of the tokens of the first text: a second one begins again at 0."""
    shown = [at for at, t in enumerate(tokens) if not t.special and t.start is not None]
    for before, place in pairwise(shown):
        if (tokens[place].start or 0) < (tokens[before].start or 0):
            return shown[: shown.index(place)]
    return shown


def answer_rows(capture: Capture) -> tuple[AttentionMap, list[int]]:
    """Return the map whose keys are the source, and the queries that the answer is read from.

    The first token for a classifier, the blank, the tagged token, the tokens of an answer that is
    a piece of the text, of a text read from left to right the last token before what is explained,
    and all tokens of a translation.
    """
    part = capture.maps[-1]
    if part.kind == "cross":
        every = list(range(len(part.queries)))
        return part, every if capture.prediction["task"] == "translation" else every[-1:]
    if (places := answer_positions(capture)) is not None:
        return part, places
    last = part.causal or capture.model.model_type == "xlnet"
    return part, [last_read(capture) if last else 0]


def place_words(capture: Capture) -> str:
    """Return what `answer_rows` look from, as a figure names it."""
    part, rows = answer_rows(capture)
    if part.kind == "cross" and len(rows) > 1:
        return "all output tokens"
    return "".join(part.queries[row].text for row in rows).strip()


def content(capture: Capture) -> Indices:
    """Return the places of the source tokens that are neither special nor to be filled in."""
    return np.array(content_positions(capture), dtype=np.intp)
