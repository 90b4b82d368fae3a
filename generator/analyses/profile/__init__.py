"""What the heads of a model do, over all its records."""

from .all_records import ANALYSIS as ANALYSIS
