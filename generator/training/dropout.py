"""Dropout that costs little on a processor: masks cut out of one long row of draws."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

DRAWS = 2**22


class RowDropout(TorchFunctionMode):
    """Let `dropout` take its mask from a random place of a row of draws that is made once.

    To draw a mask anew for every layer takes a seventh of a step of training.
    """

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.row = torch.bernoulli(torch.full((DRAWS,), 1 - share)) / (1 - share)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Call everything as it is, but for dropout of this share while training."""
        options = dict(kwargs or {})
        ours = func is torch.nn.functional.dropout and options.get("p") == self.share
        if ours and options.get("training", True):
            return self.dropped(*args)
        return func(*args, **options)

    def dropped(self, states: Tensor) -> Tensor:
        """Set a share of the numbers to 0 and enlarge the others."""
        start = int(torch.randint(DRAWS - states.numel(), ()))
        return states * self.row[start : start + states.numel()].view_as(states)
