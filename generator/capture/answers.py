"""What a model answered: in words, and as one number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NONE_HOLDS = "no label"


def answer_words(prediction: Mapping[str, Any]) -> str:
    """Return the answer: a label, the labels that hold, values, or what is written; "" for none."""
    if "label" in prediction:
        return str(prediction["label"])
    if "holds" in prediction:
        return ", ".join(map(str, prediction["holds"])) or NONE_HOLDS
    if isinstance(labels := prediction.get("labels"), Mapping):
        return ", ".join(f"{value:.2f}" for value in labels.values())
    if "text" in prediction:
        return str(prediction["text"])
    return str(_first(prediction).get("text", "")).strip()


def answer_score(prediction: Mapping[str, Any]) -> float | None:
    """Return the probability of an answer, else its value; None where there is no such number.

    Of a translation, the mean log-probability of its tokens; labels that hold each by itself have
    no number together.
    """
    if "holds" in prediction:
        return None
    score = prediction.get("score", _first(prediction).get("score"))
    labels = prediction.get("labels")
    if score is None and isinstance(labels, Mapping) and len(labels) == 1:
        score = next(iter(labels.values()))
    return float(score) if isinstance(score, int | float) else None


def _first(prediction: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a language model finds likeliest: as the next token, or at the first blank."""
    holes = prediction.get("masked") or ()
    rows = holes[0]["top"] if holes else prediction.get("next") or ()
    found: Mapping[str, Any] = rows[0] if rows else {}
    return found
