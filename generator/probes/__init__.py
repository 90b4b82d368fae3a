"""A model asked again about one text: what its answer depends on.

Needs the model in memory and torch. What is found here becomes a Result in `analyses`.
"""

from .attention import attention_gradients, gradient_pass, gradient_weighted_attention
from .erasure import answers, occlusion, otherwise
from .explained_input import ExplainedInput, inputs_of, remembering
from .gradients import gradients, smoothed

__all__ = [
    "ExplainedInput",
    "answers",
    "attention_gradients",
    "gradient_pass",
    "gradient_weighted_attention",
    "gradients",
    "inputs_of",
    "occlusion",
    "otherwise",
    "remembering",
    "smoothed",
]
