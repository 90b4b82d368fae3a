"""The tables of words for and against an answer: what they hold, of which text."""

from __future__ import annotations

from ...capture import Capture
from ...capture.token_positions import content_positions
from ...results.columns import (
    FALL,
    MEASURES,
    SHARE,
    Columns,
    Maybe,
    Number,
    Tables,
    Words,
    narrowed,
    unlike,
)
from ...results.shapes import Result
from .moves import IDLE, OTHERWISE
from .parts import parts_of
from .pieces import pieces

SIGNED = ("integrated_gradients", "gradient_x_input", "occlusion")
"""Methods that say for and against; the first of equals is taken."""
KEPT = 200
"""Words whose share is kept, the strongest of a long text."""
ANSWER = (
    "answer", "measure", "full", "method", "comprehensiveness", "erased by", "together",
    "words together",
)  # fmt: skip
WORDS = ("word", "start", "share", "side", "without")
ASPECTS = ("aspect", "start", "part", "part start", "share", "without", "alone")
TABLES: Tables = {
    "answer": Columns(
        {
            "answer": Words(),
            "measure": Words(MEASURES),
            "full": Number(),
            "method": Words(SIGNED),
            "comprehensiveness": Maybe(Number()),
            "erased by": Words(),
            "together": Maybe(Number()),
            "words together": Maybe(Words()),
        },
        rows=1,
    ),
    "words": Columns(
        {
            "word": Words(),
            "start": Number(0, whole=True),
            "share": Number(-1, 1),
            "side": Maybe(Words(("for", "against", OTHERWISE, IDLE))),
            "without": Maybe(Number()),
        },
        unique=("start",),
    ),
    "aspects": Columns(
        {
            "aspect": Words(),
            "start": Number(0, whole=True),
            "part": Words(),
            "part start": Number(0, whole=True),
            "share": Number(-1, 1),
            **dict.fromkeys(("without", "alone"), Maybe(Number())),
        },
        optional=True,
    ),
}
PROBABLE = narrowed(
    TABLES,
    {
        **dict.fromkeys(("full", "together", "without", "alone"), SHARE),
        "comprehensiveness": FALL,
    },
)


def misread(capture: Capture, result: Result) -> str | None:
    """Return which row is of no word or aspect of a text, or how many rows it must have."""
    record, own = capture.record, pieces(capture, content_positions(capture))
    words = [(own.words[at].text, own.words[at].start) for at in own.read]
    if len(words) > KEPT and "words" in result.tables:
        named = {row[:2] for row in result.tables["words"].rows}
        kept = {*sorted(words, key=lambda word: word not in named)[:KEPT]}
        words = [word for word in words if word in kept]
    parts = zip(record.aspects, parts_of(record.text, record.aspects), strict=True)
    aspects = [(one.text, one.start, part.text, part.start) for one, part in parts]
    found = unlike(result, "words", WORDS[:2], words)
    return found or unlike(result, "aspects", ASPECTS[:4], aspects)
