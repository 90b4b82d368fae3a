"""Anchors: tokens that are high both in what the answer attended to and in what it depends on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..array_types import Doubles, Floats
from ..capture import Capture
from ..capture.token_positions import answer_rows, content
from ..corpus import group_of
from ..results.levels import CORRELATION, PROBABILITY, Claim, beyond
from ..results.shapes import Cell, Finding, Partial, Result, Scores, Table
from ..results.wording import count, listed, percent
from ..statistics.bootstrap import EDGES, estimate
from ..statistics.ranks import PERMUTATIONS, SEED, TOP, Agreement, agreement, largest, speaking
from ..statistics.splits import Group
from .analysis import FollowUp, RecordResults
from .attention_views import views
from .masked_null import NULL, SAYS, allowed, followed
from .rollout import fused, with_residual
from .saliency import METHODS, left_out, methods, unconverged, without

AGREEMENT = (
    "view", "method", "n", "k", "shared", "chance", "spearman", "low", "high", "kendall",
    "null_low", "null_high", "beyond_chance",
)  # fmt: skip
ANCHORS = ("view", "method", "token", "speaks")
SPEAKS = ("for", "against")
NAMED = 6
"""Words that a sentence names at most."""
SHOWN = {"rollout": "rollout", "relevance": "gradient-weighted relevance"}
"""The views of attention that sentences are about, and what they call them."""
COMPARED = ("rollout", "relevance", "attention")
"""The views of attention that saliency is compared with."""
SAID = ("integrated_gradients", "gradient_x_input")
"""The methods that are quoted over all records."""
CAVEAT = "Agreement of two views is not proof that either explains the answer."


def compute(capture: Capture, results: Mapping[str, Result]) -> Result:
    """Return how far each view of attention and each method of saliency agree on the tokens.

    The views are Scores [token]; `agreement` has a row for each pair, `anchors` the tokens in the
    top of both, and a finding stands for each method beside rollout, and beside gradient-weighted
    relevance where it is known. Special tokens are left out: `content` has the tokens that take
    part.

    An anchor speaks for the answer: `speaks` says so, or that a token with as much attention and
    saliency speaks against it.
    """
    if "saliency" not in results or not results["saliency"].scores:
        return Result(ANALYSIS.name)
    places = content(capture)
    every = views(capture, results)
    seen = {name: every[name] for name in COMPARED if name in every}
    nulls, shared = _nulls(capture, results), list[Partial]()
    rows, anchors, findings = [], [], []
    failed = unconverged(results)
    for method in methods(results):
        if method.name in failed:
            continue
        magnitude = np.abs(method.values[places]).astype(np.float64)
        for view, shares in seen.items():
            null = nulls[view].values[:, places] if view in nulls else None
            found = agreement(shares[places], magnitude, null)
            if found is None:
                continue
            if found.null_shared:
                drawn = np.array(found.null_shared, dtype=np.float32)
                shared.append(Partial(_shared(view, method.name), drawn))
            rows.append(_row(view, method.name, found))
            both = signed_anchors(method.values[places], shares[places], found.k)
            anchors += [
                (view, method.name, int(places[place]), speaks)
                for speaks, those in zip(SPEAKS, both, strict=True)
                for place in those
            ]
            if view in SHOWN:
                words = [[_word(capture, int(places[at])) for at in those] for those in both]
                for_it, _ = speaking(method.values[places].astype(np.float64), found.k)
                by_chance = found.k * len(for_it) / found.n
                findings.append(_finding(view, method.name, found, words, by_chance))
    scores = (Scores(view, shares.astype(np.float32)) for view, shares in every.items())
    return Result(
        ANALYSIS.name,
        tables={
            "agreement": Table(AGREEMENT, tuple(rows)),
            "anchors": Table(ANCHORS, tuple(anchors)),
            "content": Table(("token",), tuple((int(place),) for place in places)),
            **left_out(failed),
        },
        findings=tuple(findings),
        scores=tuple(scores),
        partials=(*shared, *(one for name, one in nulls.items() if name == "rollout")),
    )


def _nulls(capture: Capture, results: Mapping[str, Result]) -> dict[str, Partial]:
    """Return what views give by chance under a causal mask, [shuffle, token]; nothing without."""
    part, places = answer_rows(capture)
    if part.kind != "self" or not part.causal:
        return {}
    drawn = followed(fused(part.weights), allowed(part), places[0], with_residual)
    found = {"rollout": Partial(NULL + "rollout", drawn)}
    relevance = results.get("relevance", Result("relevance")).partial(NULL + "relevance")
    return found if relevance is None else {**found, "relevance": relevance}


def _shared(view: str, method: str) -> str:
    return f"{NULL}{view}.{method}"


def aggregate(record_results: RecordResults) -> Result:
    """Return over all records how much of the top is shared; `agreement` has the correlations."""
    tops = [_tops(group_of(record), results) for record, results in record_results]
    found: list[Finding] = []
    for view in SHOWN:
        for method in SAID:
            pairs = [top[view, method] for top in tops if (view, method) in top]
            if pairs:
                more = without(record_results, ANALYSIS.name, method)
                found.append(_over_all(pairs, view, method, more))
    return Result(ANALYSIS.name, findings=tuple(found))


@dataclass(frozen=True, slots=True)
class Top:
    """How much of the top k of n tokens two rankings of a text share, and what they do by chance.

    `drawn` is how many they share in each shuffle under a causal mask, empty without one.
    """

    group: Group | None
    n: int
    k: int
    shared: int
    drawn: Floats

    def by_chance(self, random: np.random.Generator) -> Doubles:
        """Return what share of the top they have in common in PERMUTATIONS draws."""
        size = PERMUTATIONS
        if len(self.drawn):
            found = self.drawn[random.integers(0, len(self.drawn), size)].astype(np.float64)
        else:
            found = random.hypergeometric(self.k, self.n - self.k, self.k, size).astype(np.float64)
        shares: Doubles = found / self.k
        return shares


def _tops(group: Group | None, results: Mapping[str, Result]) -> dict[tuple[str, str], Top]:
    """Return what each view and method share at the top, of one record."""
    result = results.get(ANALYSIS.name, Result(ANALYSIS.name))
    table = result.tables.get("agreement", Table((), ()))
    found = {}
    for line in table.rows:
        row: dict[str, Any] = dict(zip(table.columns, line, strict=True))
        pair = row["view"], row["method"]
        drawn = result.partial(_shared(*pair))
        values = np.zeros(0) if drawn is None else drawn.values
        found[pair] = Top(group, row["n"], row["k"], row["shared"], values)
    return found


def signed_anchors(
    saliency: Floats, attention: Floats, k: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return what is in the top k of attention and of saliency, for the answer; and against it.

    `saliency` has its sign, which says of what is in its top k by size what it speaks for; both are
    [token]. What speaks against the answer is no anchor of it, however much it matters.
    """
    attended = set(largest(np.asarray(attention, np.float64), k))
    for_it, against = (
        tuple(sorted(attended.intersection(places)))
        for places in speaking(np.asarray(saliency, np.float64), k)
    )
    return for_it, against


