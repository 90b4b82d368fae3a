"""Attribution by gradients, by way of captum: one number for each token of the text.

Simonyan et al. 2013; Smilkov et al. 2017 (SmoothGrad); Sundararajan et al. 2017 (integrated
gradients).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from .question import BATCH_TOKENS, Question

Floats = npt.NDArray[np.float32]

STEPS = (8, 16, 32, 64)
"""Steps of the integral, tried in turn until it is complete."""
TOLERANCE = 0.05
"""Of the difference it must add up to: how much the integral may miss."""
SAMPLES, NOISE, SEED = 5, 0.15, 0
"""SmoothGrad: texts with noise, its share of the range of the embeddings, and where it starts."""


@dataclass(frozen=True, slots=True)
class Integral:
    """Integrated gradients [token], the steps taken, and whether they add up to what they should.

    `missed` is the sum less the `difference` between the text and the blank.
    """

    values: Floats
    steps: int
    difference: float
    missed: float

    @property
    def converged(self) -> bool:
        """Return whether the sum is complete to TOLERANCE."""
        return abs(self.missed) <= TOLERANCE * abs(self.difference)


def gradients(question: Question, *, smooth: bool = False) -> dict[str, Floats]:
    """Return `gradient` (a length), `gradient_x_input` (signed), `smoothgrad`: [token]."""
    from captum.attr import Saliency

    embeddings = question.embeddings()
    with question.session(), torch.enable_grad():
        slopes = Saliency(question.of_embeddings).attribute(_leaf(embeddings), abs=False)
        product = (slopes * embeddings).sum(-1)
        found = {"gradient": slopes.norm(dim=-1), "gradient_x_input": product}
        if smooth:
            found["smoothgrad"] = _smooth(question, embeddings).norm(dim=-1)
    return {name: _array(values) for name, values in found.items()}


def integrated(question: Question) -> Integral:
    """Return the integrated gradients from the blank text, with as many steps as they need."""
    from captum.attr import IntegratedGradients

    text, blank = question.embeddings(), question.blank()
    method = IntegratedGradients(question.of_embeddings)
    with question.session(), torch.enable_grad():
        ends = question.of_embeddings(torch.cat([text, blank])).detach().double()
        difference = float(ends[0] - ends[1])
        for steps in STEPS:
            found = method.attribute(
                text,
                baselines=blank,
                n_steps=steps,
                method="gausslegendre",
                internal_batch_size=max(1, BATCH_TOKENS // text.shape[1]),
            )
            missed = float(found.double().sum()) - difference
            integral = Integral(_array(found.sum(-1)), steps, difference, missed)
            if integral.converged:
                break
    return integral


def _smooth(question: Question, embeddings: Tensor) -> Tensor:
    """Return the mean gradient over texts with noise, [1, token, width]."""
    from captum.attr import NoiseTunnel, Saliency

    spread = NOISE * float(embeddings.max() - embeddings.min())
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        found: Tensor = NoiseTunnel(Saliency(question.of_embeddings)).attribute(
            _leaf(embeddings), nt_type="smoothgrad", nt_samples=SAMPLES, stdevs=spread, abs=False
        )
    return found


def _leaf(embeddings: Tensor) -> Tensor:
    return embeddings.clone().requires_grad_()


def _array(values: Any) -> Floats:
    """Return [1, token] as float32 on the CPU; ValueError where it is not finite."""
    array: Floats = values[0].detach().float().cpu().numpy()
    if not np.isfinite(array).all():
        raise ValueError("the gradient is not finite; try --dtype float32")
    return array
