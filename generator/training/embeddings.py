"""Start embeddings from co-occurrence counts: similar words begin as similar vectors."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.linalg import svds

WINDOW = 5
NORM = 0.5


def neighbours(rows: list[list[int]], size: int) -> csr_array:
    """Count how often two tokens stand within five places of each other, nearer ones more."""
    flat = np.concatenate([np.asarray(row) for row in rows])
    owner = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    total = csr_array((size, size), dtype=np.float64)
    for distance in range(1, WINDOW + 1):
        same = owner[distance:] == owner[:-distance]
        left, right = flat[:-distance][same], flat[distance:][same]
        weight = np.full(len(left), 1 / distance)
        total = total + coo_array((weight, (left, right)), shape=(size, size)).tocsr()
    return csr_array(total + total.T)


def bag(rows: list[list[int]], size: int) -> csr_array:
    """Count tokens by row: [row, token], each row summing to 1."""
    flat = np.concatenate([np.asarray(row) for row in rows])
    lengths = np.array([len(row) for row in rows])
    owner = np.repeat(np.arange(len(rows)), lengths)
    return coo_array((1 / lengths[owner], (owner, flat)), shape=(len(rows), size)).tocsr()


def translations(sources: list[list[int]], targets: list[list[int]], size: int) -> csr_array:
    """Count how often two tokens stand in a sentence and its translation, short ones more."""
    crossing = bag(sources, size).T @ bag(targets, size)
    return csr_array(crossing + crossing.T)


def factor(counts: csr_array, width: int, seed: int) -> NDArray[Any]:
    """Factor positive pointwise mutual information into vectors [token, width] of norm 0.5."""
    cells, size = counts.tocoo(), counts.shape[0]
    marginal = np.bincount(cells.row, cells.data, size)
    context = marginal**0.75 / (marginal**0.75).sum()
    value = np.maximum(np.log(cells.data / (marginal[cells.row] * context[cells.col])), 0)
    matrix = coo_array((value, (cells.row, cells.col)), shape=(size, size)).tocsr()
    chance = np.random.default_rng(seed)
    left, scale, _ = svds(matrix, k=width, rng=chance)
    vectors = left * np.sqrt(scale)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    noise = chance.normal(0, 0.02, vectors.shape)
    started: NDArray[Any] = np.where(norms > 1e-6, NORM * vectors / np.maximum(norms, 1e-6), noise)
    return started
