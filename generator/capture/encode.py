"""What a tokenizer makes of a text: ids and where each came from, with typed markers kept text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Offsets = tuple[int, int]
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


def slow_encoding(tokenizer: Any, texts: Texts, limit: int, target: bool) -> Encoded:
    """Encode with a tokenizer that has no offsets, finding each token in the text by its name."""
    found = tokenizer(
        **_call(texts, limit, target),
        return_special_tokens_mask=True,
        return_token_type_ids=True,
    )
    ids, special = found["input_ids"], [bool(flag) for flag in found["special_tokens_mask"]]
    first = len(tokenizer.tokenize(texts[0], split_special_tokens=True))
    order = [place for place, flag in enumerate(special) if not flag]
    sequences: list[int | None] = [None] * len(ids)
    for rank, place in enumerate(order):
        sequences[place] = int(texts[1] is not None and rank >= first)
    names = tokenizer.convert_ids_to_tokens(ids)
    offsets = _offsets_by_name(names, sequences, texts)
    segments = found.get("token_type_ids") or [0] * len(ids)
    return Encoded(ids, segments, special, sequences, offsets)


def _offsets_by_name(
    names: Sequence[str], sequences: Sequence[int | None], texts: Texts
) -> list[Offsets]:
    """Find each token after the one before it; one that is not there gets no width."""
    places, offsets = [0, 0], []
    for name, sequence in zip(names, sequences, strict=True):
        surface = name.replace("▁", " ").removesuffix("</w>").removesuffix("@@").strip()
        text, start = texts[sequence or 0] or "", places[sequence or 0]
        at = text.lower().find(surface.lower(), start) if surface and sequence is not None else -1
        at = start if at < 0 or text[start:at].strip() else at
        found = text[at : at + len(surface)].lower() == surface.lower()
        end = at + len(surface) if found and sequence is not None else at
        offsets.append((at, end))
        places[sequence or 0] = end if sequence is not None else start
    return offsets


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
