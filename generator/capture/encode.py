"""What a tokenizer makes of a text: ids and where each came from, with typed markers kept text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ..corpus import RecordError
from .locate import Offsets, locate
from .maps import Token

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


def fast_encoding(
    tokenizer: Any, texts: Texts, limit: int, target: bool, meant: bool = False
) -> Encoded:
    """Encode with a tokenizer that knows its offsets; markers in the texts may be `meant`."""
    call = _call(texts, limit, target) | {"split_special_tokens": not meant}
    if meant and texts[0].lstrip().startswith(opening(tokenizer)):
        call["add_special_tokens"] = False
    [encoding] = tokenizer(**call).encodings
    return _encoded(encoding)


def structural(tokenizer: Any, masks: bool = False) -> set[int]:
    """Return the numbers of the special tokens but the unknown one and, if `masks`, the mask."""
    added = getattr(tokenizer, "added_tokens_decoder", {})
    special = {number for number, token in added.items() if token.special}
    apart = {tokenizer.unk_token_id, tokenizer.mask_token_id if masks else None}
    return special.union(tokenizer.all_special_ids) - apart


def marked(tokenizer: Any, tokens: Sequence[Token]) -> Iterator[Token]:
    """Yield tokens, of which the markers of the text are special and keep their places."""
    meant = structural(tokenizer, masks=True)
    names = tokenizer.convert_ids_to_tokens([token.id for token in tokens])
    for token, name in zip(tokens, names, strict=True):
        own = token.id in meant and token.start is not None
        yield replace(token, text=name, special=True, name=None) if own else token


def opening(tokenizer: Any) -> tuple[str, ...]:
    """Return the marker that a tokenizer puts before every text, as a tuple; empty for none."""
    first = tokenizer("x")["input_ids"][:1]
    return tuple(tokenizer.convert_ids_to_tokens(first)) if structural(tokenizer) & {*first} else ()


def literal_encoding(literal: Any, texts: Texts, limit: int) -> Encoded:
    """Encode with what `literal_tokenizer` returned."""
    if limit < UNCUT:
        literal.enable_truncation(limit)
    else:
        literal.no_truncation()
    return _encoded(literal.encode(*texts))


def spells_special(tokenizer: Any, encoded: Encoded) -> bool:
    """Say whether a special token came out of the text itself."""
    markers = structural(tokenizer)
    pairs = zip(encoded.ids, encoded.special, strict=True)
    return any(token in markers and not special for token, special in pairs)


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
    tokenizer: Any,
    texts: Texts,
    limit: int,
    target: bool,
    masks: bool = False,
    meant: bool = False,
) -> Encoded:
    """Encode with a tokenizer that has no offsets, finding each token in the text by its name."""
    given = [text for text in texts if text is not None]
    kept = {tokenizer.unk_token, tokenizer.mask_token if masks else None}
    kept |= set(tokenizer.all_special_tokens) if meant else set()
    whole_already = meant and given[0].lstrip().startswith(opening(tokenizer))
    with _mode(tokenizer, target):
        names = [spelt_names(tokenizer, text, kept) for text in given]
        ids = [numbers_of(tokenizer, part, kept) for part in names]
        added = 0 if whole_already else tokenizer.num_special_tokens_to_add(pair=len(ids) > 1)
        ids = _cut(ids, max(0, limit - added))
        build = tokenizer.build_inputs_with_special_tokens
        whole = [n for part in ids for n in part] if whole_already else list(build(*ids))
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
    try:
        if target:
            tokenizer._switch_to_target_mode()
        else:
            tokenizer._switch_to_input_mode()
    except KeyError as error:
        name = "target_lang" if target else "source_lang"
        raise RecordError(
            f"the model needs to be told the language; give it as {name!r}"
        ) from error
    try:
        yield
    finally:
        tokenizer._switch_to_input_mode()


def spelt_names(tokenizer: Any, text: str, kept: set[str | None]) -> list[str]:
    """Return the tokens of a text by name, in which no special token is meant but those kept."""
    markers = set(tokenizer.all_special_tokens) - kept
    trie = tokenizer.tokens_trie
    tokenizer.tokens_trie = type(trie)(trie._tokens - markers)
    try:
        names = list(tokenizer.tokenize(text, split_special_tokens=False))
        if markers.isdisjoint(names):
            return names
        return list(tokenizer.tokenize(text, split_special_tokens=True))
    finally:
        tokenizer.tokens_trie = trie


def numbers_of(tokenizer: Any, names: list[str], kept: set[str | None]) -> list[int]:
    """Return the numbers of tokens; what spells a special token all the same is unknown."""
    markers = set(tokenizer.all_special_tokens) - kept
    typed = markers.intersection(names)
    if typed and tokenizer.unk_token is None:
        raise RecordError(f"this tokenizer cannot read {min(typed)!r} as text")
    found = tokenizer.convert_tokens_to_ids(
        [tokenizer.unk_token if name in markers else name for name in names]
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
