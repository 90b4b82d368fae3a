"""Integrated gradients that take all the steps they need, where the usual ones are too few.

Computed in `probes`: Sundararajan et al. 2017.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..capture import Capture
from ..results.shapes import Result, Scores, Table
from .analysis import ASKED_FIELDS, RecordProbe
from .saliency import TABLES, TARGET, target_row

if TYPE_CHECKING:
    from ..models import LoadedModel

TOLERANCE, MOST = 0.01, 128
"""How much of the difference the sum may miss, and how many steps it may take for that."""


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return Scores `complete_gradients`, float32 [token], and how they add up in `target`."""
    from ..probes import ExplainedInput
    from ..probes.gradients import integrated

    explained = ExplainedInput.of(loaded, capture)
    if explained is None or not explained.content:
        return Result(ANALYSIS.name)
    integral = integrated(explained, TOLERANCE, MOST)
    row = target_row(explained, ANALYSIS.name, integral)
    return Result(
        ANALYSIS.name,
        tables={"target": Table(TARGET, (row,))},
        scores=(Scores(ANALYSIS.name, integral.values),),
    )


ANALYSIS = RecordProbe(
    name="complete_gradients",
    tables=TABLES,
    title="Complete integrated gradients: as many steps as they need",
    about=(
        f"Integrated gradients that go on, up to {MOST} steps, until their sum misses at most "
        f"{TOLERANCE:.0%} of the difference between blank and text: a method of saliency, for "
        "texts where the usual ones did not converge."
    ),
    reading="As for integrated gradients; what they add up to stands beside them.",
    limits="A sum that is right says that nothing is left out, not that the way is a good one.",
    cite=(
        "Sundararajan et al. 2017, Axiomatic Attribution for Deep Networks, "
        "https://proceedings.mlr.press/v70/sundararajan17a.html"
    ),
    compute=compute,
    optional=True,
    fields=ASKED_FIELDS,
    after=("saliency",),
    method=True,
)
