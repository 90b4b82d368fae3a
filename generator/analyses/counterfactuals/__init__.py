"""What becomes of answer, attention and rollout when a text is changed a little."""

from .report import ANALYSIS as ANALYSIS
from .report import compute as compute
