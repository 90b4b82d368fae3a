"""How the answer moves with every attention probability: its gradient at each of them.

Chefer, Gur & Wolf 2021, "Generic Attention-model Explainability", section 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..capture import Kind
from ..capture.attend import attend
from .question import Question, embedded

Floats = npt.NDArray[np.float32]
Stacks = Mapping[Kind, Floats]


@dataclass(frozen=True, slots=True)
class Slopes:
    """One forward pass and one back: the answer, and how it moves with what it was made from.

    `score` and `confidence` are those of the answer (see Target). `embeddings` is d score /
    d embedding, [1, token, width]. `weights` are the attention probabilities of each kind
    [layer, head, query, key], and `gradients` d score / d probability, shaped alike; None where
    the model shows probabilities that its output was not made from.
    """

    score: float
    confidence: float
    embeddings: Tensor
    weights: Stacks
    gradients: Stacks | None


def slopes(question: Question) -> Slopes:
    """Return the slopes of a text, worked out once a question."""
    if "slopes" not in question.known:
        question.known["slopes"] = _slopes(question)
    found: Slopes = question.known["slopes"]
    return found


def attention_slopes(question: Question) -> tuple[Stacks, Stacks]:
    """Return the probabilities and their gradients by kind, each [layer, head, query, key].

    ValueError where the model hides its attention from gradients.
    """
    found = slopes(question)
    if found.gradients is None:
        raise ValueError("the attention that the model shows is not what its answer is made from")
    if not all(np.isfinite(stack).all() for stack in found.gradients.values()):
        raise ValueError("the gradient is not finite; try --dtype float32")
    return found.weights, found.gradients


def _slopes(question: Question) -> Slopes:
    model, leaf = question.model, question.embeddings().requires_grad_()
    with question.session(), torch.enable_grad(), embedded(model, leaf), _rooted(model):
        output, kept = attend(model, question.inputs, _same)
        score = question.target.score(output)
        flat = [layer for layers in kept.values() for layer in layers]
        parts = [part for part in flat if part.requires_grad]
        first, *rest = torch.autograd.grad(score.sum(), [leaf, *parts], allow_unused=True)
        confidence = question.target.confidence(output)
    of = {id(part): slope for part, slope in zip(parts, rest, strict=True)}
    whole = all(of.get(id(part)) is not None for part in flat)
    return Slopes(
        score=float(score.detach()),
        confidence=float(confidence.detach()),
        embeddings=first.detach(),
        weights={kind: _stack(layers) for kind, layers in kept.items()},
        gradients={kind: _stack([of[id(part)] for part in layers]) for kind, layers in kept.items()}
        if whole
        else None,
    )


@contextmanager
def _rooted(model: Any) -> Iterator[None]:
    """Let gradients begin at what a decoder looks up, too; its first layer would have none."""
    if not model.config.is_encoder_decoder:
        yield
        return

    def root(module: Any, inputs: Any, output: Tensor) -> Tensor:
        return output if output.requires_grad else output.detach().requires_grad_()

    handle = model.get_decoder().get_input_embeddings().register_forward_hook(root)
    try:
        yield
    finally:
        handle.remove()


def _same(weights: Tensor) -> Tensor:
    return weights


def _stack(layers: Sequence[Tensor]) -> Floats:
    """Return [1, head, query, key] of each layer as float32 [layer, head, query, key]."""
    stacked: Floats = np.stack([layer[0].detach().float().cpu().numpy() for layer in layers])
    return stacked
