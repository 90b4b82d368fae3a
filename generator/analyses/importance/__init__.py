"""What an answer loses without each head."""

from .record import ANALYSIS as ANALYSIS
