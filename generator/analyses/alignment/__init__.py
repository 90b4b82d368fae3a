"""Word alignment by cross-attention, held against links that people drew."""

from .record import ANALYSIS as ANALYSIS
