"""Cross-entropy with label smoothing over a whole vocabulary, without copies of the logits."""

from typing import Any

import torch
from torch import Tensor


class SmoothedCrossEntropy(torch.autograd.Function):
    """What `cross_entropy(states @ table.T, targets, label_smoothing=...)` gives, in less memory.

    The logits are turned into probabilities, and those into gradients, where they lie.
    """

    @staticmethod
    def forward(ctx: Any, states: Tensor, table: Tensor, targets: Tensor, share: float) -> Tensor:
        """Return the mean loss (nats) of states [token, width] for targets [token]."""
        logits = states @ table.T
        whole = logits.logsumexp(dim=1)
        right = logits.gather(1, targets[:, None])[:, 0]
        average = states @ table.mean(dim=0)
        ctx.save_for_backward(states, table, targets, logits.sub_(whole[:, None]).exp_())
        ctx.share = share
        return (whole - (1 - share) * right - share * average).mean()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, None, None]:
        """Return the gradients of states and table."""
        states, table, targets, gradients = ctx.saved_tensors
        count, size = gradients.shape
        gradients.sub_(ctx.share / size)
        wanted = torch.full((count, 1), ctx.share - 1, dtype=gradients.dtype)
        gradients.scatter_add_(1, targets[:, None], wanted).mul_(gradient / count)
        return gradients @ table, gradients.T @ states, None, None


def smoothed_cross_entropy(states: Tensor, table: Tensor, targets: Tensor, share: float) -> Tensor:
    """Return the mean cross-entropy (nats) with `share` of each target spread over the vocabulary.

    `states` is [token, width], `table` [vocabulary, width], `targets` [token]; the gradients can be
    taken once.
    """
    found: Tensor = SmoothedCrossEntropy.apply(states, table, targets, share)  # type: ignore[no-untyped-call]
    return found
