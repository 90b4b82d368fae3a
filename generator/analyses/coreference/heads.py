"""Each head of a model: how much it looks from mentions at candidates, and what that moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from ...array_types import Doubles
from ...names import head_label
from ...results.shapes import Cell, Finding
from ...statistics.best_of_many import BestHead, best_head
from ...statistics.bootstrap import Estimate, Groups, estimate
from .texts import MentionText, by_group

HEADS = (
    "model", "layer", "head", "name", "texts", "to_candidates", "right", "pairs", "indirect",
    "indirect_low", "indirect_high", "direct", "direct_low", "direct_high",
)  # fmt: skip
EFFECTS = (
    "model", "corpus", "group", "first_record", "second_record", "asked", "first_odds",
    "second_odds", "total", "all_indirect", "all_direct", "second_corpus",
)  # fmt: skip
FEWEST = 10
"""Pairs from which on a head is named: half of them choose it, half of them measure it."""


def head_rows(texts: Sequence[MentionText]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of HEADS for each head: means over texts with a mention, and over pairs.

    `to_candidates` is the attention from the mention to all candidates together, `right` the share
    of texts with an answer where the right candidate gets most of it. `indirect` and `direct` are
    effects of swapping its attention within pairs, with 95% intervals.
    """
    looks, right = _looks(texts), _right(texts)
    swapped = [text for text in texts if text.effects is not None]
    effects = [text.effects for text in swapped if text.effects is not None]
    shape = looks.shape[1:] if looks.size else (effects[0].shape[1:] if effects else ())
    groups = [text.cluster for text in swapped]
    moved = _means([one.ravel() for one in effects], groups, shape) if effects else None
    for place in np.ndindex(*shape) if shape else ():
        layer, head = place
        share = None if right is None else float(right[place])
        mean = float(looks[:, layer, head].mean()) if looks.size else None
        start = (texts[0].model, layer, head, head_label(layer, head))
        yield (*start, len(looks), mean, share, len(effects), *_moved(moved, layer, head))


def _means(rows: list[Doubles], groups: Groups, shape: tuple[int, ...]) -> Estimate:
    """Return the means over pairs [2, layer, head]; those of one frame are drawn together."""
    return estimate(rows, groups=groups).reshape(2, *shape)


def _looks(texts: Sequence[MentionText]) -> Doubles:
    """Return attention to all candidates together, [text, layer, head]."""
    known = [text.heads.sum(axis=-1) for text in texts if text.heads is not None]
    return np.stack(known) if known else np.zeros(0)


def _right(texts: Sequence[MentionText]) -> Doubles | None:
    """Return how often each head looks most at the right candidate, [layer, head]."""
    known = [(t.heads, t.answer) for t in texts if t.heads is not None and t.answer is not None]
    found = [heads.argmax(axis=-1) == answer for heads, answer in known]
    return np.mean(found, axis=0, dtype=np.float64) if found else None


def _moved(moved: Estimate | None, layer: int, head: int) -> tuple[Cell, ...]:
    if moved is None:
        return (None,) * 6
    parts = (
        part[side, layer, head] for side in (0, 1) for part in (moved.value, moved.low, moved.high)
    )
    return tuple(float(one) if np.isfinite(one) else None for one in parts)


def effect_rows(texts: Sequence[MentionText]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of EFFECTS for each pair that could be asked, the largest total effect first."""
    known = [(t, t.odds) for t in texts if t.odds is not None and t.odds["total"] is not None]
    others = _others(texts)
    for text, odds in sorted(known, key=lambda one: -abs(float(one[1]["total"] or 0))):
        numbers = (odds[name] for name in EFFECTS[5:-1])
        record = text.record
        second = others[id(text)]
        start = (text.model, text.corpus, record.group, record.id, second.record.id)
        yield (*start, *numbers, second.corpus)


def _others(texts: Sequence[MentionText]) -> dict[int, MentionText]:
    """Return the second text of each group, by its first: the next that differs in its variant."""
    found: dict[int, MentionText] = {}
    for first, *rest in by_group(texts):
        for text in rest:
            if text.record.variant != first.record.variant:
                found.setdefault(id(first), text)
    return found


def why_not(texts: Sequence[MentionText]) -> Iterator[str]:
    """Yield in a sentence each how many pairs have no odds that could move, and why."""
    asked = [text.odds for text in texts if text.odds is not None]
    reasons = Counter(str(odds["why_not"]) for odds in asked if odds["why_not"])
    for reason, count in reasons.most_common():
        have = "has" if count == 1 else "have"
        yield f"{count} of {len(asked)} pairs {have} no odds that could move: {reason}."


def head_finding(texts: Sequence[MentionText]) -> Finding | None:
    """Return which head moves the odds most: chosen by half of the pairs, measured on the rest."""
    known = [text for text in texts if text.effects is not None]
    if len(known) < FEWEST:
        return None
    effects = np.stack([np.abs(t.effects[0]).ravel() for t in known if t.effects is not None])
    best = best_head(effects)
    if best is None:
        return None
    width = known[0].effects.shape[2] if known[0].effects is not None else 1
    return _said(known[0].model, best, head_label(*divmod(best.head, width)))


def _said(model: str, best: BestHead, name: str) -> Finding:
    return Finding(
        id=f"causal-{model}",
        key="causal",
        model=model,
        statement=(
            f"Where {name} of {model} looks moves the odds most: swapped alone, by "
            f"{best.value:.1%}, in pairs not used to choose it."
        ),
        value=best.value,
        n=best.n,
        interval=best.interval,
        among=None,
    )
