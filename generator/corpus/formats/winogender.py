"""Winogender schemas: `sentid` and `sentence`, the sentence's pronoun and people named by its id.

Rudinger et al. 2018, https://doi.org/10.18653/v1/N18-2002. An id is
`occupation.participant.answer.gender`, where the answer 0 is the occupation, 1 the participant.
Both templates of an occupation begin alike, with the same people, and each is written out once more
with `someone` for the participant: all of it is one frame, the occupation.
"""

from __future__ import annotations

import re

from ..delimited import header_cells, read_tsv
from ..options import ReadOptions
from ..spans import RecordError, quoted
from ..table import FileProblem, Placed, RawTable

HEADER = {"sentid", "sentence"}
TEMPLATES = "other-participant(1)"
PRONOUNS = {
    "male": ("he", "him", "his", "himself"),
    "female": ("she", "her", "hers", "herself"),
    "neutral": ("they", "them", "their", "theirs", "themselves", "themself"),
}


def recognises(content: str) -> bool:
    """Say whether the header is that of Winogender's sentences, or of its templates."""
    header = set(header_cells(content, "\t")) | set(header_cells(content, ","))
    return header >= HEADER or TEMPLATES in header


def read(content: str, options: ReadOptions) -> RawTable:
    """Read sentences, each with its pronoun, both people, and whom the pronoun means."""
    table = read_tsv(content, options)
    if not set(table.columns or ()) >= HEADER:
        if "$NOM_PRONOUN" in content or TEMPLATES in (table.columns or ()):
            raise FileProblem(
                "it holds Winogender's templates, and words are never put into them here; "
                "give all_sentences.tsv, where they are written out"
            )
        raise FileProblem("not Winogender: no columns 'sentid' and 'sentence' in the first line")
    rows = [_row(placed) for placed in table.rows]
    return RawTable(rows, {"task": "coreference"}, form="Winogender")


def _row(placed: Placed) -> Placed:
    if placed.problem:
        return placed
    try:
        return Placed(placed.place, _fields(placed.row))
    except RecordError as error:
        return Placed(placed.place, {}, str(error))


def _fields(row: object) -> dict[str, object]:
    assert isinstance(row, dict)
    identity, text = str(row.get("sentid", "")).removesuffix(".txt"), str(row.get("sentence", ""))
    parts = identity.rsplit(".", 3)
    if len(parts) != 4 or parts[2] not in ("0", "1") or parts[3] not in PRONOUNS:
        raise RecordError(f"the id {quoted(identity)} is not occupation.participant.0 or 1.gender")
    occupation, participant, answer, gender = parts
    people = [_person(text, occupation), _person(text, participant)]
    found = re.findall(rf"\b(?:{'|'.join(PRONOUNS[gender])})\b", text, re.IGNORECASE)
    if len(found) != 1:
        raise RecordError(f"it has {len(found)} pronouns of the gender {gender!r}, not one")
    return {
        "id": identity,
        "text": text,
        "mention": found[0],
        "candidates": people,
        "answer": people[int(answer)],
        "group": f"{occupation}.{participant}.{answer}",
        "variant": gender,
        "frame": occupation,
        "statistic": row.get("statistic"),
        "tags": ["occupation first"],
    }


def _person(text: str, noun: str) -> dict[str, object]:
    """Return the first place of a noun, with its article."""
    found = re.search(rf"\b(?:(?:the|an?) )?{re.escape(noun)}\b", text, re.IGNORECASE)
    if found is None:
        raise RecordError(f"{quoted(noun)} of its id is not in the text")
    return {"text": found.group(), "start": found.start()}
