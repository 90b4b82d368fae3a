"""How much of each token every head hands on."""

from .record import ANALYSIS as ANALYSIS