def pair_id(view: str, method: str) -> str:
    """Return the id of the finding about a view of attention and a method of saliency."""
    return method if view == "rollout" else f"{method}-{view}"


def _word(capture: Capture, place: int) -> str:
    return capture.maps[0].queries[place].shown.strip()


def _row(view: str, method: str, found: Agreement) -> tuple[Cell, ...]:
    numbers = (found.spearman, *found.interval, found.kendall, *found.null)
    shared = len(found.top)
    start = (view, method, found.n, found.k, shared, found.chance)
    claim = Claim(found.spearman, found.interval, found.null, CORRELATION)
    return (*start, *numbers, beyond(claim.level()))


def _finding(
    view: str, method: str, found: Agreement, both: Sequence[Sequence[str]], by_chance: float
) -> Finding:
    """Say which tokens lead both rankings, and which of them speak against the answer."""
    leading, against = both
    who = f"{_listed(leading)} lead" if leading else "No word leads"
    who += "s" if len(leading) == 1 else ""
    text = f"{who} both rankings, {METHODS.get(method, method)} and {SHOWN[view]}; by chance, "
    text += f"{_about(by_chance)} would"
    if against:
        are = (
            "is in the top fifth of both, too, but speaks"
            if len(against) == 1
            else "are in the top fifth of both, too, but speak"
        )
        text += f". {_listed(against)} {are} against the answer"
    text += ". One text proves nothing."
    return Finding(
        pair_id(view, method), text, value=found.spearman, n=found.n, interval=found.interval,
        null=found.null, null_says="with the tokens shuffled",
    )  # fmt: skip


