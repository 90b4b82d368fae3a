"""CoNLL-U: sentences with words, parts of speech and dependencies.

A multiword token whose words spell its form (`don't` = `do` + `n't`) stays several words. One
whose words do not (`du` = `de` + `le`) becomes a single word, with the tag and relation of the
part that is attached outside it. Comments that begin with `corpus_` say what the file is; those
named in COMMENTS are fields of their sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from .fields import Row
from .spans import RecordError, quoted

COLUMNS = 10
ABOUT = re.compile(r"#\s*corpus_(title|about|licence|source)\s*=(.*)")
COMMENTS = ("tags", "note", "group", "variant", "frame")
"""Comments of a sentence that are read beside `sent_id` and `text`; tags are separated by `|`."""


@dataclass(frozen=True, slots=True)
class _Word:
    form: str
    upos: str
    head: str
    deprel: str
    space_after: bool


def sentence_blocks(content: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines of each sentence with the number of the first."""
    block: list[str] = []
    for number, line in enumerate([*content.split("\n"), ""], 1):
        if line.strip():
            block.append(line.removesuffix("\r"))
        elif block:
            yield number - len(block), block
            block = []


def file_about(content: str) -> dict[str, str]:
    """Return what the comments of a file say of the whole of it."""
    found = (ABOUT.match(line) for line in content.split("\n") if line.startswith("#"))
    return {match[1]: match[2].strip() for match in found if match}


def sentence_row(lines: list[str]) -> Row:
    """Return the row of one sentence's lines."""
    comments = dict(_comment(line) for line in lines if line.startswith("#"))
    words = _words([line.split("\t") for line in lines if not line.startswith("#")])
    if not words:
        raise RecordError("a sentence without words")
    spelt = "".join(word.form + " " * word.space_after for word in words).strip()
    row: dict[str, object] = {
        "id": comments.get("sent_id"),
        "text": comments.get("text") or spelt,
        "words": [word.form for word in words],
        **{name: comments[name] for name in COMMENTS if comments.get(name)},
    }
    if tags := comments.get("tags"):
        row["tags"] = [tag.strip() for tag in tags.split("|")]
    if all(re.fullmatch("[0-9]{1,6}", word.head) for word in words):
        row["head"] = [int(word.head) for word in words]
    for name in ("upos", "deprel"):
        values = [getattr(word, name) for word in words]
        row[name] = values if set(values) != {"_"} else []
    return row


def _comment(line: str) -> tuple[str, str]:
    name, _, value = line[1:].partition("=")
    return name.strip(), value.strip()


def _words(rows: list[list[str]]) -> list[_Word]:
    """Return the words that stand in the text."""
    words: list[_Word] = []
    ranges: list[tuple[int, int, list[str]]] = []
    for columns in rows:
        if len(columns) != COLUMNS:
            raise RecordError(f"a word line has {len(columns)} columns, not {COLUMNS}")
        if match := re.fullmatch(r"([0-9]{1,6})-([0-9]{1,6})", columns[0]):
            ranges.append((int(match[1]), int(match[2]), columns))
        elif columns[0] == str(len(words) + 1):
            words.append(_word(columns))
        elif not re.fullmatch(r"[0-9]+\.[0-9]+", columns[0]):
            raise RecordError(f"word id {quoted(columns[0])} does not follow {len(words)}")
    for first, last, columns in reversed(ranges):
        words = _joined(words, first, last, columns)
    return words


def _word(columns: list[str]) -> _Word:
    return _Word(columns[1], columns[3], columns[6], columns[7], _space_after(columns))


def _space_after(columns: list[str]) -> bool:
    return "SpaceAfter=No" not in columns[9].split("|")


def _joined(words: list[_Word], first: int, last: int, columns: list[str]) -> list[_Word]:
    """Return the words with a multiword token joined, or closed up where its words spell it."""
    if not 1 <= first <= last <= len(words):
        raise RecordError(f"the range {columns[0]} names words that are not there")
    inside, form = words[first - 1 : last], columns[1]
    if "".join(word.form for word in inside) == form:
        closed = [replace(word, space_after=False) for word in inside[:-1]]
        end = replace(inside[-1], space_after=_space_after(columns))
        return [*words[: first - 1], *closed, end, *words[last:]]
    outer = next((w for w in inside if not _within(w.head, first, last)), inside[0])
    one = replace(outer, form=form, space_after=_space_after(columns))
    kept = [*words[: first - 1], one, *words[last:]]
    return [replace(word, head=_moved(word.head, first, last)) for word in kept]


def _within(head: str, first: int, last: int) -> bool:
    return head.isdecimal() and first <= int(head) <= last


def _moved(head: str, first: int, last: int) -> str:
    """Return a head's number once the words first to last have become one."""
    if not head.isdecimal() or int(head) <= first:
        return head
    return str(first if int(head) <= last else int(head) - (last - first))
