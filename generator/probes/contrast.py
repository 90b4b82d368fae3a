"""One word against another where a model chooses words: the record's own, or two pronouns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..capture import Capture
from ..capture.encode import UNCUT
from ..capture.token_positions import blank_position, mask_positions, mention_positions, target_ids
from ..capture.tokens import Reader
from ..corpus import Record, find_span
from ..models import LoadedModel

PRONOUNS = {
    "she": "he", "he": "she", "him": "her", "his": "her", "hers": "his",
    "herself": "himself", "himself": "herself",
}  # fmt: skip
"""A gendered pronoun and the one it is compared with. Not `her`: it stands for him and for his."""


@dataclass(frozen=True, slots=True)
class WordPair:
    """Two words and their numbers in the output; `place` is where they compete, if told."""

    one: str
    other: str
    at: int
    against: int
    place: int | None = None
    where: str = ""


def pair_of(loaded: LoadedModel, capture: Capture) -> WordPair | None:
    """Return the two words that a record is about, None where there are none, or not one token.

    `contrast` of the record, else its mention where that is a gendered pronoun. They compete where
    one of them stands: at the mention, or in a translation; else at the mask or as the next word.
    """
    record, task = capture.record, loaded.task
    if task == "translation":
        return _in_translation(loaded, capture, record.contrast) if record.contrast else None
    places = [] if mask_positions(capture) else mention_positions(capture)
    if record.mention and len(places) == 1 and (task != "causal-lm" or places[0] > 0):
        words = record.contrast or _pronouns(record.mention.text)
        return _at_mention(loaded, capture, words, places[0]) if words else None
    return _at_the_end(loaded, capture, record.contrast) if record.contrast else None


def _pronouns(mention: str) -> tuple[str, ...]:
    """Return a gendered pronoun and its counterpart, in the case of the text; else nothing."""
    other = PRONOUNS.get(mention.lower())
    if other is None:
        return ()
    return mention, other.capitalize() if mention[0].isupper() else other


def _at_mention(
    loaded: LoadedModel, capture: Capture, words: Sequence[str], place: int
) -> WordPair | None:
    """Return the pair where the mention stands: a model that reads on says it one token before."""
    mention = capture.record.mention
    assert mention is not None  # it has a place
    ids = [_in_place(loaded, capture, (mention.start, mention.end), place, w) for w in words]
    if loaded.task == "causal-lm":
        return _pair(words, ids, place - 1, f"where “{mention.text}” stands")
    return _pair(words, ids, place)


def _at_the_end(loaded: LoadedModel, capture: Capture, words: Sequence[str]) -> WordPair | None:
    """Return the pair at the first mask, or as what comes next."""
    place = blank_position(capture)
    if loaded.task == "causal-lm":
        return _pair(words, [_appended(loaded, capture.record, word) for word in words])
    if place is None:
        return None
    token = capture.maps[0].queries[place]
    spaces = len(token.text) - len(token.text.lstrip())
    span = (token.start or 0) + spaces, token.end or 0
    return _pair(words, [_in_place(loaded, capture, span, place, word) for word in words], place)


def _pair(
    words: Sequence[str], ids: Sequence[int | None], place: int | None = None, where: str = ""
) -> WordPair | None:
    one, other = ids
    if one is None or other is None or one == other:
        return None
    return WordPair(words[0], words[1], one, other, place, where)


def _in_place(
    loaded: LoadedModel, capture: Capture, span: tuple[int, int], place: int, word: str
) -> int | None:
    """Return the token that a word becomes in place of a piece of the text, if it is one."""
    read, record = _reader(loaded), capture.record
    text = record.text[: span[0]] + word + record.text[span[1] :]
    was, now = (read.source(one).ids for one in (record, replace(record, text=text)))
    others = [at for at, (a, b) in enumerate(zip(was, now, strict=False)) if a != b and at != place]
    return None if len(was) != len(now) or others else _known(loaded, now[place])


def _appended(loaded: LoadedModel, record: Record, word: str) -> int | None:
    """Return the token that a word becomes after the text, None where it is not one."""
    space = "" if record.text[-1].isspace() else " "
    read, text = _reader(loaded), f"{record.text}{space}{word}"
    was, now = (read.source(one).ids for one in (record, replace(record, text=text)))
    start = next((at for at, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), len(was))
    if now != (*was[:start], *now[start : start + 1], *was[start:]) or len(now) == len(was):
        return None
    return _known(loaded, now[start])


def _known(loaded: LoadedModel, number: int) -> int | None:
    return None if number == loaded.tokenizer.unk_token_id else number


def _reader(loaded: LoadedModel) -> Reader:
    return Reader(loaded.tokenizer, UNCUT, masks=loaded.task == "masked-lm")


def _in_translation(loaded: LoadedModel, capture: Capture, words: Sequence[str]) -> WordPair | None:
    """Return the pair where one of its words stands in the translation, the other in its place."""
    text, labels = str(capture.prediction["text"]), target_ids(capture)
    read = Reader(loaded.tokenizer, UNCUT)
    for word, other in (words, words[::-1]):
        if (span := find_span(text, word)) is None:
            continue
        changed = text[: span.start] + other + text[span.end :]
        found = [read.target(replace(capture.record, target=t)).ids for t in (text, changed)]
        differ = [at for at, (a, b) in enumerate(zip(*found, strict=False)) if a != b]
        if len(found[0]) == len(found[1]) and len(differ) == 1 and tuple(found[0]) == labels:
            at = differ[0]
            ids = [_known(loaded, one[at]) for one in found]
            return _pair((word, other), ids, at, f"as token {at} of the translation")
    return None
