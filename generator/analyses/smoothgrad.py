"""SmoothGrad: the gradient averaged over texts with a little noise in their embeddings.

Computed in `probes`, by way of captum: Smilkov et al. 2017.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..capture import Capture
from ..results.shapes import Result, Scores
from .analysis import ASKED_FIELDS, RecordProbe

if TYPE_CHECKING:
    from ..models import LoadedModel


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return Scores `smoothgrad`, the length of the mean gradient, float32 [token]."""
    from ..probes import ExplainedInput, smoothed

    explained = ExplainedInput.of(loaded, capture)
    if explained is None or not explained.content:
        return Result(ANALYSIS.name)
    return Result(ANALYSIS.name, scores=(Scores("smoothgrad", smoothed(explained)),))


ANALYSIS = RecordProbe(
    name="smoothgrad",
    title="SmoothGrad: the gradient, averaged over noise",
    about=(
        "The gradient of the answer at five texts whose embeddings are disturbed a little "
        "(normal noise, 15% of their range, always the same), averaged, and its length for each "
        "token: a method of saliency, shown beside the others."
    ),
    reading=(
        "A long bar is a token at which the answer moves most, in this text and in those around "
        "it. It has no sign."
    ),
    limits=(
        "Noise in embeddings is no change of words, and how much of it to add is a choice. Five "
        "samples leave some chance in it."
    ),
    cite=(
        "Smilkov et al. 2017, SmoothGrad, https://arxiv.org/abs/1706.03825; "
        "Kokhlikyan et al. 2020, Captum, https://arxiv.org/abs/2009.07896"
    ),
    compute=compute,
    optional=True,
    fields=ASKED_FIELDS,
    method=True,
)
