"""What drives the answers of a classifier: words over all texts, and aspects."""

from .report import ANALYSIS as ANALYSIS
