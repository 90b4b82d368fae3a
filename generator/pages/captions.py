"""Captions of figures: how to read an analysis, in as many sentences as a caption has room for."""

from __future__ import annotations

import re

from ..analyses.analysis import Analysis

MOST = 36
"""Words of a caption beside the link to the method; with it there are at most 40."""
SENTENCE = re.compile(r"(?<=[.!?…])\s+(?=[A-Z“‘(])")


def caption(analysis: Analysis) -> str:
    """Return the first sentences on how to read an analysis, whole ones, of at most 36 words.

    All of them, what the analysis computes and what it cannot say are on the page on method.
    """
    for text in (analysis.reading, analysis.about):
        if found := first_sentences(text):
            return found
    return ""


def first_sentences(text: str, most: int = MOST) -> str:
    """Return as many whole sentences from the start of a text as have at most so many words."""
    kept: list[str] = []
    for sentence in SENTENCE.split(text.strip()):
        if sum(len(part.split()) for part in (*kept, sentence)) > most:
            break
        kept.append(sentence)
    return " ".join(kept)
