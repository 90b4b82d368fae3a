"""How translations were written: which source words stand behind each word, and how surely."""

from .report import ANALYSIS as ANALYSIS
