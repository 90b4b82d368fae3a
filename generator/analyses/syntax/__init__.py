"""Which heads follow dependency trees."""

from .record import ANALYSIS as ANALYSIS
