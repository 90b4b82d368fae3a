"""Unigram and bigram baselines over token ids."""

import numpy as np
from scipy.sparse import coo_array

from ..array_types import Doubles


class Bigrams:
    """Counts of tokens and pairs, with Witten-Bell interpolation between them."""

    def __init__(self, rows: list[list[int]], size: int) -> None:
        flat = np.concatenate([np.asarray(row) for row in rows])
        counts = np.bincount(flat, minlength=size).astype(np.float64) + 0.5
        self.unigram: Doubles = counts / counts.sum()
        pairs = np.concatenate([np.stack([row[:-1], row[1:]]) for row in map(np.asarray, rows)], 1)
        ones = np.ones(pairs.shape[1])
        self.pairs = coo_array((ones, (pairs[0], pairs[1])), shape=(size, size)).tocsr()
        self.columns = self.pairs.tocsc()
        self.seen = np.asarray(self.pairs.sum(axis=1)).ravel()
        self.kinds = np.diff(self.pairs.indptr)

    def after(self, left: int) -> Doubles:
        """Return the probability of each token after `left`: [token]."""
        total = max(self.seen[left] + self.kinds[left], 1)
        counts = self.pairs[[left]].toarray()[0]
        rest = self.kinds[left] / total if self.seen[left] else 1.0
        found: Doubles = counts / total + rest * self.unigram
        return found

    def between(self, left: int | None, right: int | None) -> Doubles:
        """Return the probability of each token after `left` and before `right`, where known."""
        joint = self.unigram if left is None else self.after(left)
        if right is not None:
            total = np.maximum(self.seen + self.kinds, 1)
            rest = np.where(self.seen > 0, self.kinds / total, 1.0)
            follows = self.columns[:, [right]].toarray().ravel() / total
            joint = joint * (follows + rest * self.unigram[right])
        found: Doubles = joint / joint.sum()
        return found
