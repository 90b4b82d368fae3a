"""What is known of each text with a mention or in a minimal pair, as one model read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ...array_types import Doubles
from ...corpus import GroupKey, Record, across_corpora, cluster_of, group_key
from ...results.shapes import Cell
from ..analysis import Read
from ..choice import ANSWER, PRONOUN, UNTRAINED_HEADS, WHO
from ..mentions import HEADS, WAYS

ARTICLES = {"a", "an", "the", "my", "his", "her", "our", "their", "one"}
OCCUPATION = {"occupation first": 0, "occupation second": 1}
"""Tags that say which candidate is named by an occupation."""
GENDERS = {"female", "male", "feminine", "masculine", "neutral", "she", "he", "they"}
"""Names of variants that differ in gender."""
Options = tuple[tuple[str, ...], Doubles]
"""Names, and shares [1 + copies, option]: the model's own, then those of untrained copies."""


@dataclass(frozen=True, slots=True)
class MentionText:
    """A text as one model read it: its record, what the model chose, and where it looked.

    `heads` is [layer, head, candidate] or None, `untrained` the same of untrained copies, [copy,
    ...]; `ways` has of each way to look [candidate]. Of the first text of a pair, `effects` is
    [indirect or direct, layer, head] and `odds` its row.
    """

    model: str
    corpus: str
    record: Record
    chosen: Mapping[str, Options]
    heads: Doubles | None
    ways: Mapping[str, Doubles]
    untrained: Doubles | None = None
    effects: Doubles | None = None
    odds: Mapping[str, Cell] | None = None

    @property
    def cluster(self) -> tuple[str, str]:
        """Return what the text counts with: its corpus and its frame or group, or itself."""
        return cluster_of(self.record, self.corpus)

    @property
    def answer(self) -> int | None:
        """Return the place of the right candidate, None where none is given."""
        candidates, answer = self.record.candidates, self.record.answer
        return candidates.index(answer) if answer in candidates else None

    @property
    def occupation(self) -> str:
        """Return the candidate that the tags call an occupation, else all of them, bare."""
        names = [bare(one.text) for one in self.record.candidates]
        for tag, at in OCCUPATION.items():
            if tag in self.record.tags and at < len(names):
                return names[at]
        return ", ".join(names)


def bare(name: str) -> str:
    """Return a noun without its article."""
    words = name.split()
    return " ".join(words[1:] if words and words[0].lower() in ARTICLES else words)


def texts_of(reads: Iterable[Read]) -> list[MentionText]:
    """Return the texts that have candidates or belong to a group; only small numbers are held."""
    return [_text(read) for read in reads if _wanted(read.capture.record)]


def _wanted(record: Record) -> bool:
    """Say whether a text is about who is meant, or about gender."""
    gendered = bool(record.group) and (record.variant or "").lower() in GENDERS
    return bool(record.candidates or (record.mention and record.group)) or gendered


def _text(read: Read) -> MentionText:
    chosen: dict[str, Options] = {}
    for name in (WHO, PRONOUN, ANSWER):
        found = read.results["choice"].partial(name) if "choice" in read.results else None
        if found is not None:
            chosen[name] = found.labels, np.asarray(found.values, np.float64)
    looked = read.results.get("mentions")
    heads = looked.partial(HEADS) if looked else None
    ways = {
        name: np.asarray(found.values, np.float64)
        for name in WAYS
        if looked and (found := looked.partial(name)) is not None
    }
    return MentionText(
        model=read.model.name,
        corpus=read.corpus,
        record=read.capture.record,
        chosen=chosen,
        heads=None if heads is None else np.asarray(heads.values, np.float64),
        ways=ways,
        untrained=_untrained(read),
        effects=_effects(read),
        odds=_odds(read),
    )


def _untrained(read: Read) -> Doubles | None:
    found = read.results["choice"].partial(UNTRAINED_HEADS) if "choice" in read.results else None
    return None if found is None else np.asarray(found.values, np.float64)


def _effects(read: Read) -> Doubles | None:
    """Return the effects in the map that reads the text, where the pair could be asked."""
    grids = read.results["causal"].grids if "causal" in read.results else ()
    return next((one.values for one in grids if one.kind in ("self", "encoder")), None)


def _odds(read: Read) -> Mapping[str, Cell] | None:
    table = read.results["causal"].tables.get("odds") if "causal" in read.results else None
    return dict(zip(table.columns, table.rows[0], strict=True)) if table else None


@dataclass(frozen=True, slots=True)
class MentionPair:
    """Two texts of one group that differ in their variant, in the order of its name."""

    first: MentionText
    second: MentionText

    @property
    def variants(self) -> tuple[str, str]:
        """Return the names of both variants."""
        return str(self.first.record.variant), str(self.second.record.variant)

    @property
    def same_mention(self) -> bool:
        """Return whether both texts ask about the same word."""
        one, other = self.first.record.mention, self.second.record.mention
        return bool(one and other and one.text.lower() == other.text.lower())


def by_group(texts: Sequence[MentionText]) -> Iterator[list[MentionText]]:
    """Yield the texts of each group, in order."""
    across = across_corpora((text.corpus, text.record) for text in texts)
    found: dict[GroupKey, list[MentionText]] = {}
    for text in texts:
        if (key := group_key(text.corpus, text.record, across)) is not None:
            found.setdefault(key, []).append(text)
    return iter(found.values())


def pairs_of(texts: Sequence[MentionText]) -> Iterator[MentionPair]:
    """Yield every two texts of a group that differ in their variant: the first one of each."""
    for group in by_group(texts):
        variants: dict[str, MentionText] = {}
        for text in group:
            if text.record.variant:
                variants.setdefault(text.record.variant, text)
        for one, other in combinations(sorted(variants), 2):
            yield MentionPair(variants[one], variants[other])
