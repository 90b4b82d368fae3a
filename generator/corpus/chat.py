"""A record that is a chat: its messages, and the text that they are together."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .fields import Row, clean, is_absent, kind
from .spans import RecordError, quoted

BETWEEN = "\n"
SHARED = {"human": "user", "gpt": "assistant"}
"""What ShareGPT calls the roles, whose messages are `{from, value}`."""
FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat: who says it (`user`, `assistant`, `system`, ...) and what."""

    role: str
    content: str


def chat(row: Row, name: str) -> tuple[Message, ...]:
    """Return the messages of a row: a list of `{role, content}`, or that as JSON (a CSV cell)."""
    value = row.get(name)
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise RecordError(f"'{name}' is a text and not JSON: {quoted(value)}") from error
    if is_absent(value):
        return ()
    if not isinstance(value, list | tuple):
        raise RecordError(f"'{name}' is {kind(value)}, not a list of messages")
    return tuple(_message(f"{name}[{place}]", item) for place, item in enumerate(value))


def spoken(messages: Sequence[Message]) -> str:
    """Return what the messages of a chat say, one below the other: the text of its record."""
    return BETWEEN.join(message.content for message in messages)


def flag(row: Row, name: str) -> bool:
    """Return a field that is true or false; in a text (a CSV cell) these words count."""
    value = row.get(name)
    if isinstance(value, bool) or is_absent(value):
        return value is True
    if isinstance(value, str) and value.strip().lower() in FLAGS:
        return FLAGS[value.strip().lower()]
    raise RecordError(f"'{name}' is {quoted(value)}, neither true nor false")


def _message(name: str, value: object) -> Message:
    if isinstance(value, Message):
        return value
    if not isinstance(value, Mapping):
        raise RecordError(f"'{name}' is {kind(value)}, not a message with 'role' and 'content'")
    given = {key: part for key, part in value.items() if not is_absent(part)}
    if given.keys() == {"from", "value"}:
        role = given["from"]
        given = {"role": SHARED.get(str(role), role), "content": given["value"]}
    for key in ("role", "content"):
        if key not in given:
            raise RecordError(f"'{name}' has no '{key}'")
    if others := sorted(str(key) for key in given.keys() - {"role", "content"}):
        raise RecordError(f"'{name}' has {quoted(others[0])}, which is not read; leave it out")
    content = _joined(f"{name}.content", given["content"])
    return Message(clean(f"{name}.role", given["role"]), clean(f"{name}.content", content))


def _joined(name: str, value: object) -> object:
    """Return what a message says where that stands in parts, all of them texts."""
    if not isinstance(value, list | tuple) or not all(isinstance(p, Mapping) for p in value):
        return value
    if other := next((part for part in value if part.get("type") != "text"), None):
        raise RecordError(f"'{name}' holds {quoted(other.get('type'))}, and only texts are read")
    return BETWEEN.join(clean(name, part.get("text")) for part in value)
