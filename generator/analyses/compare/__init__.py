"""Two models on the same texts: answers that changed, heads that moved, gaps that closed."""

from .report import ANALYSIS as ANALYSIS
