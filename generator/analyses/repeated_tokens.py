"""Random tokens said twice: which heads look for an earlier copy when nothing else is there.

Olsson et al. 2022, "In-context Learning and Induction Heads". Computed in `probes`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..array_types import Doubles
from ..capture import Kind
from ..names import head_label
from ..results.levels import ATTENTION, NATS, Claim
from ..results.shapes import Cell, Finding, Grid, Result, Table
from ..results.wording import say
from ..statistics.bootstrap import Estimate, Interval, estimate
from .analysis import ModelProbe

if TYPE_CHECKING:
    from ..models import LoadedModel
    from ..probes.repeated import Twice


MEASURES = ("induction", "duplicate")
METRICS = (*MEASURES, *(f"{name}_null" for name in MEASURES))
"""Where the second half is a copy, and where it is not."""
COPY = ("second half", "nats", "low", "high", "n")
NULL_SAYS = "the same head where the second half is no copy"
WHERE = {"induction": "the token after the earlier copy", "duplicate": "the earlier copy itself"}
NAMES = {"induction": "an induction head", "duplicate": "a duplicate-token head"}
STACKS: dict[Kind, str] = {"self": "", "encoder": "encoder ", "decoder": "decoder "}


def compute(loaded: LoadedModel) -> Result:
    """Return a Grid of METRICS per stack, with intervals over sequences, and the table `copy`.

    The sentences are about the head that was strongest in one half of the sequences, measured in
    the other half. Nothing for a model that takes too few tokens.
    """
    from ..probes.repeated import said_twice

    found = said_twice(loaded)
    return Result(ANALYSIS.name) if found is None else described(found)


def described(found: Twice) -> Result:
    """Return what was measured, as numbers and as sentences."""
    grids, findings = [], list[Finding]()
    for kind, shares in found.copy_attention.items():
        whole = np.concatenate([shares[0], shares[1]])  # [metric, sequence, layer, head]
        grids.append(_grid(kind, whole))
        findings += [
            _strongest(kind, name, shares[:, place]) for place, name in enumerate(MEASURES)
        ]
    rows: list[tuple[Cell, ...]] = []
    if found.loss is not None:
        rows = [
            (name, *_numbers(estimate(values[:, None])), len(values))
            for name, values in zip(("a copy", "no copy"), found.loss, strict=True)
        ]
        findings.insert(0, _copying(found.loss))
    tables = {"copy": Table(COPY, tuple(rows))} if rows else {}
    return Result(ANALYSIS.name, grids=tuple(grids), tables=tables, findings=tuple(findings))


def _grid(kind: Kind, values: Doubles) -> Grid:
    """Return the means over sequences of [metric, sequence, layer, head]."""
    metrics, sequences, layers, heads = values.shape
    flat = np.moveaxis(values, 1, 0).reshape(sequences, -1)
    found = estimate(flat).reshape(metrics, layers, heads)
    return Grid(kind, METRICS, found.value, None, found.low, found.high, found.n)


def _strongest(kind: Kind, name: str, shares: Doubles) -> Finding:
    """Say what the strongest head does; `shares` is [2, sequence, layer, head]."""
    above = (shares[0] - shares[1]).mean(axis=0)
    heads, passing = above.size, int((above >= ATTENTION).sum())
    chosen = (shares[0] - shares[1])[::2].mean(axis=0)
    layer, head = (int(place) for place in np.unravel_index(chosen.argmax(), chosen.shape))
    copy, other = shares[:, 1::2, layer, head]
    rows = np.stack([copy, other, copy - other], axis=1)
    found = estimate(rows)
    value, chance, gain = map(float, found.value)
    claim = Claim(gain, _pair(found, 2), (0.0, 0.0), ATTENTION)
    label, stack = head_label(layer, head), STACKS[kind]
    amounts = f"{say(value)} of its attention goes to {WHERE[name]}, "
    amounts += f"{say(chance)} where the second half is no copy"
    level = claim.level()
    if level == "holds":
        text = f"On random tokens said twice, {stack}{label} is {NAMES[name]}: {amounts}; "
        text += f"{passing} of {heads} {stack}heads lie at least {ATTENTION:.0%} above that"
    else:
        no = f"no {stack}head is {NAMES[name]}"
        no = no if level == "does not hold" else f"it stays open whether {stack}{label} is one"
        text = f"On random tokens said twice, {no}: {label} comes nearest, and {amounts}"
    return Finding(
        f"{kind}-twice-{name}", f"{text}.", value=value, n=len(copy), interval=_pair(found, 0),
        null=_pair(found, 1), null_says=NULL_SAYS, claim=claim,
    )  # fmt: skip


def _copying(loss: Doubles) -> Finding:
    """Say what a token costs the second time; `loss` is [2, sequence] in nats."""
    copy, other = loss
    found = estimate(np.stack([copy, other, other - copy], axis=1))
    claim = Claim(float(found.value[2]), _pair(found, 2), (0.0, 0.0), NATS)
    value, chance = float(found.value[0]), float(found.value[1])
    text = f"Random tokens cost {say(value)} nats each when they are said a second time, and "
    text += f"{say(chance)} where nothing is copied: "
    text += {
        "holds": "the model copies from its context",
        "does not hold": "the model hardly copies from its context",
    }.get(claim.level(), "whether the model copies from its context stays open")
    return Finding(
        "twice-loss", f"{text}.", value=value, n=len(copy), interval=_pair(found, 0),
        null=_pair(found, 1), null_says="where the second half is no copy", claim=claim,
    )  # fmt: skip


def _numbers(found: Estimate) -> Iterator[float]:
    return (float(part[0]) for part in (found.value, found.low, found.high))


def _pair(found: Estimate, column: int) -> Interval | None:
    return found.interval(column)


ANALYSIS = ModelProbe(
    name="repeated_tokens",
    title="Random tokens said twice",
    about=(
        "The model reads sequences of random tokens, the second half of which repeats the first: "
        "nothing is there to be found but the earlier copy. Measured is how much of each head’s "
        "attention goes from a token of the second half to the token after its earlier copy "
        "(induction) and to the copy itself (duplicate tokens), and, where the model predicts the "
        "next token, what a token of the second half costs."
    ),
    reading=(
        "Chance is the same head on sequences of the same length whose second half is no copy. "
        "A head that copies in texts but not here does something else there, such as following a "
        "word that often comes next; one that copies here and not in texts has had little to copy."
    ),
    limits=(
        "Random tokens are unlike any text. A model without positions that reach this far, or "
        "trained on short texts, may copy in texts and fail here. Large models read eight "
        "sequences, small ones 32; intervals over so few are rough."
    ),
    cite=(
        "Olsson et al. 2022, In-context Learning and Induction Heads, "
        "https://arxiv.org/abs/2209.11895"
    ),
    compute=compute,
)
