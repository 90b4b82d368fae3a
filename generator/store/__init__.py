"""What was captured and computed before, kept by content."""

from .captures import MARKER, MARKER_TEXT, Store, sharded
from .keys import CAPTURED_FIELDS, capture_key, code_hash, digest, model_key
from .results import ResultStore

__all__ = [
    "CAPTURED_FIELDS",
    "MARKER",
    "MARKER_TEXT",
    "ResultStore",
    "Store",
    "capture_key",
    "code_hash",
    "digest",
    "model_key",
    "sharded",
]
