"""Which heads attend alike."""

from .distances import ANALYSIS as ANALYSIS
