"""Sentences about the heads of one model, each with n, an interval and what chance gives.

Only what is no matter of construction is claimed: attention can rest more than even spreading
would, but is always less even than that, and nearer or farther in any model.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ...results.levels import ATTENTION, Claim
from ...results.shapes import Finding
from ...results.wording import count, listed, percent, points, say, sentence
from ...statistics.bootstrap import LEAST, Interval, bounds
from ..working import HABITS
from .comparisons import LayerComparison, Run, by_layer, longest_run
from .means import HeadMeans, PlainMeans
from .roles import PATTERNS, PHRASES, ROLES

REST_MARGIN = 0.1
"""How much more than uniform attention a layer must put on tokens to rest on them."""
UNIFORM = "with uniform attention"
PLACES = {
    "self": "",
    "encoder": " of the encoder",
    "decoder": " of the decoder",
    "cross": " of the cross-attention",
}
HEADS = {"self": "", "encoder": "encoder ", "decoder": "decoder ", "cross": "cross-attention "}
NAMED = 2
"""Habits that the sentence on them names."""


def findings(summary: HeadMeans) -> tuple[Finding, ...]:
    """Return the sentences about one kind of map."""
    said = (tell(summary) for tell in TOLD[summary.kind])
    return tuple(finding for finding in said if finding)


def claimed(summary: PlainMeans) -> tuple[Finding, ...]:
    """Return those of the sentences that claim something: they need neither roles nor intervals."""
    return tuple(tell(summary) for tell in CLAIMED if tell in TOLD[summary.kind])


def attention_on_special(summary: PlainMeans) -> Finding:
    """Say in which layers attention rests on special tokens (the first token if there are none)."""
    metric = "special" if summary.special or summary.kind == "cross" else "first"
    token = _special_names(summary) if metric == "special" else "the first token"
    layers = by_layer(summary, metric)
    marked = [layers.compared((one, one)).beyond(REST_MARGIN) for one in range(summary.layers)]
    run = longest_run(marked)
    found = layers.compared(run or summary.all_layers)
    where = _where(summary, run) if run else f"Over all layers{PLACES[summary.kind]}"
    even = f"spread evenly it would be {percent(found.null)}"
    share = percent(found.value)
    text = (
        f"At least {points(ATTENTION)} points more attention rests on {token} than if spread "
        f"evenly: {share} {where[:1].lower()}{where[1:]}, against {percent(found.null)}."
    )
    plain = f"{where}, {share} of attention rests on {token}"
    plain += f"; {even}." if share != percent(found.null) else ", as if it were spread evenly."
    return replace(_measured(summary, "rest", text, found, found.claim), plain=plain)


def reach(summary: HeadMeans) -> Finding:
    """Say how far attention looks, and how far it would spread evenly."""
    found = by_layer(summary, "distance").compared(summary.all_layers)
    text = (
        f"On average attention lands {say(found.value)} tokens away; spread evenly, "
        f"{say(found.null)}."
    )
    return _measured(summary, "reach", text, found)


def spread(summary: HeadMeans) -> Finding:
    """Say on how many tokens heads concentrate: no claim, since none can do more than all."""
    found = by_layer(summary, "entropy").compared(summary.all_layers)
    heads = sentence(f"{HEADS[summary.kind]}heads")
    text = (
        f"{heads} concentrate as if on {say(math.exp(found.value))} of "
        f"{say(math.exp(found.null))} tokens."
    )
    return _measured(summary, "spread", text, found)


def patterns(summary: HeadMeans) -> Finding:
    """Say how many heads look mainly at one place among the words when they do not rest."""
    counts = {name: _count(summary, name) for name in HABITS}
    most = sorted(filter(counts.get, counts), key=lambda name: -counts[name])
    of = f"of {summary.heads} {HEADS[summary.kind]}heads"
    if summary.clusters < LEAST:
        text = f"It takes {LEAST} unrelated texts to name heads by what they do; here are fewer."
    elif most:
        said = [f"{counts[name]} at {PHRASES[name]}" for name in most[:NAMED]]
        other = sum(counts[name] for name in most[NAMED:])
        said += [f"{other} elsewhere"] if other else []
        said[0] = said[0].replace(" at ", f" {of} look{_s(counts[most[0]])} mainly at ", 1)
        text = f"In {_texts(summary)}, {listed(said)}."
    else:
        text = f"In {_texts(summary)}, none {of} looks mainly at one place among the words."
    return _counted(summary, "habits", text, HABITS, (0.0, 0.0))


def unnamed(summary: HeadMeans) -> Finding | None:
    """Say for how many heads there is no name: what these numbers do not know."""
    if summary.clusters < LEAST:
        return None
    number = _count(summary, "none")
    labels = count(len(PATTERNS))
    heads = f"{summary.heads} {HEADS[summary.kind]}heads"
    text = f"For {number} of {heads} none of our {labels} labels fits."
    return _counted(summary, "unnamed", text, ("none",))


TOLD: dict[str, tuple[Callable[[HeadMeans], Finding | None], ...]] = {
    "self": (patterns, attention_on_special, reach, spread, unnamed),
    "encoder": (patterns, attention_on_special),
    "decoder": (patterns,),
    "cross": (attention_on_special, spread),
}
"""What is told of each kind of map: at most five sentences a model."""
CLAIMED = (attention_on_special,)


def _measured(
    summary: PlainMeans,
    name: str,
    text: str,
    found: LayerComparison,
    claim: Claim | None = None,
) -> Finding:
    """Return a finding on a mean beside its null."""
    return _finding(summary, name, text, found.value, found.interval, found.null_range, claim)


def _counted(
    summary: HeadMeans, name: str, text: str, roles: tuple[str, ...], null: Interval | None = None
) -> Finding:
    """Return a finding on the share of heads that have one of `roles`."""
    places = [ROLES.index(role) for role in roles]
    value = float(np.isin(summary.roles, places).mean())
    low, high = bounds(summary.role_shares[:, places].sum(axis=1), summary.clusters)
    ends = max(float(low), 0.0), min(float(high), 1.0)
    interval = ends if summary.clusters >= LEAST else None
    return _finding(summary, name, text, value, interval, null)


def _finding(
    summary: PlainMeans,
    name: str,
    text: str,
    value: float,
    interval: Interval | None,
    null: Interval | None,
    claim: Claim | None = None,
) -> Finding:
    """Return a finding."""
    return Finding(
        id=f"{summary.kind}-{name}",
        statement=text,
        value=value,
        n=summary.records,
        interval=interval,
        clusters=summary.clusters,
        null=null,
        null_says=UNIFORM if null else "",
        claim=claim,
    )


def _count(summary: HeadMeans, role: str) -> int:
    return int((summary.roles == ROLES.index(role)).sum())


def _texts(summary: PlainMeans) -> str:
    return "one text" if summary.records == 1 else f"{summary.records} texts"


def _s(number: int) -> str:
    """Return the ending of a verb."""
    return "s" if number == 1 else ""


def _where(summary: PlainMeans, run: Run) -> str:
    first, last = run
    if last - first + 1 == summary.layers > 1:
        return f"In all {count(summary.layers)} layers{PLACES[summary.kind]}"
    layers = f"In layer {first}" if first == last else f"From layer {first} to {last}"
    return layers + PLACES[summary.kind]


def _special_names(summary: PlainMeans) -> str:
    names = summary.special
    return listed(names) if 0 < len(names) <= 3 else "special tokens"
