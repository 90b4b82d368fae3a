"""How differently the same word attends in two texts."""

from .record import ANALYSIS as ANALYSIS
