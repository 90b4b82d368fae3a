"""Two readings of one text, tensor by tensor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    from ...capture import Token
    from ...data.record_files import ArraysRecord

SHARES = ("attention", "sink", "rollout", "flow")
"""Tensors whose numbers are shares of a whole: compared as they are."""
TOLERANCES = {"float32": 1e-5, "float16": 1e-3}
"""How far a share may be from the one in the file, by how it was written."""
RELATIVE = 1e-2
"""How far any other number may be, as a share of the largest of its tensor."""


def allowed(tensor: str, numbers: str) -> float:
    """Return the tolerance of a tensor, by the first part of its name."""
    return TOLERANCES[numbers] if tensor in SHARES else RELATIVE


def differences(kept: ArraysRecord, anew: ArraysRecord) -> Iterator[tuple[str, float]]:
    """Yield (first part of its name, largest difference) of each tensor; infinite where one lacks.

    Differences of shares are absolute, those of all else relative to the largest number.
    """
    old, new = tensors_of(kept), tensors_of(anew)
    for name in old.keys() | new.keys():
        prefix = name.partition(".")[0]
        if name not in old or name not in new or old[name].shape != new[name].shape:
            yield prefix, float("inf")
        else:
            yield prefix, _difference(old[name], new[name], relative=prefix not in SHARES)


def said_otherwise(kept: ArraysRecord, anew: ArraysRecord) -> str:
    """Return what else two readings do not share: the tokens, or the answer."""
    for one, other in zip(kept.capture.maps, anew.capture.maps, strict=False):
        if not (_same(one.queries, other.queries) and _same(one.keys, other.keys)):
            return "the text was cut into other tokens"
    answers = [_answer(reading.capture.prediction) for reading in (kept, anew)]
    return "" if answers[0] == answers[1] else "the model gives another answer"


def _same(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Return whether two lists are of the same tokens; one that was hidden has no number."""
    if len(one) != len(other):
        return False
    pairs = zip(one, other, strict=True)
    return all(a == b or (a.id is None and a == replace(b, id=None)) for a, b in pairs)


def _answer(prediction: Mapping[str, Any]) -> Any:
    """Return what a model says, without how surely."""
    names = ("task", "label", "holds", "text")
    return [prediction.get(name) for name in names]


def tensors_of(reading: ArraysRecord) -> dict[str, npt.NDArray[Any]]:
    """Return the tensors of a reading as they are named in its file."""
    found = {f"attention.{one.kind}": one.weights for one in reading.capture.maps}
    found |= {f"rollout.{kind}": values for kind, values in reading.rollout.items()}
    found |= {f"flow.{kind}": values for kind, values in reading.flow.items()}
    found |= {f"saliency.{name}": values for name, values in reading.saliency.items()}
    return {**found, **reading.matrices}


def _difference(one: npt.NDArray[Any], other: npt.NDArray[Any], relative: bool) -> float:
    """Return the largest difference of two arrays; what both lack (NaN, infinite) is none."""
    import numpy as np

    left, right = one.astype(np.float64), other.astype(np.float64)
    finite = np.isfinite(left) & np.isfinite(right)
    same = (left == right) | (np.isnan(left) & np.isnan(right))
    if (~finite & ~same).any():
        return float("inf")
    away = np.abs(np.where(same, 0, left) - np.where(same, 0, right))
    largest = float(away.max(initial=0))
    if not relative or not largest:
        return largest
    return largest / float(np.abs(np.where(finite, left, 0)).max(initial=0) or 1)
