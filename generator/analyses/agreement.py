"""How far the methods of attribution agree with each other, over all records of a model.

Every Scores that speaks of the model's answer takes part, whichever analysis it comes from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from ..array_types import Doubles
from ..corpus import group_of
from ..results.levels import CORRELATION, Claim, beyond
from ..results.shapes import Cell, Finding, Result, Table
from ..results.wording import count, say, sentence
from ..statistics.bootstrap import EDGES, RESAMPLES, Interval, estimate
from ..statistics.ranks import LEAST, SEED
from ..statistics.splits import Group
from .analysis import Aggregate, RecordResults
from .attention_views import VIEWS
from .compared_ranks import measured, ranks_of, tops_of
from .masked_null import NULL
from .masked_null import SAYS as MASKED
from .saliency import METHODS, unconverged, without

Names = tuple[str, str]

SHUFFLES = 1000
MEASURES = ("spearman", "kendall", "overlap")
PAIRS = (
    "one", "other", "n", "spearman", "low", "high", "null_low", "null_high", "kendall",
    "overlap", "overlap_low", "overlap_high", "overlap_null_low", "overlap_null_high",
    "beyond_chance",
)  # fmt: skip
AGAINST = "integrated_gradients"
"""The method that sentences compare the others with; of its own kind, none is quoted."""
UNQUOTED = ("attention", *METHODS)


@dataclass(slots=True)
class Collected:
    """What two methods have in common: MEASURES of each record, and their sums when shuffled.

    `shuffled` is [shuffle, 2], the sums of Spearman's correlation and of the overlap. `masked`
    counts the records under a causal mask, `unknown` those of them for which what the mask alone
    gives is not known.
    """

    rows: list[tuple[Group | None, Doubles]] = field(default_factory=list)
    shuffled: Doubles = field(default_factory=lambda: np.zeros((SHUFFLES, 2)))
    masked: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class MethodPair:
    """Two methods over n records: means, 95% intervals (none of few), and what chance gives.

    `null` and `overlap_null` are the 95% ranges of the means by chance: with the tokens shuffled,
    or, under a causal mask, the weights of each row. Where what the mask alone gives is not known,
    nothing is `claimed`.
    """

    one: str
    other: str
    n: int
    spearman: float
    interval: Interval | None
    null: Interval
    kendall: float
    overlap: float
    overlap_interval: Interval | None
    overlap_null: Interval
    masked: bool = False
    claimed: bool = True
    clusters: int | None = None

    @property
    def claim(self) -> Claim:
        """Return the claim that the two agree more than chance."""
        interval = self.interval if self.claimed else None
        return Claim(self.spearman, interval, self.null, CORRELATION)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return a row of PAIRS."""
        none = (None, None)
        return (
            self.one, self.other, self.n, self.spearman, *(self.interval or none), *self.null,
            self.kendall, self.overlap, *(self.overlap_interval or none), *self.overlap_null,
            beyond(self.claim.level()),
        )  # fmt: skip


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
            _compare(methods, _by_chance(results), (group_of(record), number), found)
    order = sorted({name for pair in found for name in pair}, key=_place)
    rows = [_compared(pair, found[pair]) for pair in combinations(order, 2) if pair in found]
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


def _compare(
    methods: Mapping[str, Doubles],
    nulls: Mapping[str, Doubles] | None,
    record: tuple[Group | None, int],
    found: dict[Names, Collected],
) -> None:
    """Add one record to what was found: each pair as it is, and by chance.

    By chance one of the two has its tokens shuffled, or, under a causal mask, is drawn from its
    own null.
    """
    names, values = list(methods), np.array(list(methods.values()))
    every = measured(values)
    ranks, tops = ranks_of(values), tops_of(values)
    group, number = record
    random = np.random.default_rng((SEED, number))
    order = np.argsort(random.random((SHUFFLES, values.shape[1])), axis=1)
    known = {name: (ranks_of(null), tops_of(null)) for name, null in (nulls or {}).items()}
    for (i, one), (j, other) in combinations(enumerate(names), 2):
        entry = found.setdefault((one, other), Collected())
        entry.rows.append((group, np.array([matrix[i, j] for matrix in every])))
        null = next((name for name in (one, other) if name in known), None)
        entry.masked += nulls is not None
        entry.unknown += nulls is not None and null is None and one != "attention"
        if null is None:
            entry.shuffled[:, 0] += ranks[i][order] @ ranks[j]
            entry.shuffled[:, 1] += tops[i][order] @ tops[j]
            continue
        beside = j if null == one else i
        drawn = random.integers(0, len(known[null][0]), SHUFFLES)
        entry.shuffled[:, 0] += (known[null][0] @ ranks[beside])[drawn]
        entry.shuffled[:, 1] += (known[null][1] @ tops[beside])[drawn]


def _compared(names: Names, found: Collected) -> MethodPair:
    groups, measures = zip(*found.rows, strict=True)
    mean, n = estimate(measures, groups=groups, within=(-1, 1)), len(found.rows)
    value = mean.value.tolist()
    null = np.quantile(found.shuffled / n, EDGES, axis=0).T.tolist()
    return MethodPair(
        *names, n, value[0], mean.interval(0), _pair(null[0]), value[1], value[2],
        mean.interval(2), _pair(null[1]), found.masked > 0, not found.unknown,
        int(mean.clusters[0]),
    )  # fmt: skip


def _pair(ends: Sequence[float]) -> Interval:
    return ends[0], ends[1]


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
    if len(rows) > 1:
        yield _summary(rows)


ALIKE, PLAIN = "rank words alike, more than chance", "are compared"


def _finding(row: MethodPair, more: str) -> Finding:
    claimed, plain = (
        f"{sentence(named(row.one))} and {named(row.other)} {what}: rank correlation "
        f"{say(row.spearman)} in {_texts(row.n)}; by chance {_range(row.null)}.{more}"
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


def _summary(rows: Sequence[MethodPair]) -> Finding:
    """Say how many pairs agree, and which do most and least."""
    least, *_, most = sorted(rows, key=lambda row: row.spearman)
    agree, n = sum(row.claim.level() == "holds" for row in rows), max(row.n for row in rows)
    text = f"Of {len(rows)} pairs of methods, {count(agree)} agree more than chance in {_texts(n)}."
    if all(row.interval is None for row in rows):
        text = f"{len(rows)} pairs of methods are compared: too few texts to tell chance."
    text += (
        f" Closest are {named(most.one)} and {named(most.other)} ({say(most.spearman)}), farthest "
        f"{named(least.one)} and {named(least.other)} ({say(least.spearman)})."
    )
    return Finding("pairs", text, n=n)


def _range(ends: Interval) -> str:
    return f"{say(ends[0])} to {say(ends[1])}"


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
