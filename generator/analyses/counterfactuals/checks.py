"""CheckList's kinds of expectation that speak of pairs: what stays, and what moves one way.

Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with CheckList", section
2.2: invariance and directional expectation. (The third, minimum functionality, needs a label.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...names import key_part
from ...results.shapes import Cell
from ...statistics.clusters import share_interval
from .pairs import ChangedPair

CHECKS = ("model", "key", "kind", "label", "variant", "n", "clusters", "share", "low", "high")
STAYS, RISES, FALLS = "must_not_change", "must_rise", "must_fall"


def checks(model: str, pairs: Sequence[ChangedPair]) -> Iterator[tuple[Cell, ...]]:
    """Yield rows of CHECKS: in what share of a model's pairs the answer stays, or a label moves.

    Of all pairs, then, where there are several changed variants, of each. A cluster is a group of
    texts, or all of one frame; Wilson's interval counts each once.
    """
    yield from _of_variant(model, pairs, "")
    variants = dict.fromkeys(str(pair["second_variant"]) for pair in pairs)
    for name in variants if len(variants) > 1 else ():
        yield from _of_variant(model, [p for p in pairs if p["second_variant"] == name], name)


def _of_variant(
    model: str, pairs: Sequence[ChangedPair], variant: str
) -> Iterator[tuple[Cell, ...]]:
    answered = [pair for pair in pairs if pair["flips"]]
    stays = [pair["flips"] == "no" for pair in answered]
    if answered:
        yield model, *_row(STAYS, "", variant, answered, stays)
    for label in dict.fromkeys(name for pair in pairs for name in pair.shares):
        told = [pair for pair in pairs if label in pair.shares]
        moved = [pair.shares[label][1] - pair.shares[label][0] for pair in told]
        yield model, *_row(RISES, label, variant, told, [by > 0 for by in moved])
        yield model, *_row(FALLS, label, variant, told, [by < 0 for by in moved])


def _row(
    kind: str, label: str, variant: str, pairs: Sequence[ChangedPair], held: Sequence[bool]
) -> tuple[Cell, ...]:
    key = ".".join([kind, *(key_part(part) for part in (label, variant) if part)])
    clusters = len({pair.cluster for pair in pairs})
    share = sum(held) / len(held)
    low, high = share_interval(share, clusters) or (None, None)
    return key, kind, label, variant, len(pairs), clusters, share, low, high
