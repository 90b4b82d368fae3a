"""Random tokens said twice: which heads look for an earlier copy when nothing else is there.

Olsson et al. 2022, "In-context Learning and Induction Heads". Computed in `probes`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..array_types import Doubles, Indices
from ..capture import Kind
from ..names import head_label
from ..results.columns import Columns, Number, Tables, Words
from ..results.levels import ATTENTION, NATS, Claim
from ..results.shapes import Cell, Finding, Grid, Partial, Result, Table
from ..results.survival import Way
from ..results.ways import sizes_of, ways_of
from ..results.wording import percent, say, sentence
from ..statistics.bootstrap import Estimate, Interval, estimate
from .analysis import ModelProbe

if TYPE_CHECKING:
    from ..models import LoadedModel
    from ..probes.repeated import Twice


MEASURES = ("induction", "duplicate")
METRICS = (*MEASURES, *(f"{name}_null" for name in MEASURES))
"""Where the second half is a copy, and where it is not."""
Part = tuple[slice, slice]
"""The sequences that choose a head, and those that measure it."""
ODD, EVEN = slice(1, None, 2), slice(0, None, 2)
HEAD_PARTS: Mapping[str, Part] = {
    "as told": (EVEN, ODD),
    "chosen by the other half": (ODD, EVEN),
    "in a quarter of the sequences": (EVEN, slice(1, None, 4)),
    "in another quarter": (EVEN, slice(3, None, 4)),
}
COPY_PARTS: Mapping[str, Part] = {
    "all sequences": (EVEN, ODD),
    "one half of the sequences": (slice(0, None, 4), slice(2, None, 4)),
    "the other half": (slice(1, None, 4), slice(3, None, 4)),
}
SIZES = (8, 16)
"""Of how many sequences a claim is made, too, where there are more."""
COPYING = "twice-loss"
COPY = ("second half", "nats", "low", "high", "n")
TABLES: Tables = {
    "copy": Columns(
        {
            "second half": Words(("a copy", "no copy")),
            **dict.fromkeys(("nats", "low", "high"), Number(0)),
            "n": Number(1, whole=True),
        },
        rows=2,
        optional=True,
        unique=("second half",),
    )
}
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
    grids, findings, ways = [], list[Finding](), list[Partial]()
    for kind, shares in found.copy_attention.items():
        whole = np.concatenate([shares[0], shares[1]])  # [metric, sequence, layer, head]
        grids.append(_grid(kind, whole))
        for place, name in enumerate(MEASURES):
            findings.append(_strongest(kind, name, shares[:, place]))
            claim = partial(_gain_of_head, shares[:, place])
            ways += _ways(findings[-1].id, shares.shape[2], claim, HEAD_PARTS)
    rows: list[tuple[Cell, ...]] = []
    if found.loss is not None:
        rows = [
            (name, *_numbers(estimate(values[:, None])), len(values))
            for name, values in zip(("a copy", "no copy"), found.loss, strict=True)
        ]
        findings.insert(0, _copying(found.loss))
        claim = partial(_gain_of_copy, found.loss)
        ways += _ways(COPYING, found.loss.shape[1], claim, COPY_PARTS)
    tables = {"copy": Table(COPY, tuple(rows))} if rows else {}
    return Result(
        ANALYSIS.name,
        grids=tuple(grids),
        tables=tables,
        findings=tuple(findings),
        partials=tuple(ways),
    )


def _ways(
    of: str, sequences: int, claim: Callable[[Indices, Indices], Claim], parts: Mapping[str, Part]
) -> tuple[Partial, Partial]:
    """Return a claim over parts of the sequences, and over ever more of them.

    `claim` is given the sequences that choose a head, and those that measure it. Parts too small
    for an interval are no way.
    """
    named, every = (ANALYSIS.name, of), np.arange(sequences)
    found = (
        Way(name, claim(every[chosen], every[measured]))
        for name, (chosen, measured) in parts.items()
    )
    ways = [way for way in found if way.claim.interval]
    sizes = [size for size in SIZES if size < sequences] + [sequences]
    grown = [(size, claim(every[:size:2], every[1:size:2])) for size in sizes]
    return ways_of(named, ways), sizes_of(named, grown)


def _gain_of_head(shares: Doubles, chosen: Indices, measured: Indices) -> Claim:
    """Return the claim of the head that some sequences choose, measured on others."""
    gains = shares[0] - shares[1]
    layer, head = np.unravel_index(gains[chosen].mean(axis=0).argmax(), gains.shape[1:])
    found = estimate(gains[measured, layer, head][:, None])
    return Claim(float(found.value[0]), found.interval(0), (0.0, 0.0), ATTENTION)


def _gain_of_copy(loss: Doubles, chosen: Indices, measured: Indices) -> Claim:
    """Return the claim that copies cost less, over all these sequences."""
    found = estimate((loss[1] - loss[0])[np.concatenate([chosen, measured])][:, None])
    return Claim(float(found.value[0]), found.interval(0), (0.0, 0.0), NATS)


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
    amounts = f"gives {WHERE[name]} {percent(value)}, {percent(chance)} where nothing is repeated"
    one = f"some {stack}head is {NAMES[name]}"
    text = f"On random tokens said twice, {one}: {label} {amounts}."
    if claim.level() == "holds":
        give = "gives" if passing == 1 else "give"
        text += f" {passing} of {heads} {stack}heads {give} it {100 * ATTENTION:.0f} points more."
    plain = f"On random tokens said twice, {stack}{label} {amounts}."
    return Finding(
        f"{kind}-twice-{name}",
        text,
        plain=plain,
        value=value,
        n=len(copy),
        interval=_pair(found, 0),
        null=_pair(found, 1),
        null_says=NULL_SAYS,
        claim=claim,
    )


def _times(factor: float) -> str:
    """Return a factor; of one near 1, what it differs by counts, and has two decimals."""
    return f"{factor:.2f}" if factor < 2 else say(factor)


def _copying(loss: Doubles) -> Finding:
    """Say how much likelier a token is the second time; `loss` is [2, sequence] in nats."""
    copy, other = loss
    found = estimate(np.stack([copy, other, other - copy], axis=1))
    claim = Claim(float(found.value[2]), _pair(found, 2), (0.0, 0.0), NATS)
    value, times = float(found.value[0]), math.exp(claim.value)
    plain = (
        f"random tokens said a second time are {_times(times)} times as probable as where nothing "
        "is repeated"
    )
    text = f"The model copies from its context: {plain}"
    return Finding(
        COPYING,
        f"{text}.",
        plain=f"{sentence(plain)}.",
        value=value,
        n=len(copy),
        interval=_pair(found, 0),
        null=_pair(found, 1),
        null_says="what a token costs, in nats, where nothing is repeated",
        claim=claim,
    )


def _numbers(found: Estimate) -> Iterator[float]:
    return (float(part[0]) for part in (found.value, found.low, found.high))


def _pair(found: Estimate, column: int) -> Interval | None:
    return found.interval(column)


ANALYSIS = ModelProbe(
    name="repeated_tokens",
    tables=TABLES,
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
