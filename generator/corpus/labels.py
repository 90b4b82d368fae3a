"""Gold labels beside what a model says: which of its labels a label means, and whether it said so.

A label is matched by its name exactly, then but for case and spaces, then by its place among the
labels of the model, then by its place among those of its data set. A place means nothing where the
data set has more labels than the model: the first of five stars is no label of two.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .record import Record

Rule = Literal["name", "spelling", "place", "data set"]
PLACE = re.compile(r"(?:label[\s_-]*)?(\d{1,6})(?:[.,]0+)?", re.IGNORECASE)
TRUTH = {"false": 0, "true": 1}


@dataclass(frozen=True, slots=True)
class Match:
    """The label of a model, `at` its place, that a gold label means, and the rule that found it."""

    at: int
    rule: Rule


def match(
    label: str, names: Sequence[str], place: int | None = None, count: int | None = None
) -> Match | None:
    """Return which of a model's labels is meant.

    `place` is that among the labels of the data set, and `count` how many it has, where known.
    """
    if label in names:
        return Match(names.index(label), "name")
    spelt = [at for at, name in enumerate(names) if _plain(name) == _plain(label)]
    if len(spelt) == 1:
        return Match(spelt[0], "spelling")
    number = _place(label, len(names))
    if number is not None and number < len(names) >= (count or 0):
        return Match(number, "place")
    known = place is not None and place < len(names) and count in (None, len(names))
    return Match(place, "data set") if place is not None and known else None


def gold(record: Record, names: Sequence[str]) -> tuple[Match | None, ...]:
    """Return what each gold label of a record means among a model's labels; empty without one.

    As many zeros and ones as there are labels say of each whether it holds.
    """
    given = _given(record)
    held = [_truth(label) for label in given]
    if len(given) > 1 and len(given) == len(names) and None not in held:
        return tuple(Match(at, "place") for at, holds in enumerate(held) if holds)
    place, count = record.label_index, record.label_count
    return tuple(match(label, names, place, count) for label in given)


def label_count(records: Iterable[Record]) -> int | None:
    """Return how many labels there are at least if those that are numbers are places; None for two.

    Two is what any classifier has.
    """
    given = [label for record in records for label in _given(record)]
    places = [float(found[1]) for label in given if (found := PLACE.fullmatch(label.strip()))]
    most = max((float(label) for label in given if _is_number(label)), default=0)
    most = max(most, *places) if places else most
    return math.ceil(most) + 1 if 2 <= most < 1_000_000 else None


def gold_words(record: Record, prediction: Mapping[str, Any]) -> str:
    """Return the gold labels as the model would call them, where it knows them."""
    given = _given(record)
    names = label_names(prediction)
    found = gold(record, names)
    if names and found and all(found):
        return ", ".join(names[one.at] for one in found if one)
    return ", ".join(given)


def agrees(record: Record, prediction: Mapping[str, Any]) -> bool | None:
    """Say whether a model gave the gold labels; None without them, or where none can be told."""
    names = label_names(prediction)
    found = gold(record, names) if names else ()
    wanted = {names[one.at] for one in found if one}
    if not found or not all(found):
        return None
    if "holds" in prediction:
        return wanted == {str(name) for name in prediction["holds"]}
    said = prediction.get("label")
    return None if said is None else str(said) in wanted


def unmatched(record: Record, prediction: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the gold labels of a record that are none of the model's; of a value, no numbers."""
    given = _given(record)
    if gives_value(prediction):
        return tuple(label for label in given if not _is_number(label))
    names = label_names(prediction)
    found = gold(record, names) if names else ()
    return tuple(label for label, one in zip(given, found, strict=False) if one is None)


def label_names(prediction: Mapping[str, Any]) -> list[str]:
    """Return the labels of a classifier by their places; none where it gives a value, or words."""
    labels = prediction.get("labels")
    if not isinstance(labels, Mapping) or gives_value(prediction):
        return []
    return [str(name) for name in labels]


def gives_value(prediction: Mapping[str, Any]) -> bool:
    """Say whether a model answers with a value, which is no label."""
    labels = prediction.get("labels")
    single = isinstance(labels, Mapping) and len(labels) == 1
    return bool(prediction.get("problem_type", "regression" if single else "") == "regression")


def _given(record: Record) -> tuple[str, ...]:
    return record.labels or ((record.label,) if record.label else ())


def _place(label: str, count: int) -> int | None:
    if count == 2 and (truth := TRUTH.get(_plain(label))) is not None:
        return truth
    found = PLACE.fullmatch(label.strip())
    return int(found[1]) if found else None


def _truth(label: str) -> bool | None:
    """Return whether a zero or a one says that a label holds; None for anything else."""
    return {"0": False, "1": True}.get(_number(label)) if _is_number(label) else None


def _number(label: str) -> str:
    return f"{float(label):g}"


def _is_number(label: str) -> bool:
    try:
        return math.isfinite(float(label))
    except ValueError:
        return False


def _plain(name: str) -> str:
    """Return a label without case and spaces; an underscore or a hyphen is as good as a space."""
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()
