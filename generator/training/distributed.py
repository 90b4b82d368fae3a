"""Several processes that train one model: each takes its share of the batches of every step.

`torchrun --nproc-per-node 2 -m attnatlas.training.train ...` starts them. On a processor two
processes of one thread do more than one process of two.
"""

import os

import torch
from torch import Tensor, distributed, nn


def join() -> None:
    """Meet the other processes that `torchrun` started, if it did."""
    if "WORLD_SIZE" in os.environ:
        distributed.init_process_group("gloo")


def rank() -> int:
    """Return which of the processes this is, from 0 on."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def count() -> int:
    """Return how many processes train this model."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def broadcast(model: nn.Module) -> None:
    """Start all processes from the weights of the first, each with its own chance for dropout."""
    if count() > 1:
        for value in model.parameters():
            distributed.broadcast(value.data, 0)
        torch.manual_seed(int(torch.randint(2**31, (count(),))[rank()]))


def all_reduce(values: Tensor) -> Tensor:
    """Add up what each process has, in place, so that all have the sum."""
    if count() > 1:
        distributed.all_reduce(values)
    return values


def all_reduce_gradients(model: nn.Module) -> None:
    """Add up the gradients of all processes, in one message."""
    if count() > 1:
        gradients = [value.grad for value in model.parameters() if value.grad is not None]
        whole = all_reduce(torch.cat([gradient.flatten() for gradient in gradients]))
        parts = torch.split(whole, [gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))
