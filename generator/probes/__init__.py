"""A model asked again about one text: what its answer depends on.

Needs the model in memory and torch. What is found here becomes a Result in `analyses`.
"""

from .attention import attention_slopes, attention_steps, slopes
from .erasure import answers, occlusion
from .explained_input import Question, inputs_of, remembering
from .gradients import gradients, smoothed

__all__ = [
    "Question",
    "answers",
    "attention_slopes",
    "attention_steps",
    "gradients",
    "inputs_of",
    "occlusion",
    "remembering",
    "slopes",
    "smoothed",
]
