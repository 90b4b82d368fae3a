"""The attention of a text as it was asked about: with the tokens masked that the question hides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from ..array_types import Singles
from ..capture import Capture
from ..capture.attend import attend
from .explained_input import ExplainedInput


def capture_as_asked(explained: ExplainedInput, capture: Capture) -> Capture:
    """Return the capture with the attention that the model pays while it is asked.

    That of the capture itself, unless the question masks tokens of the text: attention, saliency
    and erasure are then those of one and the same text.
    """
    if not explained.target.hidden:
        return capture
    with explained.session(), torch.no_grad():
        _, layers = attend(explained.model, explained.inputs, _array)
    maps = tuple(replace(part, weights=np.stack(layers[part.kind])) for part in capture.maps)
    return replace(capture, maps=maps)


def _array(weights: torch.Tensor) -> Singles:
    found: Singles = weights[0].float().cpu().numpy().copy()
    return found
