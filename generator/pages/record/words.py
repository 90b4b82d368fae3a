"""The words of a text as a page shows them: runs of its tokens. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ...capture import Token

UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003ffff]"
)
"""Scripts that put no space between words: there each token stands alone."""


def word_indices(tokens: Sequence[Token]) -> list[int]:
    """Return the index of the word that each token belongs to.

    A word is a run of letters, digits and what stands between them, such as an apostrophe; the
    marks before and after it are a word of their own, so that what rests on a full stop is not
    taken for what goes to the last word. A special token, and a token that is nothing but space,
    is alone.
    """
    indices: list[int] = []
    inner = False  # whether the token before stands inside a word
    for at, token in enumerate(tokens):
        joined = at > 0 and _goes_on(tokens[at - 1 : at + 2], _character(tokens, at), inner)
        inner = (joined and inner) or _is_word(token.text)
        indices.append((indices[-1] if indices else -1) + (not joined))
    return indices


def _character(tokens: Sequence[Token], at: int) -> str:
    """Return a token's text, or that of the token which completes its character."""
    return next((token.text for token in tokens[at:] if token.text or token.special), "")


def _goes_on(tokens: Sequence[Token], text: str, inner: bool) -> bool:
    """Say whether the second of two or three tokens is of the word of the first."""
    before, token, *rest = tokens
    if not _touch(before, token) or not text:
        return False
    if not before.text or _attached(text[0]) or unicodedata.category(before.text[-1]) == "Cf":
        return True
    if UNSPACED.match(text) or UNSPACED.match(before.text[-1]):
        return False
    if _is_word(text):
        return inner
    after = next((one.text for one in rest if _touch(token, one)), "")
    return not _is_word(before.text) or (_is_word(after) and not UNSPACED.match(after))


def _touch(before: Token, token: Token) -> bool:
    """Say whether two tokens follow each other without a space, none of them special."""
    apart = re.search(r"\s$", before.text) or re.match(r"\s", token.text)
    return not (before.special or token.special or apart)


def _is_word(text: str) -> bool:
    """Say whether a text has a letter or a digit."""
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def _attached(character: str) -> bool:
    """Say whether a character is drawn with the one before it: a vowel sign, a joiner, a tone."""
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf", "Sk")
