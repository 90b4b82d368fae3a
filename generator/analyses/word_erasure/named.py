"""The words that speak most for an answer and against it, by what is there to say so."""

from __future__ import annotations

import numpy as np

from ...capture import Capture
from ...capture.answers import answer_words
from ...capture.token_positions import content_positions
from ...corpus.labels import gives_value
from ...results.shapes import Result
from ..analysis import Results
from ..saliency import METHODS
from .pieces import pieces

STRONGEST = 3
"""Words that are named by saliency, where none was erased."""
Words = tuple[str, ...]


def named_words(capture: Capture, results: Results) -> tuple[Words, Words]:
    """Return the words for the answer and those against it, each the strongest first.

    Where no word was erased, those for it by the first method of saliency; none where there is
    no saliency either, or where something else than the answer was explained.
    """
    found = results.get("word_erasure")
    if found is None or "words" not in found.tables:
        told = "saliency" in results and _of_answer(capture, results["saliency"], "target")
        return (_salient(capture, results) if told else ()), ()
    if not _of_answer(capture, found, "answer"):
        return (), ()
    rows = sorted(found.rows("words"), key=lambda row: -abs(float(row["share"] or 0)))
    return tuple(str(r["word"]) for r in rows if r["side"] == "for"), tuple(
        str(r["word"]) for r in rows if r["side"] == "against"
    )


def _of_answer(capture: Capture, result: Result, name: str) -> bool:
    """Return whether what was explained is what the model answered, and not another word."""
    table = result.tables.get(name)
    if table is None or not table.rows:
        return True
    said = capture.prediction
    if gives_value(said):
        return True
    answers = [str(one) for one in said.get("holds", ())] or [answer_words(said)]
    return any(answer and f"“{answer}”" in str(table.rows[0][0]) for answer in answers)


def _salient(capture: Capture, results: Results) -> Words:
    scores = results["saliency"].scores if "saliency" in results else ()
    named = {one.name: one.values for one in scores}
    method = next((name for name in METHODS if name in named), None)
    own = pieces(capture, content_positions(capture))
    if method is None or not own.words:
        return ()
    sums = own.sums(named[method])
    first = [at for at in np.argsort(-sums, kind="stable")[:STRONGEST] if sums[at] > 0]
    return tuple(own.words[int(at)].text for at in first)