def _listed(words: Sequence[str]) -> str:
    """Return words in quotes, of many the first and how many more there are."""
    names = [f"“{word}”" for word in words[:NAMED]]
    return listed([*names, f"{count(len(words) - NAMED)} more"] if words[NAMED:] else names)


def _about(number: float) -> str:
    """Return about how many: `about one`, `none`, `about two`."""
    return f"about {count(round(number))}" if number >= 0.5 else "hardly one"


def _over_all(tops: Sequence[Top], view: str, method: str, more: str) -> Finding:
    """Say what a method and a view share at the top, over records, beside chance."""
    random = np.random.default_rng(SEED)
    drawn = np.mean([top.by_chance(random) for top in tops], axis=0)
    shared = [np.array([top.shared / top.k]) for top in tops]
    found = estimate(shared, groups=[top.group for top in tops], within=(0, 1))
    value, n, interval = float(found.value[0]), len(tops), found.interval()
    low, high = (float(end) for end in np.quantile(drawn, EDGES))
    shares = percent(value), percent(float(drawn.mean()))
    text = (
        f"Words that matter most by {METHODS[method]} also lead by {SHOWN[view]}, more often than "
        f"chance gives: {shares[0]} do, by chance {shares[1]}.{more}"
    )
    plain = (
        f"Of the words that matter most by {METHODS[method]}, {shares[0]} also lead by "
        f"{SHOWN[view]}; chance gives {shares[1]}.{more}"
    )
    masked = any(len(top.drawn) for top in tops)
    return Finding(
        f"{pair_id(view, method)}-top", text, plain=plain, value=value, n=n, interval=interval,
        null=(low, high),
        null_says=SAYS if masked else "with the tokens of each text shuffled",
        claim=Claim(value, interval, (low, high), PROBABILITY), clusters=int(found.clusters[0]),
    )  # fmt: skip


ANALYSIS = FollowUp(
    name="anchors",
    title="Anchors: where attention and saliency agree",
    about=(
        "Each token of the text, special tokens left out, has a share of the attention that "
        "reached the place of the answer (rollout, gradient-weighted relevance, and the mean of "
        "all heads) and a saliency. "
        f"An anchor is in the top {TOP:.0%} of both, by size, and speaks for the answer; a token "
        "that is there, too, but speaks against it is drawn as such."
    ),
    reading=(
        "Two orders at random share k² / n of their top k. The rank correlation is Spearman’s, "
        "from −1 to 1, beside the range that shuffled tokens give "
        f"({PERMUTATIONS} shuffles, seed {SEED})."
    ),
    limits=(
        f"{CAVEAT} Both may follow the same habit, such as resting on the first tokens in a model "
        "that reads from left to right. Relevance and saliency are both made from gradients of one "
        "answer, so that theirs is less of a surprise. Tokens of one text are not independent of "
        "each other, so intervals over tokens are too narrow; those over texts are not."
    ),
    cite=(
        "Serrano & Smith 2019, Is Attention Interpretable?, https://doi.org/10.18653/v1/P19-1282; "
        "Bonett & Wright 2000, Sample size requirements for estimating Pearson, Kendall and "
        "Spearman correlations, https://doi.org/10.1007/BF02294183"
    ),
    compute=compute,
    aggregate=aggregate,
    version="4",
    fields=("mention", "contrast"),
    after=("rollout", "flow", "saliency", "relevance", "smoothgrad", "complete_gradients"),
    method=True,
)
