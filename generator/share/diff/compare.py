"""Two sites compared: models, texts, settings, software, findings, answers, measures of heads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..built_site import BuiltSite
from .read import MODEL_FIELDS, TEXT_FIELDS, HeadKey, Side, sides
from .states import CHANGES, STATES, Item, Number, State, of_numbers, widths

GROUPS = ("models", "texts", "settings", "software", "findings", "answers", "heads")
TOLD = frozenset({"settings", "software"})
"""Groups that explain a change and are none."""
SURE = 0.05
"""How far the probability of the same answer must move to count as changed."""
SHARES = frozenset(
    ("previous", "next", "self", "first", "delimiter", "punctuation", "induction", "duplicate")
)
"""Measures that are shares of attention, and so can be compared with each other."""
MOVERS = 12


@dataclass(frozen=True)
class Diff:
    """Everything of two sites, thing by thing."""

    one: Side
    other: Side

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Return every thing that either site has."""
        one, other = self.one, self.other
        return (
            *_plain("models", one.models, other.models, MODEL_FIELDS),
            *_plain("texts", one.texts, other.texts, TEXT_FIELDS),
            *_plain("settings", one.settings, other.settings),
            *_plain("software", one.software, other.software),
            *_findings(one, other),
            *_answers(one, other),
            *_heads(one, other),
        )

    @cached_property
    def counts(self) -> dict[str, dict[State, int]]:
        """Return how many things of each group are in which state."""
        found = Counter((item.group, item.state) for item in self.items)
        return {group: {state: found[group, state] for state in STATES} for group in GROUPS}

    @property
    def changed(self) -> bool:
        """Return whether anything changed but settings and software."""
        return any(item.state in CHANGES and item.group not in TOLD for item in self.items)

    @property
    def unsure(self) -> int:
        """Return how many numbers count as changed though no interval of them is known."""
        changed = (one for one in self.items if one.state == "changed" and one.numbers)
        return sum(one.moved is None for one in changed)

    def of(self, group: str, *states: State) -> list[Item]:
        """Return the things of a group in some states, those that moved most first."""
        found = [one for one in self.items if one.group == group and one.state in states]
        order = {state: place for place, state in enumerate(STATES)}
        return sorted(found, key=lambda one: (order[one.state], -abs(one.moved or 0), one.key))

    def movers(self) -> list[Item]:
        """Return the measures of heads that moved most: shares of attention, beyond intervals."""
        shares = [one for one in self.of("heads", "changed") if one.key.split()[-1] in SHARES]
        return sorted(shares, key=lambda one: (-abs(one.delta or 0), one.key))[:MOVERS]


