"""A model asked again about one text: what its answer depends on.

Needs the model in memory and torch. What is found here becomes a Result in `analyses`.
"""

from .erasure import answers, occlusion
from .gradients import gradients
from .question import Question, inputs_of

__all__ = ["Question", "answers", "gradients", "inputs_of", "occlusion"]
