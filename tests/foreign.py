"""Analyses of another package: one of each kind, and in the result of each every shape."""

import numpy as np
from attnatlas.analyses.analysis import (
    Accumulation,
    Aggregate,
    Comparison,
    FollowUp,
    ModelProbe,
    RecordAnalysis,
    RecordProbe,
)
from attnatlas.results.shapes import (
    Finding,
    Grid,
    HeadDistances,
    Matrix,
    Partial,
    Result,
    Scores,
    Series,
    Table,
)

SHAPES = ("series", "scores", "grid", "matrix", "distances")


def words(name):
    return {
        "name": name, "title": f"Title of {name}", "about": f"About {name}.",
        "reading": f"How to read {name}.", "limits": f"Limits of {name}.", "cite": "Somebody",
    }  # fmt: skip


def everything(name, tokens=5):
    """Return a result with each shape in it."""
    return Result(
        name,
        matrices=(Matrix("self", np.eye(tokens, dtype=np.float32)[None]),),
        grids=(Grid("self", ("strength",), np.arange(-2.0, 4.0).reshape(1, 2, 3)),),
        tables={"numbers": Table(("word", "number"), (("a cell", 0.125),))},
        series=(Series("rise", (0.0, 1.0), (0.25, 0.5), (0.2, 0.4), (0.3, 0.6), (0.1, 0.1)),),
        findings=(Finding("said", f"A sentence of {name}."),),
        scores=(Scores("weights", np.linspace(-1, 1, tokens, dtype=np.float32)),),
        distances=(HeadDistances("self", 1 - np.eye(6)),),
        partials=(Partial("never shown", np.full(3, 77712.25)),),
    )


class Counting:
    def __init__(self):
        self.seen = 0

    def add(self, capture, results):
        self.seen += 1


def of_record(capture, *_):
    return everything("x", len(capture.maps[0].queries))


FOREIGN = (
    RecordAnalysis(**words("of-record"), compute=of_record),
    FollowUp(**words("follow-up"), compute=of_record, after=("of-record",)),
    RecordProbe(**words("probe"), compute=of_record),
    Aggregate(**words("aggregate"), compute=lambda records: everything("aggregate")),
    Accumulation(
        **words("accumulation"),
        accumulate=Counting,
        compute=lambda records, seen: everything("accumulation"),
    ),
    ModelProbe(**words("model-probe"), compute=lambda loaded: everything("model-probe")),
    Comparison(**words("comparison"), compute=lambda every: everything("comparison")),
)
