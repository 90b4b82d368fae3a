"""A chat as a tokenizer's own template writes it, each token with its place in the messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from ..corpus import Message, Record, RecordError
from .encode import literal_tokenizer, marked, numbers_of, spelt_names, structural
from .locate import Offsets, locate
from .maps import Token
from .pieces import TokenizedText, piece_token, pieces

ASSISTANT = "assistant"
STAND_IN = "\ue010{}\ue011"
"""What stands for a message while it is found out where the template puts it."""


class TextSpan(NamedTuple):
    """Where a message stands in what the template wrote, and where that is in the record's text."""

    start: int
    end: int
    at: int


def chat_reading(tokenizer: Any, record: Record, limit: int) -> TokenizedText:
    """Read a record's chat; what the template adds to the messages is special."""
    written, places = rendered(tokenizer, record.chat)
    tokens, offsets = _encoded(tokenizer, written, places, record.markers)
    kept = min(len(tokens), limit)
    own = {at: span for at, one in enumerate(offsets) if (span := _own(one, places))}
    read = {at: span for at, span in own.items() if at < kept}
    if not read:
        raise RecordError(f"the tokenizer leaves nothing of the text {record.text[:40]!r}")
    found = [_added(tokens[at], written[slice(*offsets[at])]) for at in range(kept)]
    cuts = pieces(record.text, list(read.values()), whole=len(read) == len(own))
    for (at, span), cut in zip(read.items(), cuts, strict=True):
        found[at] = piece_token(record.text, tokens[at], cut, span, 0)
    if record.markers:
        found = [*marked(tokenizer, found)]
    ids = tuple(int(token.id or 0) for token in tokens[:kept])
    return TokenizedText(ids, (0,) * kept, tuple(found), len(tokens) - kept)


def rendered(tokenizer: Any, messages: Sequence[Message]) -> tuple[str, list[TextSpan]]:
    """Return a chat as the template of its tokenizer writes it, and where the messages stand.

    A chat that does not end with the assistant gets the opening of its answer.
    """
    if not getattr(tokenizer, "chat_template", None):
        raise RecordError("the tokenizer has no chat template; give the whole text as 'text'")
    marks = [STAND_IN.format(number) for number in range(len(messages))]
    frame, written = (
        _render(tokenizer, messages, contents)
        for contents in (marks, [message.content for message in messages])
    )
    found, reach, at = [], 0, 0
    for number, message in enumerate(messages):
        before, mark, frame = frame.partition(marks[number])
        start = reach + len(before)
        said = _said(message.content, written[start:], frame.partition(STAND_IN[0])[0])
        if not mark or said is None or written[reach:start] != before:
            raise RecordError(
                f"the tokenizer's chat template changes, moves or leaves out message {number + 1} "
                f"({message.role!r}); give the whole text as 'text', with markers = true"
            )
        reach = start + len(said)
        found.append(TextSpan(start, reach, at + message.content.index(said)))
        at += len(message.content) + 1
    return written, found


def _said(content: str, rest: str, following: str) -> str | None:
    """Return a message as the template writes it: whole, or without its outer blanks."""
    forms = (content, content.strip(), content.rstrip(), content.lstrip())
    return next((form for form in forms if rest.startswith(form + following)), None)


def _render(tokenizer: Any, messages: Sequence[Message], contents: Sequence[str]) -> str:
    chat = [
        {"role": message.role, "content": content}
        for message, content in zip(messages, contents, strict=True)
    ]
    try:
        return str(
            tokenizer.apply_chat_template(
                chat, tokenize=False, add_generation_prompt=messages[-1].role != ASSISTANT
            )
        )
    except Exception as error:  # the template is the model's, and may raise what it likes
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise RecordError(
            f"the tokenizer's chat template refuses the chat: {lines[0].rstrip('.: ')}"
        ) from error


def _encoded(
    tokenizer: Any, written: str, places: Sequence[TextSpan], meant: bool
) -> tuple[list[Token], list[Offsets]]:
    """Return the tokens of what the template wrote, by name, and their places in it.

    A marker that a message spells is read as text, apart from the rest, unless it is `meant`.
    """
    tokens, offsets = _part(tokenizer, written, 0, len(written), literal=False)
    markers = structural(tokenizer)
    pairs = zip(tokens, offsets, strict=True)
    typed = [span for token, span in pairs if token.id in markers and _own(span, places)]
    if meant or not typed:
        return tokens, offsets
    bounds = sorted({0, len(written), *(end for span in typed for end in span)})
    parts = [
        _part(tokenizer, written, start, end, literal=(start, end) in typed)
        for start, end in pairwise(bounds)
    ]
    return [t for part, _ in parts for t in part], [span for _, part in parts for span in part]


def _part(
    tokenizer: Any, written: str, start: int, end: int, literal: bool
) -> tuple[list[Token], list[Offsets]]:
    """Return the tokens of a part of a text, read as if a line had ended before it."""
    before = "\n" if start else ""
    text = before + written[start:end]
    if not getattr(tokenizer, "is_fast", False):
        kept = {tokenizer.unk_token} | (set() if literal else set(tokenizer.all_special_tokens))
        names = spelt_names(tokenizer, text, kept)
        ids, spans = numbers_of(tokenizer, names, kept), locate(names, text, {tokenizer.unk_token})
    else:
        encoding = _fast(tokenizer, text, literal)
        ids, spans = encoding.ids, encoding.offsets
        names = tokenizer.convert_ids_to_tokens(ids)
    shift = start - len(before)
    rows = [
        (Token(name, number, special=True), (max(a + shift, start), max(b + shift, start)))
        for name, number, (a, b) in zip(names, ids, spans, strict=True)
        if b > len(before) or not before
    ]
    return [token for token, _ in rows], [span for _, span in rows]


def _fast(tokenizer: Any, text: str, literal: bool) -> Any:
    if literal:
        return literal_tokenizer(tokenizer, masks=False).encode(text, add_special_tokens=False)
    options = {"add_special_tokens": False, "split_special_tokens": False, "verbose": False}
    return tokenizer(text, **options).encodings[0]


def _own(span: Offsets, places: Sequence[TextSpan]) -> Offsets | None:
    """Return where a token lies in the record's text, None if it is of the template alone."""
    found: list[Offsets] = list(_shares(span, places))
    return (found[0][0], found[-1][1]) if found else None


def _shares(span: Offsets, places: Sequence[TextSpan]) -> Iterator[Offsets]:
    for start, end, at in places:
        low, high = max(span[0], start), min(span[1], end)
        if low < high:
            yield low - start + at, high - start + at


def _added(token: Token, piece: str) -> Token:
    """Return a token of the template: its piece, or its name where it has none to be seen."""
    return Token(piece if piece.strip() else token.text, token.id, special=True)
