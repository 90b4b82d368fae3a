"""What value-weighted norms show over all records of a model, in sentences beside attention."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ...array_types import Doubles
from ...corpus import group_of
from ...results.levels import CORRELATION as LEAST_CORRELATION
from ...results.levels import PROBABILITY, Claim
from ...results.shapes import Finding, Result
from ...results.wording import correlation, percent, sentence
from ...statistics.bootstrap import Estimate, estimate
from ..analysis import RecordResults

SHARES = ("kind", "layer", "group", "attention", "norm", "summed norm", "rank correlation")
ATTENTION, NORM, SUMMED, CORRELATION, GAP = range(5)
"""Columns of a record: the means of the last four of SHARES over layers, and norm - attention."""
ATTENTIONS = {
    "self": "attention",
    "encoder": "attention of the encoder",
    "decoder": "attention of the decoder",
    "cross": "cross-attention",
}


def aggregate(record_results: RecordResults) -> Result:
    """Return for each kind what special tokens get of attention and of norms, and their order."""
    tables = [(group_of(record), dict(_means(results))) for record, results in record_results]
    found: list[Finding] = []
    for kind in ATTENTIONS:
        rows = [table[kind] for _, table in tables if kind in table]
        if rows:
            groups = [group for group, table in tables if kind in table]
            known = estimate([values for _, values in rows], groups=groups)
            found += [_resting(kind, rows[0][0], known), *_order(kind, known)]
    return Result("norms", findings=tuple(found))


def _means(results: Mapping[str, Result]) -> Iterable[tuple[str, tuple[str, Doubles]]]:
    """Yield for each kind its group of tokens, and the means over layers."""
    table = results["norms"].tables.get("shares") if "norms" in results else None
    rows: Sequence[Any] = table.rows if table else ()
    for kind in dict.fromkeys(row[0] for row in rows):
        own = [row for row in rows if row[0] == kind]
        numbers = np.array([row[3:] for row in own], dtype=np.float64)
        known = ~np.isnan(numbers)
        means = np.where(known, numbers, 0).sum(axis=0)
        means = np.divide(means, known.sum(axis=0), out=np.full(4, np.nan), where=known.any(axis=0))
        yield kind, (own[0][2], np.append(means, means[NORM] - means[ATTENTION]))


def _resting(kind: str, group: str, known: Estimate) -> Finding:
    """Say what the group gets of attention and of norms, mean over layers, heads and records."""
    attention, norm, summed, _, gap = map(float, known.value)
    one, n = group == "the first token", int(known.n[GAP])
    hands, its = ("hands", "its") if one else ("hand", "their")
    plain = (
        f"{'it gets' if one else 'they get'} {percent(attention)} of the {ATTENTIONS[kind]} and "
        f"{percent(norm)} of the value-weighted norm ({percent(summed)} once heads are summed)"
    )
    claim = Claim(gap, _interval(known, GAP), (0.0, 0.0), PROBABILITY, "less")
    return Finding(
        f"{kind}-norm-share", f"Attention overstates what {group} {hands} on: {plain}.",
        plain=f"{sentence(plain)}.", value=norm, n=n, interval=_interval(known, NORM),
        null=_interval(known, ATTENTION), null_says=f"{its} share of attention", claim=claim,
    )  # fmt: skip


def _order(kind: str, known: Estimate) -> Iterable[Finding]:
    """Say whether tokens with more attention have shorter vectors, as Kobayashi et al. found."""
    value, n = float(known.value[CORRELATION]), int(known.n[CORRELATION])
    if not n:
        return
    interval = _interval(known, CORRELATION)
    claim = Claim(value, interval, (0.0, 0.0), LEAST_CORRELATION, "less")
    of = "" if kind == "self" else f" in the {ATTENTIONS[kind]}"
    found = f"{of}: rank correlation within a head {correlation(value)}, on average."
    yield Finding(
        f"{kind}-norm-order", f"Tokens with more attention hand on shorter vectors{found}",
        plain=f"So far attention goes with the length of vectors{found}",
        value=value, n=n, interval=interval, null=(0.0, 0.0),
        null_says="if one did not depend on the other", claim=claim,
    )  # fmt: skip


def _interval(known: Estimate, column: int) -> tuple[float, float] | None:
    return known.interval(column)
