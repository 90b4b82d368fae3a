"""How far the methods of attribution agree with each other, over all records of a model.

Every Scores that speaks of the model's answer takes part, whichever analysis it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from ..array_types import Doubles
from ..corpus import group_of
from ..results.levels import CORRELATION
from ..results.shapes import Finding, Result, Table
from ..results.wording import correlation, count, sentence
from ..statistics.bootstrap import RESAMPLES, Interval
from ..statistics.ranks import LEAST, SEED
from .analysis import Aggregate, RecordResults
from .attention_views import VIEWS
from .masked_null import NULL
from .masked_null import SAYS as MASKED
from .method_pairs import PAIRS, SHUFFLES, Collected, MethodPair, Names, add_record, method_pair
from .saliency import METHODS, unconverged, without

AGAINST = "integrated_gradients"
"""The method that sentences compare the others with; of its own kind, none is quoted."""
UNQUOTED = ("attention", *METHODS)


def compute(record_results: RecordResults) -> Result:
    """Return the table `pairs`, a row for each two methods, and sentences about them.

    For each record: Spearman's and Kendall's correlation of the magnitudes over its content, and
    the share of the top fifth that both have. Means over records with 95% intervals, beside the
    95% range of the same means when the tokens of every text are shuffled; under a causal mask, of
    what the views of attention give with the weights of each row shuffled.
    """
    found: dict[Names, Collected] = {}
    for number, (record, results) in enumerate(record_results):
        methods = attributions(results)
        if len(methods) > 1:
            add_record(methods, _by_chance(results), (group_of(record), number), found)
    order = sorted({name for pair in found for name in pair}, key=_place)
    rows = [method_pair(pair, found[pair]) for pair in combinations(order, 2) if pair in found]
    if not rows:
        return Result(ANALYSIS.name)
    return Result(
        ANALYSIS.name,
        tables={"pairs": Table(PAIRS, tuple(row.cells for row in rows))},
        findings=tuple(_findings(rows, without(record_results, "anchors", AGAINST))),
    )


def _by_chance(results: Mapping[str, Result]) -> dict[str, Doubles] | None:
    """Return what views give by chance under a causal mask, [shuffle, token]; None without one."""
    anchors = results["anchors"]
    places = [int(str(row[0])) for row in anchors.tables["content"].rows]
    parts = {
        name: result.partial(NULL + name)
        for name, result in (("rollout", anchors), ("relevance", results.get("relevance")))
        if result is not None
    }
    if parts["rollout"] is None:
        return None
    found = {name: part.values[:, places] for name, part in parts.items() if part is not None}
    return {name: values.astype(np.float64) for name, values in found.items()}


def attributions(results: Mapping[str, Result]) -> dict[str, Doubles]:
    """Return the magnitudes that each method gives the content of a record, by method.

    Methods that give all tokens alike are left out, and integrals that did not converge; all are,
    where there are too few tokens.
    """
    content = results["anchors"].tables.get("content") if "anchors" in results else None
    places = [int(str(row[0])) for row in content.rows] if content else []
    if len(places) < LEAST:
        return {}
    length = len(results["anchors"].scores[0].values)
    methods, failed = _methods(), unconverged(results)
    found = {
        scores.name: np.abs(scores.values[places]).astype(np.float64)
        for name, result in results.items()
        if name in methods
        for scores in result.scores
        if len(scores.values) == length and scores.name not in failed
    }
    return {name: found[name] for name in sorted(found, key=_place) if np.ptp(found[name]) > 0}


def _methods() -> frozenset[str]:
    """Return the analyses that declare themselves methods of attribution."""
    from . import analyses  # the registry imports this module

    return frozenset(analysis.name for analysis in analyses() if analysis.method)


def named(method: str) -> str:
    """Return what sentences and figures call a method."""
    return (METHODS | VIEWS).get(method, method.replace("_", " "))


def _place(method: str) -> tuple[int, str]:
    """Return where a method stands in tables: attention, then what is new, then saliency."""
    known = [*VIEWS, "", *METHODS]
    return known.index(method if method in known else ""), method


def _findings(rows: Sequence[MethodPair], more: str) -> Iterator[Finding]:
    """Yield a sentence for each view of attention beside one method of saliency, and one on all.

    `more` says how many texts were left out of them.
    """
    for row in rows:
        if row.other == AGAINST and row.one not in UNQUOTED:
            yield _finding(row, more)
    if (summed := _summary(rows)) is not None:
        yield summed


ALIKE, PLAIN = "rank words alike, more than chance", "are compared"


def _finding(row: MethodPair, more: str) -> Finding:
    claimed, plain = (
        f"{sentence(named(row.one))} and {named(row.other)} {what}: rank correlation "
        f"{correlation(row.spearman)} in {_texts(row.n)}; by chance {_range(row.null)}.{more}"
        for what in (ALIKE, PLAIN)
    )
    shuffled = MASKED if row.masked else "with the tokens of each text shuffled"
    return Finding(
        f"{row.one}-{row.other}",
        claimed,
        plain=plain,
        value=row.spearman,
        n=row.n,
        interval=row.interval,
        null=row.null,
        null_says=shuffled,
        claim=row.claim,
        clusters=row.clusters,
    )


def _summary(rows: Sequence[MethodPair]) -> Finding | None:
    """Say how many pairs agree, and which do most and least; nothing of fewer than two pairs.

    Pairs are of a view of attention and a method of saliency: two views, or two gradients, share
    their arithmetic and agree in any model. Those that have no chance of their own are not counted.
    """
    mixed = [row for row in rows if (row.one in VIEWS) != (row.other in VIEWS)]
    if len(mixed) < 2:
        return None
    least, *_, most = sorted(mixed, key=lambda row: row.spearman)
    judged, n = [row.claim for row in mixed if row.claim.interval], max(row.n for row in mixed)
    agree = sum(claim.level() == "holds" for claim in judged)
    text = (
        f"Of {len(judged)} pairs of attention and saliency, {count(agree)} agree{_s(agree)} more "
        f"than chance in {_texts(n)}."
    )
    if not judged:
        why = "" if any(row.interval for row in mixed) else ": too few texts to tell chance"
        text = f"{len(mixed)} pairs of attention and saliency are compared{why}."
    text += (
        f" Closest are {named(most.one)} and {named(most.other)} ({correlation(most.spearman)}), "
        f"farthest {named(least.one)} and {named(least.other)} ({correlation(least.spearman)})."
    )
    value, among = (float(agree), len(judged)) if judged else (None, None)
    return Finding("pairs", text, n=n, value=value, among=among)


def _s(number: int) -> str:
    return "s" if number == 1 else ""


def _range(ends: Interval) -> str:
    return f"{correlation(ends[0])} to {correlation(ends[1])}"


def _texts(n: int) -> str:
    return "one text" if n == 1 else f"{count(n)} texts"


ANALYSIS = Aggregate(
    name="agreement",
    title="How far the methods agree",
    about=(
        "Every method that gives each token of a text a share in the answer, two at a time: "
        "attention as it reached the place of the answer, and what the answer depends on. For "
        "each text, the rank correlation of their magnitudes (Spearman’s; Kendall’s is in the "
        "table) and what share of the top fifth both have; then the mean over texts."
    ),
    reading=(
        f"1 is the same order, 0 none in common, −1 the reverse. Intervals are over texts "
        f"({RESAMPLES} draws). Chance is the same mean with the tokens of every text shuffled "
        f"({SHUFFLES} times, seed {SEED}), or, in a model that reads from left to right, with the "
        "weights of each row in random order over the tokens it may see; a ring marks two methods "
        f"that are not surely {CORRELATION} beyond it."
    ),
    limits=(
        "Methods that agree may be wrong together, and methods of one family, such as gradient and "
        "gradient × input, share their arithmetic. Special tokens, and texts with fewer than "
        f"{LEAST} other tokens, take no part. Shuffling breaks all order, so that even a shared "
        "habit of looking at first tokens counts as agreement; a model that reads from left to "
        "right is judged for rollout and relevance alone, where the mask has its own chance."
    ),
    cite=(
        "Jain & Wallace 2019, Attention is not Explanation, "
        "https://doi.org/10.18653/v1/N19-1357; "
        "Neely et al. 2021, Order in the Court: Explainable AI Methods Prone to Disagreement, "
        "https://arxiv.org/abs/2105.03287"
    ),
    compute=compute,
)
