"""What to look for in a text, where the model that read it can show that. Pure."""

from __future__ import annotations

from ...capture import Capture

CROSS = "cross-attention"


def looked_for(capture: Capture, elsewhere: bool) -> str | None:
    """Return the note of a text, None where it is about what another model has and this has not.

    The note of a text that has a translation is about that, and so for models that read both. Where
    none of these reads the text, `elsewhere`, the note stands on every page: it is lost on none.
    """
    record = capture.record
    if not (record.note and elsewhere) or any(one.kind == "cross" for one in capture.maps):
        return record.note
    unread = bool(record.target) and "continuation" not in capture.prediction
    return None if unread or CROSS in record.note.lower() else record.note
