"""Dependency relations and fixed offsets in plain words, and the sentences about them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ...capture import Kind
from ...names import head_label
from ...results.levels import PROBABILITY, Claim
from ...results.shapes import Finding
from ...results.wording import counted, listed, sentence
from .all_records import ALL, RelationHead

RELATIONS = {
    "nsubj": ("a subject", "verb"),
    "nsubj:pass": ("the subject of a passive", "verb"),
    "obj": ("a direct object", "verb"),
    "iobj": ("an indirect object", "verb"),
    "obl": ("an adverbial noun", "verb"),
    "expl": ("an expletive", "verb"),
    "advcl": ("an adverbial clause", "main verb"),
    "advmod": ("an adverb", "head"),
    "ccomp": ("an object clause", "verb"),
    "xcomp": ("an open complement", "verb"),
    "csubj": ("a subject clause", "verb"),
    "nmod": ("a noun that modifies another", "noun"),
    "nmod:poss": ("a possessive", "noun"),
    "appos": ("an apposition", "noun"),
    "nummod": ("a number", "noun"),
    "acl": ("a clause that modifies a noun", "noun"),
    "acl:relcl": ("a relative clause", "noun"),
    "amod": ("an adjective", "noun"),
    "det": ("a determiner", "noun"),
    "case": ("a preposition", "noun"),
    "aux": ("an auxiliary", "verb"),
    "aux:pass": ("the auxiliary of a passive", "verb"),
    "cop": ("a copula", "predicate"),
    "mark": ("a subordinating word", "verb"),
    "conj": ("a conjunct", "first conjunct"),
    "cc": ("a coordinating word", "conjunct"),
    "compound": ("the first part of a compound", "noun"),
    "compound:prt": ("a particle", "verb"),
    "flat": ("a later part of a name", "first part"),
    ALL: ("a word", "syntactic head"),
}
"""Dependent and head of a relation: the universal ones, and subtypes of English treebanks."""
TOLD = 3
"""Relations that get a sentence of their own: those found that gain most, else the nearest."""
MARGIN = PROBABILITY
"""How much more than the best fixed offset a head must find to follow a relation."""
NAMED = 8
"""Relations that are named in one sentence."""
PLACES = {"encoder": "in the encoder, "}
SHUFFLED = "the best of as many heads with the words of each tree shuffled"


def relation_words(relation: str) -> tuple[str, str]:
    """Return what dependent and head of a relation are; an unknown one is quoted by its name."""
    return RELATIONS.get(relation) or (f"a word with the relation {quoted(relation)}", "head")


def quoted(relation: str) -> str:
    """Return a relation's name in quotes, not longer than a name should be."""
    return f"“{relation[:24]}”"


def offset_words(offset: int) -> str:
    """Return a fixed offset: `the word after`, `the third word before`."""
    numerals = ("", "", "second ", "third ", "fourth ", "fifth ", "sixth ", "seventh ", "eighth ")
    away, side = abs(offset), "after" if offset > 0 else "before"
    return f"the {numerals[away] if away < len(numerals) else f'{away}th '}word {side}"


def claimed(one: RelationHead) -> Claim:
    """Return the claim that a head finds more of a relation than the best fixed offset.

    Beyond that stands what the best of as many heads finds in shuffled trees: what is left of
    that above the offset is the null of the gain.
    """
    chance = max(0.0, one.null[1] - one.fixed)
    return Claim(one.gain, one.gain_interval, (0.0, chance), MARGIN)


def findings(kind: Kind, bests: Sequence[RelationHead], extent: tuple[int, int]) -> list[Finding]:
    """Return what is said of the relations: of all words, in sum, and of each.

    Those that gain most are told, and the others count.
    """
    if not bests:
        return []
    alone = [one for one in bests if one.relation != ALL]
    found = [_one(kind, one, extent) for one in bests if one.relation == ALL]
    if alone:
        found.append(_sum(kind, alone))
        gains = sorted(alone, key=_surely, reverse=True)
        sure = [one for one in gains if claimed(one).level() == "holds"]
        told = sure[:TOLD] or gains[:1]
        found += [_one(kind, one, extent) for one in told]
        rest = (one for one in alone if one not in told)
        found += [replace(_one(kind, one, extent), told=False) for one in rest]
    return found


