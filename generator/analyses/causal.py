"""Causal map of heads: what each carries from one text of a minimal pair to the other.

Vig et al. 2020, "Causal Mediation Analysis for Interpreting Neural NLP". Computed in `probes`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..capture import Capture
from ..results.columns import Columns, Maybe, Number, Tables, Words
from ..results.shapes import Cell, Grid, Result, Table
from .analysis import ASKED_FIELDS, PairProbe

if TYPE_CHECKING:
    from ..models import LoadedModel

ODDS = (
    "asked", "first_odds", "second_odds", "total", "all_indirect", "all_direct",
    "why_not",
)  # fmt: skip
METRICS = ("indirect", "direct")
TABLES: Tables = {
    "odds": Columns(
        {
            "asked": Words(),
            **dict.fromkeys(ODDS[1:3], Maybe(Number(0))),
            **dict.fromkeys(ODDS[3:6], Maybe(Number())),
            "why_not": Words(),
        },
        rows=1,
    )
}
MOST = 1e12
"""Parameters times tokens in all passes of a pair, from which on it is left out."""


def compute(first: Capture, second: Capture, loaded: LoadedModel) -> Result:
    """Return a Grid of `indirect` and `direct` effects per kind, and the `odds` of both texts.

    Effects are parts of the first text's odds: 0.1 is a tenth more. A pair that cannot be asked,
    such as one of unequal length in tokens, has a row of `odds` that says why, and no Grid.
    """
    from ..probes.head_swap import head_effects
    from ..probes.pair_odds import NotAsked, question

    try:
        asked, words = question(loaded, first, second)
        _check_cost(first, loaded)
    except NotAsked as error:
        row: tuple[Cell, ...] = ("", *[None] * 5, str(error))
        return Result(ANALYSIS.name, tables={"odds": Table(ODDS, (row,))})
    found = head_effects(loaded, asked)
    grids = tuple(
        Grid(kind, METRICS, np.stack([found.indirect[kind], found.direct[kind]]))
        for kind in found.indirect
    )
    numbers = (found.first, found.second, found.total, found.all_indirect, found.all_direct)
    row = (words, *numbers, "")
    return Result(ANALYSIS.name, grids=grids, tables={"odds": Table(ODDS, (row,))})


def _check_cost(capture: Capture, loaded: LoadedModel) -> None:
    from ..probes.pair_odds import NotAsked

    passes = 2 * (loaded.info.layers * loaded.info.heads + 3)
    weights = sum(one.numel() for one in loaded.model.parameters())
    if passes * len(capture.maps[0].queries) * weights > MOST:
        raise NotAsked(f"{passes:,} passes of this model through a text of this length cost much")


ANALYSIS = PairProbe(
    name="causal",
    tables=TABLES,
    title="What each head carries from one text to the other",
    about=(
        "A minimal pair gives the model’s odds a first and a second value. Then the attention of "
        "one head at a time is taken from the other text: how far do the odds of the first move "
        "(indirect effect), and how far are those of the second still moved without it (direct "
        "effect)? Odds are of a classifier’s labels, of the two candidates’ nouns at a mask, or "
        "of the words that both texts end in."
    ),
    reading=(
        "An effect of 0.1 raises the odds of the first text by a tenth. A head with a large "
        "indirect effect carries the difference by where it looks. Lay this map beside the "
        "attention itself: heads that look at a candidate need not matter, and heads that matter "
        "need not look."
    ),
    limits=(
        "One head is swapped at a time, so heads that stand in for each other look unimportant. "
        "What a head says of a token is left as it was; only where it looks is swapped. Pairs of "
        "unequal length in tokens are left out and counted, and so are models too large to be "
        "asked twice for every head. Effects in the paper are of filtered examples."
    ),
    cite=(
        "Vig et al. 2020, Causal Mediation Analysis for Interpreting Neural NLP, "
        "https://arxiv.org/abs/2004.12265"
    ),
    fields=(*ASKED_FIELDS, "candidates", "group", "variant"),
    compute=compute,
)
