"""The baseline of the classifier: logistic regression on words and pairs of words."""

from typing import Any

from .data import Labelled

STRENGTHS = (1.0, 3.0, 10.0, 30.0)


def fitted(rows: list[Labelled], strength: float) -> Any:
    """Fit logistic regression on weighted unigrams and bigrams."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pieces = r"[\w']+|[!?]"
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=pieces)
    model = make_pipeline(words, LogisticRegression(C=strength, max_iter=500))
    return model.fit([row.text for row in rows], [row.label for row in rows])


def correct(model: Any, rows: list[Labelled]) -> list[int]:
    """Return 1 for each row that the model labels rightly, else 0."""
    found = model.predict([row.text for row in rows])
    return [int(label == row.label) for label, row in zip(found, rows, strict=True)]


def regression(rows: list[Labelled], held_out: dict[str, list[Labelled]]) -> Any:
    """Fit with the strength that has the best mean accuracy over the held-out sets."""

    def score(model: Any) -> float:
        marks = [correct(model, found) for found in held_out.values()]
        return sum(sum(mark) / len(mark) for mark in marks) / len(marks)

    return max((fitted(rows, strength) for strength in STRENGTHS), key=score)
