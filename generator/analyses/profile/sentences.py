"""Sentences about the heads of one model, each with n, an interval and what chance gives.

A claim is made only where the estimate differs from uniform attention by a margin and the
interval of that difference, taken record by record, leaves out zero. Where nothing does, that is
what the sentence says.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...names import head_label
from ...results.levels import Claim
from ...results.shapes import Finding
from ...results.wording import count, listed, say, sentence
from ...statistics.bootstrap import LEAST, Interval, bounds
from .comparisons import LayerComparison, Run, by_layer, longest_run
from .means import HeadMeans
from .roles import MARGIN, PATTERNS, PHRASES, ROLES

REST_MARGIN = 0.1
"""How much more than uniform attention a layer must put on tokens to rest on them."""
SHIFT = 0.1
"""By what share entropy or distance must differ from uniform attention's to be called different."""
UNIFORM = "with uniform attention"
PLACES = {
    "self": "",
    "encoder": " of the encoder",
    "decoder": " of the decoder",
    "cross": " of the cross-attention",
}
HEADS = {"self": "", "encoder": "encoder ", "decoder": "decoder ", "cross": "cross-attention "}
FOLLOWS = {
    "previous": ("follows", "follow", "the token before"),
    "next": ("follows", "follow", "the token after"),
    "self": ("stays", "stay", "on the token itself"),
    "punctuation": ("goes", "go", "to punctuation"),
    "induction": ("goes", "go", "to what followed an earlier copy"),
    "duplicate": ("goes", "go", "to earlier copies of the same token"),
}


def findings(summary: HeadMeans) -> tuple[Finding, ...]:
    """Return the sentences about one kind of map."""
    return tuple(tell(summary) for tell in TOLD[summary.kind])


def attention_on_special(summary: HeadMeans) -> Finding:
    """Say in which layers attention rests on special tokens (the first token if there are none)."""
    metric = "special" if summary.special or summary.kind == "cross" else "first"
    token = _special_names(summary) if metric == "special" else "the first token"
    layers = by_layer(summary, metric)
    marked = [layers.compared((one, one)).beyond(REST_MARGIN) for one in range(summary.layers)]
    run = longest_run(marked)
    found = layers.compared(run or summary.all_layers)
    if run:
        text = (
            f"{_where(summary, run)}, {say(found.value)} of attention rests on {token}; "
            f"uniform attention would put {say(found.null)} there."
        )
    else:
        text = (
            f"No layer{PLACES[summary.kind]} rests on {token}: {say(found.value)} of attention "
            f"goes there, and uniform attention would put {say(found.null)} there; "
            f"{found.not_ruled_out()}."
        )
    return _measured(summary, "rest", text, found, found.claim)


def reach(summary: HeadMeans) -> Finding:
    """Say how far attention looks, against uniform attention."""
    found = by_layer(summary, "distance").compared(summary.all_layers)
    far, chance = say(found.value), say(found.null)
    nearer = found.beyond(-SHIFT * found.null)
    different = nearer or found.beyond(SHIFT * found.null)
    if different:
        text = (
            f"Attention looks {'near' if nearer else 'far'}: {far} tokens away on average, where "
            f"uniform attention would look {chance} away."
        )
    else:
        text = (
            f"Attention looks about as far as chance: {far} tokens away on average, where uniform "
            f"attention would look {chance} away; {found.not_ruled_out(' tokens')}."
        )
    return _measured(summary, "reach", text, found)


def spread(summary: HeadMeans) -> Finding:
    """Say how evenly attention is spread, against uniform attention."""
    found = by_layer(summary, "entropy").compared(summary.all_layers)
    over = f"Over all layers{PLACES[summary.kind]}"
    narrower = found.beyond(-SHIFT * found.null)
    if narrower:
        text = (
            f"{over}, attention is narrower than chance: its entropy is {say(found.value)} nats, "
            f"and uniform attention over the same tokens has {say(found.null)}."
        )
    else:
        text = (
            f"{over}, attention is spread about as widely as chance: its entropy is "
            f"{say(found.value)} of at most {say(found.null)} nats; "
            f"{found.not_ruled_out(' nats')}."
        )
    return _measured(summary, "spread", text, found)


def patterns(summary: HeadMeans) -> Finding:
    """Say how many heads have a pattern about the tokens of the text, and which."""
    counts = {name: _count(summary, name) for name in FOLLOWS}
    of = f"of {summary.heads} {HEADS[summary.kind]}heads"
    if any(counts.values()):
        said = [f"{count(n)} {_follow(name, n)}" for name, n in counts.items() if n]
        said[0] = said[0].replace(" ", f" {of} ", 1)
        text = (
            f"{sentence(listed(said))}: at least {MARGIN} more of the attention goes there than "
            "uniform attention would put."
        )
    else:
        text = (
            f"None {of} follows the token before or after, stays on the token itself, or goes to "
            f"punctuation or to earlier copies; {_closest(summary)}."
        )
    return _counted(summary, "habits", text, tuple(FOLLOWS), (0.0, 0.0))


def unnamed(summary: HeadMeans) -> Finding:
    """Say how many heads have no role: what these numbers do not know."""
    number = _count(summary, "none")
    heads = f"{summary.heads} {HEADS[summary.kind]}heads"
    if not number:
        text = f"All {heads} have a role: a habit, a place to rest, or near-uniform attention."
    else:
        have = "has" if number == 1 else "have"
        who = f"none of the {heads} has a" if number == summary.heads else ""
        who = who or f"{count(number)} of {heads} {have} no"
        text = f"{sentence(who)} role: what stands out in them is none of the habits named here."
    return _counted(summary, "unnamed", text, ("none",))


TOLD: dict[str, tuple[Callable[[HeadMeans], Finding], ...]] = {
    "self": (patterns, attention_on_special, reach, spread, unnamed),
    "encoder": (patterns, attention_on_special),
    "decoder": (patterns,),
    "cross": (attention_on_special, spread),
}
"""What is told of each kind of map: at most five sentences a model."""


def _measured(
    summary: HeadMeans,
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
    interval = (float(low), float(high)) if summary.clusters >= LEAST else None
    return _finding(summary, name, text, value, interval, null)


def _finding(
    summary: HeadMeans,
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


def _follow(name: str, number: int) -> str:
    one, many, where = FOLLOWS[name]
    return f"{one if number == 1 else many} {where}"


def _closest(summary: HeadMeans) -> str:
    """Name the head that comes nearest to a pattern about tokens of the text."""
    margins = summary.measures().margins[: len(FOLLOWS)]
    place, layer, head = np.unravel_index(np.nanargmax(margins), margins.shape)
    more = say(max(float(margins[place, layer, head]), 0.0))
    return (
        f"{head_label(int(layer), int(head))} comes nearest, with {more} more than uniform "
        f"attention on {PHRASES[PATTERNS[place]]}"
    )


def _where(summary: HeadMeans, run: Run) -> str:
    first, last = run
    if last - first + 1 == summary.layers > 1:
        return f"In all {count(summary.layers)} layers{PLACES[summary.kind]}"
    layers = f"In layer {first}" if first == last else f"From layer {first} to {last}"
    return layers + PLACES[summary.kind]


def _special_names(summary: HeadMeans) -> str:
    names = summary.special
    return listed(names) if 0 < len(names) <= 3 else "special tokens"
