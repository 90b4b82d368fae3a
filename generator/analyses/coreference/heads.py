"""Each head of a model: how much it looks from mentions at candidates, and at the right one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ...names import head_label
from ...results.shapes import Cell
from .texts import MentionText

HEADS = ("model", "layer", "head", "name", "texts", "to_candidates", "right")


def head_rows(texts: Sequence[MentionText]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row of HEADS for each head: means over texts with a mention.

    `to_candidates` is the attention from the mention to all candidates together, `right` the share
    of texts with an answer where the right candidate gets most of it.
    """
    known = [text for text in texts if text.heads is not None]
    if not known:
        return
    sums = np.stack([text.heads.sum(axis=-1) for text in known if text.heads is not None])
    answered = [text for text in known if text.answer is not None]
    right = [
        text.heads.argmax(axis=-1) == text.answer for text in answered if text.heads is not None
    ]
    shares = np.mean(right, axis=0) if right else None
    for layer, head in np.ndindex(*sums.shape[1:]):
        share = None if shares is None else float(shares[layer, head])
        mean = float(sums[:, layer, head].mean())
        name = head_label(layer, head)
        yield known[0].model, layer, head, name, len(known), mean, share
