"""The words that speak for an answer and against it, and what becomes of it without them."""

from .record import ANALYSIS as ANALYSIS
