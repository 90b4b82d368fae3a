"""Captures, results and settings without what is to be hidden: what models come up with themselves.

What is published loses the numbers of hidden tokens, too, since the vocabulary would tell them.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from ..capture import AttentionMap, Capture, Token
from ..results.shapes import Partial
from ..results.ways import SIZES
from .redactor import BLOCK, Redactor, blanked

T = TypeVar("T")
NAMES = ("label", "holds")
"""What of a prediction names a class."""
FORMAT = ("task", "problem_type")
"""What of it says how the rest is to be read."""
LABELS = "labels"
"""What of a prediction has classes for keys; all other keys are those of the format."""
OWN = frozenset({"analysis", "columns", "id", "key", "kind", "metrics", "name", "page", "side"})
"""What of a result names its parts, in words of the program."""


def hidden_capture(capture: Capture, redactor: Redactor) -> Capture:
    """Return a capture whose tokens and prediction say nothing that is to be hidden."""
    maps = tuple(_map(one, redactor) for one in capture.maps)
    prediction = _said(capture.prediction, redactor)
    return replace(capture, maps=maps, prediction=prediction)


def published(capture: Capture) -> Capture:
    """Return a capture without the numbers of the tokens that are hidden."""
    maps = tuple(
        replace(
            one,
            queries=_unnumbered(one.queries),
            keys=_unnumbered(one.keys),
            predicted=_unnumbered(one.predicted),
        )
        for one in capture.maps
    )
    return replace(capture, maps=maps, prediction=_without_ids(capture.prediction))


def _unnumbered(tokens: Sequence[Token]) -> tuple[Token, ...]:
    return tuple(replace(t, id=None) if BLOCK in t.shown else t for t in tokens)


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    hidden = BLOCK in str(value.get("text", ""))
    kept = {key: item for key, item in value.items() if not (hidden and key == "id")}
    return {key: _without_ids(item) for key, item in kept.items()}


def hidden_result(value: T, redactor: Redactor, own: Container[str] = ()) -> T:
    """Return an outcome with all texts in it hidden: sentences, cells, labels, reasons.

    Names of its parts, and texts that are one of the program's `own` words, stay: what reads the
    outcome finds its way by them.
    """
    changed: Any = _value(value, redactor, own)
    return changed  # type: ignore[no-any-return]


def _value(value: Any, redactor: Redactor, own: Container[str]) -> Any:
    if isinstance(value, str):
        return value if value in own else redactor.hide(value, "results", ours=True)
    if isinstance(value, tuple | list):
        return type(value)(_value(item, redactor, own) for item in value)
    if isinstance(value, Mapping):
        return {key: _value(item, redactor, own) for key, item in value.items()}
    if isinstance(value, Partial) and value.name.startswith(SIZES):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        parts = {part.name: getattr(value, part.name) for part in fields(value) if part.init}
        new = {n: part if n in OWN else _value(part, redactor, own) for n, part in parts.items()}
        changed = {name: part for name, part in new.items() if part is not parts[name]}
        return replace(value, **changed) if changed else value
    return value


def _map(given: AttentionMap, redactor: Redactor) -> AttentionMap:
    return replace(
        given,
        queries=hidden_tokens(given.queries, redactor),
        keys=hidden_tokens(given.keys, redactor),
        predicted=hidden_tokens(given.predicted, redactor),
    )


def hidden_tokens(tokens: Sequence[Token], redactor: Redactor) -> tuple[Token, ...]:
    """Return tokens without what any of them, or some side by side, say that is to be hidden."""
    joined = "".join(token.text for token in tokens)
    places = redactor.places(joined)
    found, start = [], 0
    for token in tokens:
        end = start + len(token.text)
        touched = any(first < end and start < last for first, last in places)
        inside = any(first < start < last for first, last in places)  # a piece of no letter
        found.append(_token(token, joined, (start, end), places) if touched or inside else token)
        start = end
    if places:
        redactor.counts["tokens"] += len(places)
        redactor.found |= {joined[first:last] for first, last in places}
    return tuple(_alone(token, redactor) for token in found)


def _token(
    token: Token, joined: str, own: tuple[int, int], places: Sequence[tuple[int, int]]
) -> Token:
    start, end = own
    return replace(token, text=blanked(joined, places)[start:end], name=None)


def _alone(token: Token, redactor: Redactor) -> Token:
    """Return a token whose name says nothing that is to be hidden."""
    if token.name is None or not redactor.places(token.name):
        return token
    return replace(token, name=BLOCK * len(token.name))


def _said(value: Any, redactor: Redactor, field: str = "") -> Any:
    """Return a part of a prediction; two classes never get the same name."""
    if isinstance(value, str):
        if field in NAMES:
            return redactor.name(value, "predictions")
        return value if field in FORMAT else redactor.hide(value, "predictions")
    if isinstance(value, list | tuple):
        return [_said(item, redactor, field) for item in value]
    if not isinstance(value, Mapping):
        return value
    named = redactor.name if field == LABELS else _kept
    return {named(str(key), LABELS): _said(item, redactor, str(key)) for key, item in value.items()}


def _kept(key: str, what: str) -> str:
    return key
