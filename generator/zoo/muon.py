"""Muon, an optimiser for the matrices of layers, quick on processors."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

STEPS = 5
COEFFICIENTS = (3.4445, -4.7750, 2.0315)
MOMENTUM = 0.95


def orthogonal(matrices: Tensor) -> Tensor:
    """Bring the singular values of [matrix, row, column] near 1, by Newton-Schulz iteration."""
    first, second, third = COEFFICIENTS
    found: Tensor = matrices / (matrices.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(STEPS):
        square = found @ found.mT
        found = first * found + (second * square + third * square @ square) @ found
    return found


class Muon(torch.optim.Optimizer):
    """Muon (Jordan 2024), scaled to steps as long as AdamW's (Liu et al. 2025, arXiv 2502.16982).

    `torch.optim.Muon` does the same, one matrix at a time in bfloat16, which processors without
    instructions for it are slow at. Here all matrices of one shape go through together in their
    own precision.
    """

    def __init__(self, matrices: Sequence[Tensor], lr: float, weight_decay: float) -> None:
        super().__init__(list(matrices), {"lr": lr, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        """Take one step along the gradients that are there."""
        for group in self.param_groups:
            shapes: dict[Any, list[Tensor]] = defaultdict(list)
            for matrix in group["params"]:
                if matrix.grad is not None:
                    shapes[tuple(sorted(matrix.shape))].append(matrix)
            for some in shapes.values():
                self.move(some, group["lr"], group["weight_decay"])

    def move(self, matrices: list[Tensor], rate: float, decay: float) -> None:
        """Move matrices that have one shape, or are transposed to it: wide, never tall."""
        towards = orthogonal(torch.stack([self.direction(matrix) for matrix in matrices]))
        length = rate * 0.2 * max(matrices[0].shape) ** 0.5
        for matrix, step in zip(matrices, towards, strict=True):
            turned = step.mT if matrix.shape[0] > matrix.shape[1] else step
            matrix.mul_(1 - rate * decay).add_(turned, alpha=-length)

    def direction(self, matrix: Tensor) -> Tensor:
        """Return the gradient with Nesterov momentum, as a wide matrix."""
        state, slope = self.state[matrix], matrix.grad
        assert slope is not None
        if not state:
            state["momentum"] = torch.zeros_like(matrix)
        state["momentum"].lerp_(slope, 1 - MOMENTUM)
        found = slope.lerp(state["momentum"], MOMENTUM)
        return found.mT if matrix.shape[0] > matrix.shape[1] else found
