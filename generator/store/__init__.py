"""What was captured and computed before, kept by content."""

from .captures import (
    MARKER,
    MARKER_TEXT,
    Store,
    StoredResults,
    capture_key,
    code_version,
    model_key,
    question_key,
    sharded,
)
from .spool import Spool

__all__ = [
    "MARKER",
    "MARKER_TEXT",
    "Spool",
    "Store",
    "StoredResults",
    "capture_key",
    "code_version",
    "model_key",
    "question_key",
    "sharded",
]
