"""Which texts models label otherwise than people did, and how well they do over all."""

from .report import ANALYSIS as ANALYSIS
