"""A text as a model reads it, cut into pieces that join to exactly that text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ..corpus import Record, RecordError
from .encode import (
    UNCUT,
    Encoded,
    Texts,
    fast_encoding,
    literal_encoding,
    literal_tokenizer,
    slow_encoding,
    spells_special,
)
from .locate import Offsets
from .maps import Token


@dataclass(frozen=True, slots=True)
class Reading:
    """Token ids and segment numbers [token] as the model gets them, and the tokens as shown.

    `truncated` counts the tokens that did not fit.
    """

    ids: tuple[int, ...]
    segments: tuple[int, ...]
    tokens: tuple[Token, ...]
    truncated: int = 0

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(slots=True)
class Reader:
    """Reads records with one tokenizer: at most `limit` tokens each.

    A special token that somebody typed, such as `[SEP]`, stays text; only the mask token is
    meant where `masks` says that the model fills masks in.
    """

    tokenizer: Any
    limit: int
    masks: bool = False
    _literal: dict[tuple[str, bool], Any] = field(default_factory=dict, repr=False)

    def source(self, record: Record) -> Reading:
        """Read text and pair of a record, after its prefix if there is one."""
        prefix = record.prefix or ""
        with speaking(self.tokenizer, "src_lang", record.source_lang):
            return self._read((prefix + record.text, record.pair), len(prefix), target=False)

    def target(self, record: Record) -> Reading:
        """Read the text that a record wants the decoder to write."""
        with speaking(self.tokenizer, "tgt_lang", record.target_lang):
            return self._read((record.target or "", None), 0, target=True)

    def _read(self, texts: Texts, skip: int, target: bool) -> Reading:
        whole = self._encode(texts, UNCUT, target)
        encoded = self._encode(texts, self.limit, target) if len(whole.ids) > self.limit else whole
        cut = len(whole.ids) - len(encoded.ids)
        tokens = _tokens(self.tokenizer, encoded, texts, skip, _counts(whole))
        return Reading(tuple(encoded.ids), tuple(encoded.segments), tokens, cut)

    def _encode(self, texts: Texts, limit: int, target: bool) -> Encoded:
        if not getattr(self.tokenizer, "is_fast", False):
            return slow_encoding(self.tokenizer, texts, limit, target, self.masks)
        mask = self.tokenizer.mask_token if self.masks else None
        if not mask or mask not in f"{texts[0]} {texts[1]}":
            encoded = fast_encoding(self.tokenizer, texts, limit, target)
            if not spells_special(self.tokenizer, encoded):
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


def pieces(text: str, offsets: Sequence[Offsets], whole: bool = True) -> list[Offsets]:
    """Return where to cut the text so that the pieces of its tokens join to it.

    A gap goes to the token after it, but for marks on the last character before it. Of tokens that
    share a character the last one gets it, and the others get nothing. Unless `whole`, the text
    ends with its last token.
    """
    cuts = [0]
    for (_, end), (start, following) in pairwise(offsets):
        nowhere = start == following < end
        cut = max(cuts[-1], end if nowhere else min(start, end))
        while cut < start and unicodedata.combining(text[cut]):
            cut += 1
        cuts.append(cut)
    last = len(text) if whole else max(cuts[-1], offsets[-1][1])
    return list(zip(cuts, [*cuts[1:], last], strict=True))


def spelt_pieces(count: int, decode: Callable[[int], str]) -> tuple[str, list[str]]:
    """Return the text that tokens spell and each one's piece; `decode(n)` decodes the first n.

    A token whose character is not complete yet gets nothing; the one that completes it gets it.
    """
    text, done, found = decode(count), 0, []
    for number in range(1, count + 1):
        now = decode(number) if number < count else text
        reach = len(now) if text.startswith(now) else done
        found.append(text[done : max(reach, done)])
        done = max(reach, done)
    return text, found


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
            tokens[at] = _token(text, tokens[at], span, shared, left_out)
    return tuple(tokens)


def _token(text: str, token: Token, span: Offsets, shared: Offsets, skip: int) -> Token:
    """Return a token of the text; one without a piece keeps the place of what it shares."""
    start, end = span
    if end <= skip and skip:
        return Token(text[start:end], token.id, special=True)
    piece = text[max(start, skip) : end]
    if not piece and shared[0] < shared[1]:
        start, end = shared
    start, end = max(start, skip) - skip, max(end, skip) - skip
    return Token(piece, token.id, start=start, end=end, name=None if piece else token.text)
