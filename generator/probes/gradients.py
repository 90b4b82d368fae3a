"""Attribution by gradients: one number for each token of the text.

Simonyan et al. 2013; Smilkov et al. 2017 (SmoothGrad, by way of captum); Sundararajan et al. 2017
(integrated gradients).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..array_types import Doubles, Singles
from .attention import gradient_pass
from .explained_input import ExplainedInput

BACK_TOKENS = 512
"""Tokens in one pass back, which keeps what every layer made of each of them."""
STEPS, FEWEST = 7, 3
"""Steps of the integral at first, and those that a cubic spline needs."""
MOST, MOST_TOKENS, MORE_TOKENS = 11, 384, 48
"""Steps at most, or so many tokens together if that is more, and tokens in those added at once: a
step of a short text costs little beside others."""
TOLERANCE = 0.05
"""Of the difference it must add up to: how much the integral may miss."""
SAMPLES, NOISE, SEED = 5, 0.15, 0
"""SmoothGrad: texts with noise, its share of the range of the embeddings, and where it starts."""


@dataclass(frozen=True, slots=True)
class Integral:
    """Integrated gradients [token], the steps taken, and whether they add up to what they should.

    `missed` is the sum less the `difference` between the text and the blank; `score` is that of
    the text.
    """

    values: Singles
    steps: int
    difference: float
    missed: float
    score: float

    @property
    def converged(self) -> bool:
        """Return whether the sum is complete to TOLERANCE."""
        return abs(self.missed) <= TOLERANCE * abs(self.difference)


def gradients(explained: ExplainedInput) -> dict[str, Singles]:
    """Return `gradient` (a length) and `gradient_x_input` (signed), each [token]."""
    gradient = gradient_pass(explained).embeddings
    product = (gradient * explained.embeddings()).sum(-1)
    return {"gradient": _array(gradient.norm(dim=-1)), "gradient_x_input": _array(product)}


def smoothed(explained: ExplainedInput) -> Singles:
    """Return the length of the mean gradient over SAMPLES texts with noise, [token]."""
    from captum.attr import NoiseTunnel, Saliency

    embeddings = explained.embeddings()
    spread = NOISE * float(embeddings.max() - embeddings.min())
    with explained.session(), torch.enable_grad(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        found: Tensor = NoiseTunnel(Saliency(explained.of_embeddings)).attribute(
            embeddings.requires_grad_(), nt_type="smoothgrad", nt_samples=SAMPLES,
            stdevs=spread, abs=False,
        )  # fmt: skip
    return _array(found.norm(dim=-1))


def most_steps(tokens: int) -> int:
    """Return how many steps the integrated gradients of a text of so many tokens may take."""
    return max(MOST, MOST_TOKENS // tokens)


def integrated(
    explained: ExplainedInput, tolerance: float = TOLERANCE, most: int | None = None
) -> Integral:
    """Return the integrated gradients from the blank text, with as many steps as they need.

    The way from blank to text is cut into pieces, and a cubic spline through the gradients at
    their ends is integrated. What each piece should add up to is known, for free, from the
    answers at its ends: while the whole misses more than `tolerance` (a share of the difference)
    and there are fewer than `most` steps (see `most_steps`), the worst pieces are halved: one of a
    long text, several of a short one. No gradient is taken twice, and that of the text itself is
    the one that `gradient_pass` has found. ValueError for fewer than FEWEST steps.
    """
    most = most_steps(len(explained.tokens)) if most is None else most
    if most < FEWEST:
        raise ValueError(f"the integral takes at least {FEWEST} steps, not {most}")
    way, here = _Way(explained), gradient_pass(explained)
    places = np.linspace(0, 1, min(STEPS, most) + 1)
    heights, parts = way.at(places[:-1])
    heights = np.append(heights, here.score)
    parts = np.vstack([parts, way.parts(here.embeddings)])
    while True:
        shares = pieces(places)
        missed = shares @ parts.sum(axis=1) - np.diff(heights)
        integral = Integral(
            values=(shares.sum(axis=0) @ parts).astype(np.float32),
            steps=len(places) - 1,
            difference=float(heights[-1] - heights[0]),
            missed=float(missed.sum()),
            score=float(heights[-1]),
        )
        close = abs(integral.missed) <= tolerance * abs(integral.difference)
        if close or integral.steps >= most:
            return integral
        more = min(max(1, MORE_TOKENS // len(explained.tokens)), most - integral.steps)
        worst = np.sort(np.argsort(-np.abs(missed), kind="stable")[:more])
        middles = (places[worst] + places[worst + 1]) / 2
        height, part = way.at(middles)
        places = np.insert(places, worst + 1, middles)
        heights = np.insert(heights, worst + 1, height)
        parts = np.insert(parts, worst + 1, part, axis=0)


def pieces(places: Doubles) -> Doubles:
    """Return what the height at each place adds to the integral over each piece, [piece, place].

    The integral is that of the cubic spline through the heights (not-a-knot at its ends).
    """
    from scipy.interpolate import CubicSpline

    whole = CubicSpline(places, np.eye(len(places))).antiderivative()(places)
    shares: Doubles = np.diff(whole, axis=0)
    return shares


class _Way:
    """The straight way from the blank text to the text, in embeddings."""

    def __init__(self, explained: ExplainedInput) -> None:
        self.explained = explained
        self.baseline = explained.baseline_embeddings()
        self.whole = explained.embeddings() - self.baseline

    def at(self, places: Doubles) -> tuple[Doubles, Doubles]:
        """Return the score at places in [0, 1] of the way, and the tokens' part in its gradient.

        Each [place] and [place, token].
        """
        size = max(1, BACK_TOKENS // self.whole.shape[1])
        heights, parts = [], []
        with self.explained.session(), torch.enable_grad():
            for start in range(0, len(places), size):
                share = torch.from_numpy(places[start : start + size]).to(self.whole)
                point = (self.baseline + share[:, None, None] * self.whole).requires_grad_()
                score = self.explained.of_embeddings(point)
                [gradient] = torch.autograd.grad(score.sum(), point)
                heights.append(score.detach().double().cpu().numpy())
                parts.append(self.parts(gradient))
        return np.concatenate(heights), np.concatenate(parts)

    def parts(self, gradient: Tensor) -> Doubles:
        """Return how much of the gradient along the way is each token's, [place, token]."""
        found: Doubles = (gradient * self.whole).sum(-1).double().cpu().numpy()
        _check(found)
        return found


def _array(values: Any) -> Singles:
    """Return [1, token] as float32 on the CPU; ValueError where it is not finite."""
    array: Singles = values[0].detach().float().cpu().numpy()
    _check(array)
    return array


def _check(array: npt.NDArray[Any]) -> None:
    if not np.isfinite(array).all():
        raise ValueError("the gradient is not finite; try --dtype float32")
