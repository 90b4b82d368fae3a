"""What to look for in a text, where the model that read it can show that. Pure."""

from __future__ import annotations

from ...capture import Capture

CROSS = "cross-attention"


def looked_for(capture: Capture) -> str | None:
    """Return the note of a text, None where it is about what this model has not.

    The note of a text that has a translation is about that, and so for models that read both.
    """
    record = capture.record
    if not record.note or any(one.kind == "cross" for one in capture.maps):
        return record.note
    unread = bool(record.target) and "continuation" not in capture.prediction
    return None if unread or CROSS in record.note.lower() else record.note
