"""What a model writes by itself where a translation is given: BLEU and chrF against it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..capture import Capture
from ..corpus import group_of
from ..errors import InputError
from ..results.columns import Columns, Tables, Words
from ..results.shapes import Finding, Result, Table
from ..results.wording import say
from ..statistics.bootstrap import LEAST, SEED, Interval, bounds
from .analysis import RecordProbe, RecordResults

if TYPE_CHECKING:
    from ..models import LoadedModel

SAID = ("written", "given")
TABLES: Tables = {"said": Columns(dict.fromkeys(SAID, Words()), rows=1)}
METRICS = {"bleu": "BLEU", "chrf": "chrF"}
DRAWS = 200
"""Times that the texts are drawn anew for an interval."""


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return what the model writes from the source alone, beside the translation that was given.

    Nothing where none was given, since the page then shows what the model wrote.
    """
    record, said = capture.record, capture.prediction
    if said.get("task") != "translation" or not said.get("teacher_forced") or not record.target:
        return Result(ANALYSIS.name)
    from ..capture.limits import token_limit
    from ..capture.tokens import Reader
    from ..capture.write import generate

    limit = token_limit(loaded.model.config, loaded.tokenizer, None)
    reader = Reader(loaded.tokenizer, limit)
    [written] = generate(loaded.model, reader, [reader.source(record)], record)
    return Result(ANALYSIS.name, tables={"said": Table(SAID, ((written.text, record.target),))})


def aggregate(record_results: RecordResults) -> Result:
    """Return BLEU and chrF of all texts together, by sacrebleu, from 0 to 100."""
    written, given, clusters = [], [], []
    for place, (record, results) in enumerate(record_results):
        table = results.get(ANALYSIS.name, Result(ANALYSIS.name)).tables.get("said")
        for own, other in table.rows if table else ():
            written.append(str(own))
            given.append(str(other))
            clusters.append(group_of(record) or place)
    if not written:
        return Result(ANALYSIS.name)
    found = (_finding(name, written, given, clusters) for name in METRICS)
    return Result(ANALYSIS.name, findings=tuple(found))


def _finding(
    name: str, written: list[str], given: list[str], clusters: Sequence[Hashable]
) -> Finding:
    metric = _metrics()[name]
    value = float(metric.corpus_score(written, [given]).score)
    interval = _interval(metric, written, given, clusters)
    text = (
        f"Left alone, the model’s translations reach {METRICS[name]} {say(value)} "
        f"of 100 against the given ones."
    )
    count = len(set(clusters))
    return Finding(
        f"cross-{name}", text, value=value, n=len(written), interval=interval, clusters=count
    )


def _metrics() -> dict[str, Any]:
    try:
        from sacrebleu.metrics.bleu import BLEU
        from sacrebleu.metrics.chrf import CHRF
    except ImportError as error:
        raise InputError(
            'BLEU and chrF are computed by sacrebleu: pip install "attnatlas[translation]".'
        ) from error
    return {"bleu": BLEU(), "chrf": CHRF()}


def _interval(
    metric: Any, written: list[str], given: list[str], clusters: Sequence[Hashable]
) -> Interval | None:
    """Return the 95% interval over texts drawn anew, those of a group together."""
    members: dict[Hashable, list[int]] = {}
    for at, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(at)
    groups = list(members.values())
    if len(groups) < LEAST:
        return None
    draw, scores = np.random.default_rng(SEED), []
    for _ in range(DRAWS):
        some = [at for group in draw.integers(0, len(groups), len(groups)) for at in groups[group]]
        own, other = [written[at] for at in some], [given[at] for at in some]
        scores.append(metric.corpus_score(own, [other]).score)
    low, high = map(float, bounds(np.array(scores), len(groups)))
    return max(0.0, low), min(100.0, high)


ANALYSIS = RecordProbe(
    name="own_translation",
    tables=TABLES,
    title="What the model writes by itself",
    about=(
        "Where a translation is given, the model is made to write it. Here it writes its own, "
        "greedily, from the text alone."
    ),
    reading=(
        "BLEU and chrF compare words and letters with the given translation, from 0 to 100; a "
        "good translation in other words scores low."
    ),
    limits="One given translation is one of many that are right. Few texts leave a wide interval.",
    cite=(
        "Post 2018, A Call for Clarity in Reporting BLEU Scores, "
        "https://doi.org/10.18653/v1/W18-6319"
    ),
    fields=("group",),
    optional=True,
    compute=compute,
    aggregate=aggregate,
)
