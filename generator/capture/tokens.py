"""A text as a model reads it, cut into pieces that join to exactly that text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from ..corpus import BETWEEN, Message, Record, RecordError
from .chat import ASSISTANT, chat_reading
from .encode import (
    UNCUT,
    Encoded,
    Texts,
    fast_encoding,
    literal_encoding,
    literal_tokenizer,
    marked,
    slow_encoding,
    spells_special,
)
from .maps import Token
from .pieces import TokenizedText, piece_token, pieces, spelt_pieces

__all__ = ["Reader", "TokenizedText", "language_number", "pieces", "speaking", "spelt_pieces"]


@dataclass(slots=True)
class Reader:
    """Reads records with one tokenizer: at most `limit` tokens each.

    A special token that somebody typed, such as `[SEP]`, stays text unless the record says that
    markers are meant; the mask token is meant where `masks` says that the model fills masks in.
    """

    tokenizer: Any
    limit: int
    masks: bool = False
    _literal: dict[tuple[str, bool], Any] = field(default_factory=dict, repr=False)

    def source(self, record: Record) -> TokenizedText:
        """Read text and pair of a record, after its prefix if there is one, or its chat."""
        prefix = record.prefix or ""
        with speaking(self.tokenizer, "src_lang", record.source_lang):
            if record.chat:
                return chat_reading(self.tokenizer, record, self.limit)
            texts = prefix + record.text, record.pair
            return self._read(texts, len(prefix), target=False, meant=record.markers)

    def continued(self, record: Record) -> TokenizedText:
        """Read the text of a record and its target as one: what a decoder is to go on with.

        The text alone where it leaves no room for that.
        """
        target = record.target or ""
        if record.chat:
            gap, chat = BETWEEN, (*record.chat, Message(ASSISTANT, target))
        else:
            apart = record.text[-1:].isspace() or not target[:1].isalnum()
            gap, chat = "" if apart else " ", ()
        reading = self.source(replace(record, text=record.text + gap + target, chat=chat))
        places = enumerate(reading.tokens)
        after = (at for at, t in places if not t.special and (t.end or 0) > len(record.text + gap))
        start = next(after, 0)
        return replace(reading, continued=start) if start else self.source(record)

    def target(self, record: Record) -> TokenizedText:
        """Read the text that a record wants the decoder to write."""
        with speaking(self.tokenizer, "tgt_lang", record.target_lang):
            return self._read((record.target or "", None), 0, target=True)

    def _read(self, texts: Texts, skip: int, target: bool, meant: bool = False) -> TokenizedText:
        whole = encoded = self._encode(texts, UNCUT, target, meant)
        if len(whole.ids) > self.limit:
            encoded = self._encode(texts, self.limit, target, meant)
        cut = len(whole.ids) - len(encoded.ids)
        tokens = _tokens(self.tokenizer, encoded, texts, skip, _counts(whole))
        if meant:
            tokens = tuple(marked(self.tokenizer, tokens))
        return TokenizedText(tuple(encoded.ids), tuple(encoded.segments), tokens, cut)

    def _encode(self, texts: Texts, limit: int, target: bool, meant: bool) -> Encoded:
        if not getattr(self.tokenizer, "is_fast", False):
            return slow_encoding(self.tokenizer, texts, limit, target, self.masks, meant)
        mask = self.tokenizer.mask_token if self.masks else None
        if meant or not mask or mask not in f"{texts[0]} {texts[1]}":
            encoded = fast_encoding(self.tokenizer, texts, limit, target, meant)
            if meant or not spells_special(self.tokenizer, encoded):
                return encoded
        language = str(getattr(self.tokenizer, "tgt_lang" if target else "src_lang", ""))
        if (language, target) not in self._literal:
            copy = literal_tokenizer(self.tokenizer, self.masks, target)
            self._literal[language, target] = copy
        return literal_encoding(self._literal[language, target], texts, limit)


@contextmanager
def speaking(tokenizer: Any, name: str, language: str | None) -> Iterator[None]:
    """Set `src_lang` or `tgt_lang` of a multilingual tokenizer for a while, if there is one."""
    if not language or not hasattr(tokenizer, name):
        yield
        return
    language_number(tokenizer, language)
    before = getattr(tokenizer, name)
    setattr(tokenizer, name, language)
    try:
        yield
    finally:
        setattr(tokenizer, name, before)


def language_number(tokenizer: Any, language: str) -> int:
    """Return the number of a language's token, or raise RecordError if there is none."""
    token = getattr(tokenizer, "lang_code_to_token", {}).get(language, language)
    number = tokenizer.convert_tokens_to_ids(token)
    if number is None or number == tokenizer.unk_token_id:
        raise RecordError(f"the model knows no language {language!r}")
    return int(number)


def _counts(encoded: Encoded) -> dict[int | None, int]:
    return {sequence: list(encoded.sequences).count(sequence) for sequence in (0, 1)}


def _tokens(
    tokenizer: Any,
    encoded: Encoded,
    texts: Texts,
    skip: int,
    counts: dict[int | None, int],
) -> tuple[Token, ...]:
    """Return each token with its piece; those within the first `skip` characters are special."""
    names = tokenizer.convert_ids_to_tokens(list(encoded.ids))
    tokens = [
        Token(name, token, special=True) for name, token in zip(names, encoded.ids, strict=True)
    ]
    for sequence, text in enumerate(texts):
        if text is None:
            continue
        places = [at for at, owner in enumerate(encoded.sequences) if owner == sequence]
        if not counts[sequence]:
            raise RecordError(f"the tokenizer leaves nothing of the text {text[:40]!r}")
        if not places:
            continue
        offsets = [encoded.offsets[at] for at in places]
        spans = pieces(text, offsets, whole=len(places) == counts[sequence])
        left_out = skip if sequence == 0 else 0
        for at, span, shared in zip(places, spans, offsets, strict=True):
            tokens[at] = piece_token(text, tokens[at], span, shared, left_out)
    return tuple(tokens)
