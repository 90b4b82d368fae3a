"""Texts of equal length need no padding, so a model that names no token for it can read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NOTHING = -1
"""The number of no token: a text without padding ends with its last token."""


@contextmanager
def unpadded(loaded: Any) -> Iterator[None]:
    """Let a decoder that classifies find the last token of each text of a batch.

    Without a token for padding, transformers refuses batches, though in none of ours is there any.
    """
    config = loaded.model.config.get_text_config()
    classifies = loaded.info.family == "decoder" and loaded.task == "classification"
    if not classifies or config.pad_token_id is not None:
        yield
        return
    config.pad_token_id = NOTHING
    try:
        yield
    finally:
        config.pad_token_id = None