def _surely(one: RelationHead) -> tuple[bool, float]:
    """Return what puts relations in order: those found first, then what they gain at least."""
    found = claimed(one).level() == "holds"
    return found, one.gain_interval[0] if found and one.gain_interval else one.gain


def _one(kind: Kind, one: RelationHead, extent: tuple[int, int]) -> Finding:
    """Say how often the best head of a relation finds it, beside the best fixed offset."""
    direction, layer, head = np.unravel_index(one.column, (2, *extent))
    dependent, above = relation_words(one.relation)
    seen = f", seen from the {above}," if direction else ""
    claim = claimed(one)
    who = f"{PLACES.get(kind, '')}{head_label(int(layer), int(head))} joins {dependent} to its "
    cases = f"in {one.accuracy:.0%} of {one.n} cases"
    fixed = f"“{offset_words(one.offset)}” finds {one.fixed:.0%}"
    text = f"{who}{above}{seen} more often than a fixed place does: {cases}, {fixed}."
    plain = f"{who}{above}{seen} {cases}, where {fixed}."
    return Finding(
        finding_id(kind, one.relation),
        sentence(text),
        plain=sentence(plain),
        value=one.accuracy,
        n=one.n,
        interval=one.interval,
        null=one.null,
        null_says=SHUFFLED,
        claim=claim,
        clusters=one.clusters,
    )


def _sum(kind: Kind, alone: Sequence[RelationHead]) -> Finding:
    """Say in how many relations a head beats both the fixed offset and the shuffled trees."""
    beaten = [one for one in alone if claimed(one).level() == "holds"]
    by_chance = most_by_luck(len(alone))
    of = f"{PLACES.get(kind, '')}of {counted(len(alone), 'relation')}"
    if beaten:
        names = [quoted(one.relation) for one in sorted(beaten, key=lambda one: -one.gain)]
        more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
        has = "has" if len(names) == 1 else "have"
        text = (
            f"{of}, {len(names)} {has} a head that finds more than the best fixed offset "
            f"and than shuffled trees: {listed(names[:NAMED] + more)}; in the others no difference "
            "was found"
        )
    else:
        near = max(alone, key=lambda one: one.gain)
        text = (
            f"{of}, none has a head that finds more than the best fixed offset and than shuffled "
            f"trees; {quoted(near.relation)} comes nearest, with {points(near)}"
        )
    return Finding(
        f"{kind}-syntax", f"{sentence(text)}.", value=float(len(beaten)), among=len(alone),
        n=len(alone), null=(0.0, float(by_chance)),
        null_says="relations that would by luck, in 95% of cases",
    )  # fmt: skip


def most_by_luck(relations: int) -> int:
    """Return how many of so many relations pass their own 97.5% bound in 97.5% of all cases.

    The upper quantile of the binomial distribution, as if they did not depend on each other.
    """
    share, sum_ = 0.975**relations, 0.975**relations
    for passing in range(relations + 1):
        if sum_ >= 0.975:
            return passing
        share *= (relations - passing) / (passing + 1) * 0.025 / 0.975
        sum_ += share
    return relations


def points(one: RelationHead) -> str:
    """Return the gain over the fixed offset in percentage points, with its interval."""
    value = f"{100 * one.gain:+.0f}"
    unit = "point" if value in ("+1", "-1") else "points"
    text = f"{value} {unit}"
    if one.gain_interval:
        low, high = (f"{100 * end:+.0f}" for end in one.gain_interval)
        text += f" (95% interval {low} to {high})"
    return text.replace("-", "−")


def finding_id(kind: Kind, relation: str) -> str:
    """Return the id of what is said of a relation."""
    return f"{kind}-syntax-{_slug(relation)}"


def _slug(relation: str) -> str:
    return re.sub("[^a-z0-9]+", "-", relation.lower()).strip("-") or "other"
