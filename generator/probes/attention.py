"""How the answer moves with every attention probability: its gradient at each of them.

Chefer, Gur & Wolf 2021, "Generic Attention-model Explainability", section 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from torch import Tensor

from ..array_types import Doubles, Singles
from ..capture import Kind
from ..capture.attend import attend
from .explained_input import ExplainedInput, embedded

Stacks = Mapping[Kind, Singles]
T = TypeVar("T")
Numbers = TypeVar("Numbers", Doubles, Singles)
Make = Callable[[Tensor, Tensor], T]
"""What is made of one layer: of its probabilities and their gradients, each [head, query, key]."""


@dataclass(frozen=True, slots=True)
class GradientPass:
    """One forward pass and one back: the answer, and how it moves with what it was made from.

    `score` and `confidence` are those of the answer (see Target). `embeddings` is d score /
    d embedding, [1, token, width]. `steps` has of each kind what `weighted` makes of the attention
    of every layer, float64 [layer, query, key]; None where the model shows probabilities that its
    output was not made from.
    """

    score: float
    confidence: float
    embeddings: Tensor
    steps: Mapping[Kind, Doubles] | None


def gradient_pass(explained: ExplainedInput) -> GradientPass:
    """Return the gradients of a text, worked out once.

    Heads are put together as soon as the gradient of their layer is there, so that no more than
    one layer's gradients are in memory, and none is kept.
    """
    if "gradient pass" not in explained.known:
        score, confidence, embeddings, made = back(explained, weighted)
        steps = {kind: np.stack(layers) for kind, layers in made.items()} if made else None
        explained.known["gradient pass"] = GradientPass(score, confidence, embeddings, steps)
    found: GradientPass = explained.known["gradient pass"]
    return found


def weighted(weights: Tensor, gradients: Tensor) -> Doubles:
    """Return the mean over heads of max(gradient x attention, 0), equation 5.

    Both are [head, query, key] of one layer; the result is float64 [query, key], and not a number
    where a gradient is not finite.
    """
    found = torch.zeros(weights.shape[1:], dtype=torch.float64)
    for head, gradient in zip(weights.cpu(), gradients.cpu(), strict=True):
        found += (head.double() * gradient).clamp_(min=0)
    if not gradients.isfinite().all():
        found.fill_(torch.nan)
    mean: Doubles = (found / len(weights)).numpy()
    return mean


def gradient_weighted_attention(explained: ExplainedInput) -> Mapping[Kind, Doubles]:
    """Return what `weighted` makes of every layer by kind, float64 [layer, query, key].

    ValueError where the model hides its attention from gradients.
    """
    return _shown(gradient_pass(explained).steps)


def attention_gradients(explained: ExplainedInput) -> tuple[Stacks, Stacks]:
    """Return the probabilities and their gradients by kind, each [layer, head, query, key].

    One pass forward and one back; nothing of it is kept. ValueError where the model hides its
    attention from gradients.
    """
    *_, made = back(explained, lambda *both: (_array(both[0]), _array(both[1])))
    weights, gradients = (
        {kind: np.stack([layer[side] for layer in layers]) for kind, layers in (made or {}).items()}
        for side in (0, 1)
    )
    return weights, _shown(gradients if made else None)


def _shown(found: Mapping[Kind, Numbers] | None) -> Mapping[Kind, Numbers]:
    if found is None:
        raise ValueError("the attention that the model shows is not what its answer is made from")
    if not all(np.isfinite(stack).all() for stack in found.values()):
        raise ValueError("the gradient is not finite; try --dtype float32")
    return found


class _Layer(Generic[T]):
    """The attention of one layer, [1, head, query, key], until its gradient is there."""

    def __init__(self, weights: Tensor, make: Make[T]) -> None:
        self.weights: Tensor | None = weights.detach()
        self.make = make
        self.made: T | None = None
        if weights.requires_grad:
            weights.register_hook(self.take)  # type: ignore[no-untyped-call]

    def take(self, gradients: Tensor) -> None:
        """Make of both what is wanted, and let go of them."""
        assert self.weights is not None  # a gradient comes once
        self.made = self.make(self.weights[0], gradients[0])
        self.weights = None


def back(
    explained: ExplainedInput, make: Make[T]
) -> tuple[float, float, Tensor, dict[Kind, list[T]] | None]:
    """Go forward once and back: score, confidence, d score / d embedding, and what `make` made.

    That is a list of layers by kind; None where not all of them have a gradient.
    """
    model, leaf = explained.model, explained.embeddings().requires_grad_()
    with explained.session(), torch.enable_grad(), embedded(model, leaf), _rooted(model) as roots:
        output, kept = attend(model, explained.inputs, lambda weights: _Layer(weights, make))
        score = explained.target.score(output)
        confidence = float(explained.target.confidence(output).detach())
        del output  # some models put every layer there
        gradient, *_ = torch.autograd.grad(score.sum(), [leaf, *roots], allow_unused=True)
    made = {
        kind: [layer.made for layer in layers if layer.made is not None]
        for kind, layers in kept.items()
    }
    whole = all(len(made[kind]) == len(layers) for kind, layers in kept.items())
    return float(score.detach()), confidence, gradient.detach(), made if whole else None


@contextmanager
def _rooted(model: Any) -> Iterator[list[Tensor]]:
    """Let gradients begin at what a decoder looks up, too; its first layer would have none.

    Yields the tensors where they begin, once the model has run.
    """
    roots: list[Tensor] = []
    if not model.config.is_encoder_decoder:
        yield roots
        return

    def root(module: Any, inputs: Any, output: Tensor) -> Tensor:
        if output.requires_grad:
            return output
        roots.append(output.detach().requires_grad_())
        return roots[-1]

    handle = model.get_decoder().get_input_embeddings().register_forward_hook(root)
    try:
        yield roots
    finally:
        handle.remove()


def _array(part: Tensor) -> Singles:
    found: Singles = part.float().cpu().numpy()
    return found
