"""Who is meant: where mentions look, whom models choose, and what changes within minimal pairs."""

from .report import ANALYSIS as ANALYSIS
