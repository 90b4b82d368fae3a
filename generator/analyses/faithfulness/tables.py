"""The tables of faithfulness: what they hold, of which text."""

from __future__ import annotations

from ...capture import Capture
from ...capture.token_positions import content_positions
from ...results.columns import (
    FALL,
    MEASURES,
    SHARE,
    Columns,
    Either,
    Maybe,
    Number,
    Row,
    Tables,
    Words,
    narrowed,
    unlike,
)
from ...results.shapes import Result
from ..saliency import LEFT_OUT, METHODS
from .orders import method_sizes, random_sizes

ORDERED = (
    "integrated_gradients", "relevance", "rollout", "attention", "gradient_x_input", "occlusion",
    "gradient",
)  # fmt: skip
"""The methods whose orders are tried."""
CURVES = ("order", "k", "share", "comprehensiveness", "sufficiency")
CHANCE = (
    "k", "share", "comprehensiveness", "low", "high", "sufficiency", "sufficiency_low",
    "sufficiency_high",
)  # fmt: skip
ASKED = ("answer", "full", "measure", "erased by", "random orders", "erased texts")
AOPC = (
    "order", "comprehensiveness", "sufficiency", "eraser_comprehensiveness", "eraser_sufficiency",
)  # fmt: skip
TWIN = ("method", "n", "spearman")
OTHERWISE = ("order", "erased by", "comprehensiveness")
HEADS = {"curves": CURVES[:3], "chance": CHANCE[:2], "weights": TWIN[:2]}
"""The columns that say what of a text was erased."""
ORDER = Words(ORDERED)
COUNT = Number(1, whole=True)
FALLS = dict.fromkeys(AOPC[1:3], Number()) | dict.fromkeys(AOPC[3:], Maybe(Number()))
TABLES: Tables = {
    "asked": Columns(
        {
            "answer": Words(),
            "full": Number(),
            "measure": Words(MEASURES),
            "erased by": Words(),
            **dict.fromkeys(ASKED[4:], COUNT),
        },
        rows=1,
    ),
    "curves": Columns(
        {"order": ORDER, "k": COUNT, "share": SHARE, **dict.fromkeys(CURVES[3:], Number())},
        unique=("order", "share"),
    ),
    "chance": Columns(
        {"k": COUNT, "share": SHARE, **dict.fromkeys(CHANCE[2:], Number())}, unique=("share",)
    ),
    "aopc": Columns({"order": ORDER, **FALLS}, unique=("order",)),
    "random": Columns({"order": Number(0, whole=True), **FALLS}, least=1, unique=("order",)),
    "weights": Columns(
        {"method": ORDER, "n": COUNT, "spearman": Maybe(Number(-1, 1))}, optional=True
    ),
    "otherwise": Columns(
        {
            "order": Either(ORDER, Number(0, whole=True)),
            "erased by": Words(),
            "comprehensiveness": Number(),
        },
        optional=True,
    ),
    LEFT_OUT: Columns({"method": Words(tuple(METHODS))}, optional=True),
}
PROBABLE = narrowed(TABLES, {"full": SHARE, **dict.fromkeys((*AOPC[1:], *CHANCE[2:]), FALL)})


def misread(capture: Capture, result: Result) -> str | None:
    """Return which row is of another number of tokens than a text has, or how many are wanted."""
    n, tokens = len(content_positions(capture)), len(capture.maps[0].queries)
    names = dict.fromkeys(str(row[0]) for row in result.tables["curves"].rows)
    steps = [(k, k / max(n, 1)) for k in method_sizes(n, tokens, len(names))]
    wanted: dict[str, list[Row]] = {
        "curves": [(name, *step) for name in names for step in steps],
        "chance": [(k, k / max(n, 1)) for k in random_sizes(n, tokens)],
    }
    if "weights" in result.tables:
        wanted["weights"] = [(row[0], n) for row in result.tables["weights"].rows]
    found = (unlike(result, name, HEADS[name], rows) for name, rows in wanted.items())
    return next(filter(None, found), None)
