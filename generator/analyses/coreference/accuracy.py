"""How often each way to look finds whom the mention means, beside rules that read nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ...array_types import Doubles
from ...names import head_label
from ...results.levels import PROBABILITY, Claim
from ...results.shapes import Cell, Finding
from ...results.wording import counted, percent
from ...statistics.bootstrap import LEAST
from ...statistics.clusters import share_interval
from ...statistics.paired import paired_mean
from ...statistics.splits import GroupSplitter
from ..choice import WHO
from .texts import MentionText

ACCURACY = ("model", "way", "texts", "right", "accuracy", "low", "high")
BEST = "best head of the other half"
NEAREST, FIRST = "nearest candidate", "first candidate"
OWN = {
    "attention": "most attention, all heads",
    "rollout": "rollout",
    "relevance": "relevance",
    "saliency": "saliency",
    "choice": "the model’s own choice",
}


@dataclass(frozen=True, slots=True)
class Guessed:
    """One way to find whom a mention means: 1 where it is right, [text], with their clusters."""

    model: str
    way: str
    right: tuple[float, ...]
    clusters: tuple[object, ...]

    @property
    def accuracy(self) -> float:
        """Return the share that is right."""
        return float(np.mean(self.right))

    @property
    def interval(self) -> tuple[float, float] | None:
        """Return the 95% interval over clusters, None where they are few."""
        if len(set(self.clusters)) < LEAST:
            return None
        if len(set(self.right)) == 1:
            count = len(set(self.clusters))
            return share_interval(round(self.accuracy), count)
        found = paired_mean(self.right, self.clusters).interval
        return (max(found[0], 0.0), min(found[1], 1.0)) if found else None

    @property
    def row(self) -> tuple[Cell, ...]:
        """Return a row of ACCURACY."""
        low, high = self.interval or (None, None)
        right = round(sum(self.right))
        return self.model, self.way, len(self.right), right, self.accuracy, low, high


def guesses(texts: Sequence[MentionText]) -> list[Guessed]:
    """Return what each way to look, each rule and the best head of the other half get right."""
    asked = [text for text in texts if text.answer is not None and text.record.mention]
    found = []
    for way, words in OWN.items():
        own = [text for text in asked if way in text.ways]
        if own:
            found.append(_guessed(words, own, partial(_most, way)))
    found += [one for one in (_best_head(asked), _best_untrained(asked)) if one]
    if asked:
        found += [_guessed(words, asked, rule) for words, rule in RULES.items()]
    return found


def _guessed(
    way: str, texts: Sequence[MentionText], guess: Callable[[MentionText], int]
) -> Guessed:
    right = tuple(float(guess(text) == text.answer) for text in texts)
    return Guessed(texts[0].model, way, right, tuple(text.cluster for text in texts))


def _most(way: str, text: MentionText) -> int:
    return int(text.ways[way].argmax())


def _nearest(text: MentionText) -> int:
    """Return the candidate that ends last before the mention, or else begins soonest after it."""
    mention = text.record.mention
    assert mention is not None  # or the text would not be asked
    before = [
        (one.end, at) for at, one in enumerate(text.record.candidates) if one.end <= mention.start
    ]
    after = [
        (one.start, at) for at, one in enumerate(text.record.candidates) if one.end > mention.start
    ]
    return max(before)[1] if before else min(after)[1]


def _first(text: MentionText) -> int:
    return min((one.start, at) for at, one in enumerate(text.record.candidates))[1]


RULES: Mapping[str, Callable[[MentionText], int]] = {NEAREST: _nearest, FIRST: _first}
"""The first candidate is the subject of most sentences."""


def _best_head(texts: Sequence[MentionText]) -> Guessed | None:
    """Return what the best head of one half gets right in the other, both ways round."""
    known = [(text, text.heads) for text in texts if text.heads is not None]
    clusters = tuple(text.cluster for text, _ in known)
    if len(set(clusters)) < 2:
        return None
    right = np.stack([_right(text, heads) for text, heads in known])
    of_other, chosen = _of_other_half(right, clusters)
    names = dict.fromkeys(head_label(*place) for place in chosen)
    way = f"{BEST} ({', '.join(names)})"
    return Guessed(known[0][0].model, way, of_other, clusters)


def _best_untrained(texts: Sequence[MentionText]) -> Guessed | None:
    """Return what the best heads of the untrained copies get right, as a mean over the copies."""
    known = [(text, text.untrained) for text in texts if text.untrained is not None]
    clusters = tuple(text.cluster for text, _ in known)
    if len(set(clusters)) < 2:
        return None
    found = [
        _of_other_half(np.stack([_right(text, heads[at]) for text, heads in known]), clusters)[0]
        for at in range(min(len(heads) for _, heads in known))
    ]
    mean = tuple(np.mean(found, axis=0).tolist())
    return Guessed(known[0][0].model, f"{BEST}, untrained copies", mean, clusters)


def _of_other_half(
    right: Doubles, clusters: Sequence[tuple[str, str]]
) -> tuple[tuple[float, ...], list[tuple[int, int]]]:
    """Return what the best head of the half that a text is not in makes of it, and both heads.

    `right` is [text, layer, head]. Texts of one cluster are in one half.
    """
    splitter = GroupSplitter()
    half = np.array([int(splitter.part(cluster)[0]) for cluster in clusters])
    chosen = []
    for part in (0, 1):
        layer, head = divmod(int(right[half == part].mean(axis=0).argmax()), right.shape[2])
        chosen.append((layer, head))
    return tuple(float(right[at][chosen[1 - part]]) for at, part in enumerate(half)), chosen


def _right(text: MentionText, heads: Doubles) -> Doubles:
    """Return 1 for each head that looks most at the right candidate, [layer, head]."""
    right: Doubles = (heads.argmax(axis=-1) == text.answer).astype(np.float64)
    return right


def finding(texts: Sequence[MentionText], found: Sequence[Guessed]) -> Finding | None:
    """Return how often the model's own choice is right; None where it has none.

    Beside it stand guessing and, where that does better, the best of the rules that read nothing:
    in texts whose answers mostly stand in one place, knowing the place is no reading.
    """
    own = next((one for one in found if one.way == OWN["choice"]), None)
    if own is None:
        return None
    asked = [t for t in texts if t.answer is not None and t.record.mention and "choice" in t.ways]
    chance = float(np.mean([1 / len(text.record.candidates) for text in asked]))
    copies = min(len(text.chosen[WHO][1]) for text in asked)
    twins = tuple(
        float(np.mean([t.chosen[WHO][1][at].argmax() == t.answer for t in asked]))
        for at in range(1, copies)
    )
    rule = max(
        (_guessed(words, asked, rule) for words, rule in RULES.items()),
        key=lambda one: one.accuracy,
    )
    null = (chance, max(chance, rule.accuracy))
    claim = Claim(own.accuracy, own.interval, null, PROBABILITY) if twins else None
    does = f"{own.model} itself chooses the candidate that is meant"
    share = f"in {round(sum(own.right))} of {counted(len(asked), 'text')} ({percent(own.accuracy)})"
    blind, gives = "guessing", percent(null[1])
    if rule.accuracy > chance:
        blind = f"always taking the {rule.way.removesuffix(' candidate')} one"
    return Finding(
        id=f"who-{own.model}",
        key="who",
        model=own.model,
        statement=f"{does} {share}, more often than {blind}: {gives}.",
        plain=f"{does} {share}; {blind} gives {gives}.",
        value=own.accuracy,
        n=len(asked),
        clusters=len(set(own.clusters)),
        interval=own.interval,
        null=null,
        null_says="guessing" if blind == "guessing" else f"guessing, and {blind}",
        claim=claim,
        twin=twins,
    )
