"""What a tokenizer makes of a text: ids and where each came from, with typed markers kept text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..corpus import RecordError
from .locate import Offsets, locate

Texts = tuple[str, str | None]
UNCUT = 10**9


@dataclass(frozen=True, slots=True)
class Encoded:
    """What a tokenizer made of a text and its pair, one entry a token."""

    ids: Sequence[int]
    segments: Sequence[int]
    special: Sequence[bool]
    sequences: Sequence[int | None]
    offsets: Sequence[Offsets]


def fast_encoding(tokenizer: Any, texts: Texts, limit: int, target: bool) -> Encoded:
    """Encode with a tokenizer that knows its offsets."""
    [encoding] = tokenizer(**_call(texts, limit, target)).encodings
    return _encoded(encoding)


def literal_encoding(literal: Any, texts: Texts, limit: int) -> Encoded:
    """Encode with what `literal_tokenizer` returned."""
    if limit < UNCUT:
        literal.enable_truncation(limit)
    else:
        literal.no_truncation()
    return _encoded(literal.encode(*texts))


def spells_special(tokenizer: Any, encoded: Encoded) -> bool:
    """Say whether a special token came out of the text itself."""
    structural = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    pairs = zip(encoded.ids, encoded.special, strict=True)
    return any(token in structural and not special for token, special in pairs)


def literal_tokenizer(tokenizer: Any, masks: bool, target: bool = False) -> Any:
    """Return a copy of a fast tokenizer in which no text can spell a special token.

    They keep their numbers and lose their names; the mask keeps its name if `masks`. `target` says
    that it is to read what a decoder writes.
    """
    from tokenizers import Tokenizer

    if target:
        tokenizer._switch_to_target_mode()
    parts = json.loads(tokenizer.backend_tokenizer.to_str())
    if target:
        tokenizer._switch_to_input_mode()
    keep = {tokenizer.unk_token, tokenizer.mask_token if masks else None}
    added = parts["added_tokens"]
    names = {token["content"] for token in added if token["special"]} - keep
    parts["added_tokens"] = [token for token in added if token["content"] not in names]
    for token in parts["added_tokens"]:
        token["special"] = False
    vocabulary = parts["model"]["vocab"]
    if isinstance(vocabulary, dict):
        parts["model"]["vocab"] = {_unspelt(name, names): at for name, at in vocabulary.items()}
    else:
        parts["model"]["vocab"] = [[_unspelt(name, names), score] for name, score in vocabulary]
    return Tokenizer.from_str(json.dumps(parts))


def _unspelt(name: str, names: set[str]) -> str:
    """Return a name that no text holds (it has a NUL, which records never have)."""
    return f"\0{name}" if name in names else name


def slow_encoding(
    tokenizer: Any, texts: Texts, limit: int, target: bool, masks: bool = False
) -> Encoded:
    """Encode with a tokenizer that has no offsets, finding each token in the text by its name."""
    given = [text for text in texts if text is not None]
    kept = {tokenizer.unk_token, tokenizer.mask_token if masks else None}
    with _mode(tokenizer, target):
        names = [_spelt(tokenizer, text, kept) for text in given]
        ids = [_numbers(tokenizer, part, kept) for part in names]
        room = max(0, limit - tokenizer.num_special_tokens_to_add(pair=len(ids) > 1))
        ids = _cut(ids, room)
        whole = list(tokenizer.build_inputs_with_special_tokens(*ids))
        segments = list(tokenizer.create_token_type_ids_from_sequences(*ids))
    owners = _owners(whole, ids)
    unknown = {str(tokenizer.unk_token)}
    places = [locate(part, text, unknown) for part, text in zip(names, given, strict=True)]
    found = [iter(part) for part in places]
    offsets = [(0, 0) if owner is None else next(found[owner]) for owner in owners]
    segments += [0] * (len(whole) - len(segments))
    return Encoded(whole, segments, [owner is None for owner in owners], owners, offsets)


@contextmanager
def _mode(tokenizer: Any, target: bool) -> Iterator[None]:
    """Let a translator's tokenizer read as what it reads, or as what it is to write."""
    if not hasattr(tokenizer, "_switch_to_target_mode"):
        yield
        return
    if target:
        tokenizer._switch_to_target_mode()
    else:
        tokenizer._switch_to_input_mode()
    try:
        yield
    finally:
        tokenizer._switch_to_input_mode()


def _spelt(tokenizer: Any, text: str, kept: set[str | None]) -> list[str]:
    """Return the tokens of a text by name, in which no special token is meant but those kept."""
    structural = set(tokenizer.all_special_tokens) - kept
    trie = tokenizer.tokens_trie
    tokenizer.tokens_trie = type(trie)(trie._tokens - structural)
    try:
        names = list(tokenizer.tokenize(text, split_special_tokens=False))
        if structural.isdisjoint(names):
            return names
        return list(tokenizer.tokenize(text, split_special_tokens=True))
    finally:
        tokenizer.tokens_trie = trie


def _numbers(tokenizer: Any, names: list[str], kept: set[str | None]) -> list[int]:
    """Return the numbers of tokens; what spells a special token all the same is unknown."""
    structural = set(tokenizer.all_special_tokens) - kept
    typed = structural.intersection(names)
    if typed and tokenizer.unk_token is None:
        raise RecordError(f"this tokenizer cannot read {min(typed)!r} as text")
    found = tokenizer.convert_tokens_to_ids(
        [tokenizer.unk_token if name in structural else name for name in names]
    )
    return [int(number) for number in found]


def _cut(ids: list[list[int]], room: int) -> list[list[int]]:
    """Return texts in tokens, of which the longest is cut until all have room."""
    if sum(map(len, ids)) <= room:
        return ids
    *first, last = ids
    share = max(room - room // len(ids), room - len(last)) if first else 0
    shares = [min(share, len(first[0]))] if first else []
    return [part[:most] for part, most in zip(ids, [*shares, room - sum(shares)], strict=True)]


def _owners(whole: list[int], ids: list[list[int]]) -> list[int | None]:
    """Return which text each token is of, None for what the tokenizer has added."""
    owners: list[int | None] = [None] * len(whole)
    start = 0
    for owner, part in enumerate(ids):
        while part and whole[start : start + len(part)] != part:
            start += 1
        owners[start : start + len(part)] = [owner] * len(part)
        start += len(part)
    return owners


def _encoded(encoding: Any) -> Encoded:
    special = [bool(flag) for flag in encoding.special_tokens_mask]
    return Encoded(
        encoding.ids, encoding.type_ids, special, encoding.sequence_ids, encoding.offsets
    )


def _call(texts: Texts, limit: int, target: bool) -> dict[str, Any]:
    """Return the arguments of a call to a tokenizer."""
    given = {"text_target": texts[0]} if target else {"text": texts[0], "text_pair": texts[1]}
    cut = {"truncation": True, "max_length": limit} if limit < UNCUT else {}
    return {**given, **cut, "split_special_tokens": True, "verbose": False}
