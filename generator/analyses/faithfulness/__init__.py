"""What becomes of an answer without the tokens that are ranked first."""

from .record import ANALYSIS as ANALYSIS