def compare(one: BuiltSite, other: BuiltSite) -> Diff:
    """Return what two sites do not share."""
    return Diff(*sides(one, other))


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield (key, of the one, of the other) in the order of the second, what is gone last."""
    for key in dict.fromkeys((*other, *one)):
        yield key, one.get(key), other.get(key)


def _presence(before: Any, after: Any) -> State | None:
    if before is None:
        return "added"
    return "removed" if after is None else None


def _plain(
    group: str, one: Mapping[str, Any], other: Mapping[str, Any], fields: tuple[str, ...] = ()
) -> Iterator[Item]:
    """Yield things that are the same or not; `fields` says what of them counts."""
    for key, before, after in _both(one, other):
        differ = [name for name in fields if (before or {}).get(name) != (after or {}).get(name)]
        same = before == after if not fields else not differ
        state = _presence(before, after) or ("identical" if same else "changed")
        shown = differ if state == "changed" else fields[:1]
        said = [_shown(value, shown) if fields else value or "" for value in (before, after)]
        yield Item(group, key, key, said[0], said[1], state)


def _shown(value: Mapping[str, Any] | None, fields: list[str] | tuple[str, ...]) -> str:
    """Return the fields of a thing as a reader sees them; hashes by their first characters."""
    parts = []
    for name in fields if value else ():
        said = str((value or {}).get(name))
        parts.append(f"{name.removesuffix('_sha256')} {said[:12]}" if "sha256" in name else said)
    return ", ".join(parts)


def _findings(one: Side, other: Side) -> Iterator[Item]:
    for key, before, after in _both(one.findings, other.findings):
        latest = after or before
        numbers = [_number(entry) for entry in (before, after)]
        state = _presence(before, after)
        delta = moved = pair = None
        if numbers[0] and numbers[1]:
            pair = (numbers[0], numbers[1])
            state = of_numbers(*pair, floor=latest.get("floor") or 0.0)
            delta, moved = pair[1].value - pair[0].value, widths(*pair)
        elif state is None:
            state = "identical" if before["statement"] == after["statement"] else "changed"
        said = [str(entry["statement"]) if entry else "" for entry in (before, after)]
        title = f"{latest.get('analysis') or ''} {latest['id']}".strip()
        yield Item(
            "findings", key, title, said[0], said[1], state, latest["page"], delta, moved, pair
        )


def _number(entry: Mapping[str, Any] | None) -> Number | None:
    if entry is None or entry.get("value") is None:
        return None
    low, high = entry.get("interval") or (None, None)
    return Number(entry["value"], low, high)


def _answers(one: Side, other: Side) -> Iterator[Item]:
    tables = [
        {(m, text): (page, said) for m, text, page, said in s.answers()} for s in (one, other)
    ]
    for key in dict.fromkeys((*tables[1], *tables[0])):
        before, after = tables[0].get(key), tables[1].get(key)
        page = (after or before or ("", {}))[0]
        said = [answer(entry[1]) if entry else "" for entry in (before, after)]
        state = _presence(before, after)
        delta = None
        if before and after:
            state, delta = _of_answers(before[1], after[1])
        yield Item(
            "answers", ": ".join(key), key[1], said[0], said[1], state or "changed", page, delta
        )


def _of_answers(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[State, float | None]:
    if before == after:
        return "identical", 0.0
    one, other = before.get("score"), after.get("score")
    known = isinstance(one, int | float) and isinstance(other, int | float)
    delta = float(other) - float(one) if known else None  # type: ignore[arg-type]
    if _word(before) != _word(after):
        return "changed", delta
    return ("changed" if abs(delta or 0) >= SURE else "within noise"), delta


def _word(said: Mapping[str, Any]) -> Any:
    """Return what a model answered, without how surely."""
    if "masked" in said:
        return [spot["top"][0]["text"] for spot in said["masked"] if spot.get("top")]
    if "next" in said:
        return [one["text"] for one in said["next"][:1]]
    return said.get("label") or said.get("holds") or said.get("text")


def answer(said: Mapping[str, Any]) -> str:
    """Return an answer as a reader sees it."""
    word, score = _word(said), said.get("score")
    text = ", ".join(map(str, word)) if isinstance(word, list) else str(word or "")
    return f"{text} ({score:.2f})".strip() if isinstance(score, int | float) else text


def _heads(one: Side, other: Side) -> Iterator[Item]:
    for model in dict.fromkeys((*other.models, *one.models)):
        tables = [side.heads(model) if model in side.models else {} for side in (one, other)]
        for key in dict.fromkeys((*tables[1], *tables[0])):
            yield _of_head(model, key, tables[0].get(key), tables[1].get(key))


def _of_head(model: str, key: HeadKey, before: Number | None, after: Number | None) -> Item:
    kind, layer, head, metric = key
    name = f"{model} {kind} L{layer}H{head} {metric}"
    said = ["" if number is None else f"{number.value:.4g}" for number in (before, after)]
    state = _presence(before, after)
    if before is None or after is None:
        return Item("heads", name, name, said[0], said[1], state or "changed")
    delta, moved = after.value - before.value, widths(before, after)
    state = of_numbers(before, after)
    return Item("heads", name, name, said[0], said[1], state, "", delta, moved, (before, after))
