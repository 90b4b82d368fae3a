"""Importance: what the answer loses when one head is silenced.

Michel et al. 2019, "Are Sixteen Heads Really Better than One?", section 3. Computed in `probes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...capture import Capture, Kind
from ...names import head_label
from ...results.columns import Columns, Number, Tables, Words
from ...results.shapes import Cell, Grid, Result, Table
from ..analysis import ASKED_FIELDS, RecordProbe
from .all_records import METRIC, aggregate

if TYPE_CHECKING:
    from ...models import LoadedModel

LISTED = 8
"""Heads that the page of a record names."""
ASKED = ("answer", "unit", "score")
STRONGEST = ("kind", "head", "fall")


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return a Grid `importance` per kind, what was `asked`, and the `strongest` heads.

    Values are falls of the answer's score, positive where the head speaks for the answer. Nothing
    where a model gave no answer; ValueError where its heads cannot be silenced one by one.
    """
    from ...probes import ExplainedInput
    from ...probes.ablation import head_importance

    explained = ExplainedInput.of(loaded, capture)
    if explained is None:
        return Result(ANALYSIS.name)
    score, found = head_importance(explained)
    grids = tuple(
        Grid(kind, (METRIC,), falls[None], null=np.zeros((1, len(falls))))
        for kind, falls in found.items()
    )
    asked = (explained.target.words, explained.target.unit, score)
    tables = {
        "asked": Table(ASKED, (asked,)),
        "strongest": Table(STRONGEST, tuple(_strongest(grids))),
    }
    return Result(ANALYSIS.name, grids=grids, tables=tables)


def _strongest(grids: Sequence[Grid]) -> list[tuple[Cell, ...]]:
    """Return the heads without which the score falls furthest, the furthest first."""
    falls = [
        (float(f"{fall:.6g}"), KINDS[grid.kind], head_label(*place))
        for grid in grids
        for place, fall in np.ndenumerate(grid.values[0])
    ]
    falls.sort(key=lambda entry: -entry[0])
    return [(kind, head, fall) for fall, kind, head in falls[:LISTED]]


KINDS: dict[Kind, str] = {
    "self": "self-attention",
    "encoder": "encoder",
    "decoder": "decoder",
    "cross": "cross-attention",
}

TABLES: Tables = {
    "asked": Columns({**dict.fromkeys(ASKED[:2], Words()), "score": Number()}, rows=1),
    "strongest": Columns(
        {"kind": Words(tuple(KINDS.values())), "head": Words(), "fall": Number()}, least=1
    ),
}
ANALYSIS = RecordProbe(
    name="importance",
    tables=TABLES,
    title="Importance: the answer without one head",
    about=(
        "One head at a time is silenced, in one layer, and the model is asked again: how far does "
        "the score of its answer fall? The score is the logit of the class a classifier chose or "
        "of the token a language model puts next or in place of a mask, and the log probability "
        "of a whole translation."
    ),
    reading=(
        "Above zero, the head speaks for the answer; below zero, the answer is surer without it. "
        "A model can have many heads that all look busy and none that it cannot do without. Over "
        "all texts, the head that mattered most in one half of them is judged by the other "
        "half, beside heads chosen in the same way after shuffling."
    ),
    limits=(
        "A silenced head leaves the layers above with states they have never seen, so part of "
        "every change is surprise. Heads that do the same job stand in for each other: each alone "
        "then looks unimportant. Importance is for this answer, not for the task. Models whose "
        "attention is not computed in one exchangeable function (BLOOM, DeBERTa, Falcon, XLNet "
        "and their kin) are left out."
    ),
    cite=(
        "Michel et al. 2019, Are Sixteen Heads Really Better than One?, "
        "https://arxiv.org/abs/1905.10650"
    ),
    compute=compute,
    aggregate=aggregate,
    optional=True,
    fields=ASKED_FIELDS,
)
