"""Tokens that came with nothing but their names: shown as the pieces of the text that they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from .locate import ENOUGH, located
from .maps import AttentionMap, Capture, Token
from .pieces import piece_token, pieces, spelt_pieces
from .spelling import blank_marked, byte_level, word_marked

UNKNOWN = frozenset({"[UNK]", "<unk>", "<UNK>"})
SPECIAL = re.compile(r"\[[A-Z_]+\]|</?[a-z]+>|<\|[^|]*\|>|<(start|end)_of_turn>|__\w+__")
"""What the special tokens of most vocabularies look like."""


def with_pieces(capture: Capture) -> Capture:
    """Return a capture in which tokens that say no place have one, found by their names."""
    record = capture.record
    written = record.target or str(capture.prediction.get("text") or "")
    source = (record.text, record.pair) if record.pair else (record.text,)

    def told(part: AttentionMap) -> AttentionMap:
        of = (written,) if part.kind in ("decoder", "cross") else source
        return replace(
            part,
            queries=named_tokens(part.queries, of),
            keys=named_tokens(part.keys, (written,) if part.kind == "decoder" else source),
            predicted=named_tokens(part.predicted, (written,)),
        )

    return replace(capture, maps=tuple(told(part) for part in capture.maps))


def named_tokens(tokens: tuple[Token, ...], texts: Sequence[str]) -> tuple[Token, ...]:
    """Return tokens with their pieces of a text, or of two, by their names.

    They stay as they are if one has a place, or if they join to the text already. Where they are
    of another text, a name is shown as what it spells.
    """
    if any(token.start is not None for token in tokens):
        return tokens
    if "".join(token.text for token in tokens if not token.special) == "".join(texts):
        return tokens
    if not any(token.special for token in tokens):
        tokens = tuple(_marked(token, " ".join(texts)) for token in tokens)
    own = [at for at, token in enumerate(tokens) if not token.special]
    names = [tokens[at].text for at in own]
    found = max(
        (_placed([names[:split], names[split:]], texts) for split in _splits(tokens, len(texts))),
        key=lambda one: one[0],
    )
    parts = found[1] if found[0] >= ENOUGH else spelt(names)
    shown = list(tokens)
    for at, part in zip(own, parts, strict=True):
        shown[at] = replace(part, id=tokens[at].id)
    return tuple(shown)


def spelt(names: Sequence[str]) -> list[Token]:
    """Return tokens that show what names spell, by the marks that are in them."""
    spell = _convention(names)
    if spell is None:
        return [Token(name) for name in names]
    parts = [name.encode() if name in UNKNOWN else spell(name) for name in names]
    _, found = spelt_pieces(
        len(parts), lambda count: b"".join(parts[:count]).decode(errors="replace")
    )
    return [Token(p, name=None if p else name) for p, name in zip(found, names, strict=True)]


def _marked(token: Token, text: str) -> Token:
    """Return a token as special if its name is that of a marker, and no word of the text."""
    marker = SPECIAL.fullmatch(token.text) and token.text not in UNKNOWN
    return replace(token, special=True) if marker and token.text not in text else token


def _splits(tokens: Sequence[Token], texts: int) -> list[int]:
    """Return where the tokens of a second text may begin among those that are not special."""
    runs = [len(list(run)) for special, run in groupby(tokens, lambda t: t.special) if not special]
    ends = [sum(runs[:count]) for count in range(1, len(runs) + 1)] or [0]
    return ends[:-1] if texts > 1 and len(ends) > 1 else ends[-1:]


def _placed(parts: Sequence[Sequence[str]], texts: Sequence[str]) -> tuple[float, list[Token]]:
    """Return how well tokens fit their texts, and their pieces of them."""
    shares, found = [], []
    for names, text in zip(parts, texts, strict=False):
        places, share = located(names, text, UNKNOWN)
        rest = text[places[-1][1] :] if places else ""
        whole = not any(letter.isalnum() for letter in rest)
        cuts = pieces(text, places, whole) if places else []
        shares.append(share)
        found += [
            piece_token(text, Token(n), c, p, 0)
            for n, c, p in zip(names, cuts, places, strict=True)
        ]
    return min(shares, default=0.0), found


def _convention(names: Sequence[str]) -> Callable[[str], bytes] | None:
    """Return how to read names that are marked in some way, None where they are plain."""
    if any("▁" in name for name in names):
        return blank_marked
    if any(name[:1] in ("Ġ", "Ċ") for name in names):
        return _visible_bytes
    for mark in ("##", "@@", "</w>"):
        if any(name.startswith(mark) or name.endswith(mark) for name in names):
            return _begins_with_a_blank(mark)
    return None


def _visible_bytes(name: str) -> bytes:
    try:
        return byte_level(name)
    except KeyError:
        return name.encode("utf-8", "replace")


def _begins_with_a_blank(mark: str) -> Callable[[str], bytes]:
    """Return how to read pieces of words: a blank stands where one word ends and another begins."""

    def read(name: str) -> bytes:
        plain = word_marked(name)
        if mark == "##":
            return plain if name.startswith(mark) else b" " + plain
        ends = name.endswith(mark) if mark == "</w>" else not name.endswith(mark)
        return plain + b" " if ends else plain

    return read
