"""WinoBias: numbered sentences, a person and the pronoun that means that person in brackets.

Zhao et al. 2018, https://doi.org/10.18653/v1/N18-2003. Lines of the same number in the
stereotypical and the anti-stereotypical file are pairs; most of them differ in the pronoun alone.
Lines that begin alike, up to the first gendered pronoun, are endings of one sentence: one frame.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ...results.wording import counted
from ..objects import lines_of
from ..options import ReadOptions
from ..record import Corpus, Record
from ..spans import RecordError
from ..table import Placed, RawTable

FORM = "WinoBias"
LINE = re.compile(r"(\d+)\s+(.*\[[^\[\]]+\].*)")
BRACKETS = re.compile(r"\[([^\[\]]+)\]")
GENDERS = {
    **dict.fromkeys(("he", "him", "his", "himself"), "male"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "female"),
}
WORD = re.compile(r"\w+|[^\w\s]")
OPENING = 5
"""Words that two people and a verb have at least; fewer are in many sentences of their own."""
SIDES = re.compile(r"(?:pro|anti)[_-]?stereotyped|\b(?:pro|anti)\b|(?<=_)(?:pro|anti)(?=_)", re.I)


def recognises(content: str) -> bool:
    """Say whether the first lines are numbered and have a person and a pronoun in brackets."""
    lines = [line for _, line in lines_of(content[:20_000])][:20]
    fits = [_is_line(line) for line in lines]
    return bool(lines) and 2 * sum(fits) > len(lines)


def _is_line(line: str) -> bool:
    found = BRACKETS.findall(line) if LINE.fullmatch(line.strip()) else []
    return len(found) > 1 and any(piece.strip().lower() in GENDERS for piece in found)


def read(content: str, options: ReadOptions) -> RawTable:
    """Read sentences without their brackets: the pronoun is the mention, the person the answer.

    Who else the pronoun might mean is not marked in these files, so there are no candidates.
    """
    rows, several, her = [], 0, 0
    for number, line in lines_of(content):
        place = f"line {number}"
        try:
            row, pronouns = _fields(line.strip())
        except RecordError as error:
            rows.append(Placed(place, {}, str(error)))
            continue
        rows.append(Placed(place, row))
        several += len(pronouns) > 1
        her += "her" in (pronoun.lower() for pronoun in pronouns)
    counts = Counter(placed.row.get("id") for placed in rows)
    rows = [replace(one, row=_unique(dict(one.row), counts)) for one in rows]
    return RawTable(rows, {"task": "coreference"}, form=FORM, notes=tuple(_notes(several, her)))


def _unique(row: dict[str, object], counts: Counter[object]) -> dict[str, object]:
    """Return a row whose id, the number of its line, is left out where two have the same."""
    if counts[row.get("id")] > 1:
        row.pop("id", None)
    return row


def _notes(several: int, her: int) -> list[str]:
    notes = []
    if several:
        lines = counted(several, "line")
        notes.append(f"{lines} with several bracketed pronouns; the first is the mention")
    if her:
        notes.append(
            f"'her' is bracketed in {counted(her, 'line')}; it stands for him and for his, so no "
            "counterpart is put in its place"
        )
    return notes


def _fields(line: str) -> tuple[dict[str, object], list[str]]:
    """Return the fields of a line, and its bracketed pronouns."""
    match = LINE.fullmatch(line)
    if match is None:
        raise RecordError("no number before it, or no brackets in it, as WinoBias has them")
    text, pieces = _unbracketed(match[2])
    pronouns = [piece for piece in pieces if piece[0].lower() in GENDERS]
    people = [piece for piece in pieces if piece[0].lower() not in GENDERS]
    if not pronouns or not people:
        raise RecordError("it needs a person and a pronoun in brackets")
    mention, answer = ({"text": piece, "start": start} for piece, start in (pronouns[0], people[0]))
    row = {
        "id": match[1],
        "text": text,
        "mention": mention,
        "answer": answer,
        "group": match[1],
        "variant": GENDERS[pronouns[0][0].lower()],
    }
    return row, [piece for piece, _ in pronouns]


def _unbracketed(marked: str) -> tuple[str, list[tuple[str, int]]]:
    """Return the text without brackets, and what was in each with its place."""
    text, pieces, last = "", [], 0
    for match in BRACKETS.finditer(marked):
        text += marked[last : match.start()]
        inside = match[1].strip()
        pieces.append((inside, len(text)))
        text, last = text + inside, match.end()
    return text + marked[last:], pieces


def paired(corpora: Sequence[Corpus]) -> list[Corpus]:
    """Return corpora in which lines of a number are a group where they are a minimal pair.

    The two lines may stand in two files that differ in `pro` and `anti` in their names.
    """
    found: dict[tuple[str, str], list[Record]] = {}
    for corpus in corpora:
        for record in corpus.records if corpus.form.startswith(FORM) else ():
            found.setdefault(_pair(corpus, record), []).append(record)
    pairs = {key: both for key, both in found.items() if len(both) == 2}
    minimal = {key for key, (one, other) in pairs.items() if _minimal(one, other)}
    if not found:
        return list(corpora)
    note = f"{counted(len(pairs), 'pair')}, {len(pairs) - len(minimal):,} of them no minimal pair"
    said = (f"{note}, so its texts are not compared",) if len(pairs) > len(minimal) else ()
    first = next(corpus.name for corpus in corpora if corpus.form.startswith(FORM))
    return [_grouped(corpus, minimal, said if corpus.name == first else ()) for corpus in corpora]


def _grouped(corpus: Corpus, minimal: set[tuple[str, str]], said: tuple[str, ...]) -> Corpus:
    if not corpus.form.startswith(FORM):
        return corpus
    records = []
    for record in corpus.records:
        name, number = key = _pair(corpus, record)
        group = f"{name} {number}" if key in minimal else None
        records.append(replace(record, group=group, frame=_opening(record.text)))
    return replace(corpus, records=tuple(records), notes=(*corpus.notes, *said))


def _opening(text: str) -> str | None:
    """Return the words before the first gendered pronoun; None of so few that they say nothing."""
    words = WORD.findall(text.lower())
    end = next((at for at, word in enumerate(words) if word in GENDERS), 0)
    return " ".join(words[:end]) if end >= OPENING else None


def _pair(corpus: Corpus, record: Record) -> tuple[str, str]:
    return SIDES.sub("", corpus.name).strip("_- "), str(record.group)


def _minimal(one: Record, other: Record) -> bool:
    """Say whether two texts differ, and in gendered pronouns alone."""
    words = [WORD.findall(record.text) for record in (one, other)]
    if len(words[0]) != len(words[1]):
        return False
    differing = [pair for pair in zip(*words, strict=True) if pair[0] != pair[1]]
    return bool(differing) and all(word.lower() in GENDERS for pair in differing for word in pair)
