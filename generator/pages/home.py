"""What the home page shows: its opening sentence, counts, the list of texts and the models."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np

from ..array_types import Bytes
from ..corpus import Record, whole_id
from ..corpus.labels import agrees, gold_words
from ..results.wording import NO_NAME, WORDS, percent
from .filters import Filter, Told, offered
from .packing import pack
from .plan import Plan
from .reading_summary import RecordSummary

FIRST = 60
"""Texts that the page itself lists; a script adds the rest as a reader asks for them."""
SEARCHED = 2000
"""Characters of a text that the search looks at."""
SHOWN = 240
"""Characters of a text that the index shows."""
BRIEF = 120
"""Characters of a text in a plain list."""
THUMBS = 100
"""Thumbnails in one script."""
TAGS = 24
"""Tags that the index offers as filters."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One entry of the index: a record, and what each model that read it said.

    `url` is the page of the model whose answer the entry quotes: a wrong one, if there is one.
    """

    number: int
    url: str
    text: str
    second: str
    tags: tuple[str, ...]
    says: str
    meta: str
    searched: str
    thumb: Bytes
    label: str = ""
    answers: tuple[Told, ...] = ()
    doubt: tuple[int, float] = (1, 0.0)
    """Where it stands in the list: texts with a wrong answer first, the surest on top."""

    @property
    def shown(self) -> tuple[str, str]:
        """Return text and second text as the index shows them."""
        return cut(self.text), cut(self.second)

    @property
    def brief(self) -> str:
        """Return the beginning of the text, for a plain list."""
        return cut(self.text, BRIEF)

    @property
    def wrong(self) -> bool:
        """Return whether a model answered otherwise than people did."""
        return any(one.right == "no" for one in self.answers)

    @property
    def row(self) -> list[Any]:
        """Return the entry as the index script gets it."""
        return [self.number, self.url, *self.shown, list(self.tags), self.says, self.meta]


@dataclass(frozen=True, slots=True)
class Facts:
    """The counts that open the home page."""

    pages: int
    texts: int
    models: int
    heads: int
    tokens: int

    @property
    def lead(self) -> str:
        """Return the sentence that says what this atlas is."""
        models = "a language model looks while it reads"
        if self.models > 1:
            models = f"{spelled(self.models)} language models look while they read"
        texts = "one text" if self.texts == 1 else f"{spelled(self.texts)} texts"
        return (
            f"Where {models} {texts}: every layer, every head, "
            "and what can and cannot be concluded from them."
        )


def spelled(count: int) -> str:
    """Return a count as running text has it: words for zero to nine, digits beyond."""
    return WORDS[count] if count < len(WORDS) else f"{count:,}"


def cut(text: str, length: int = SHOWN) -> str:
    """Return the text, or its beginning up to a space and an ellipsis."""
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0] + "…"


def facts(plan: Plan, summaries: Sequence[RecordSummary]) -> Facts:
    """Return the counts of a site; the heads of a model are those of all its kinds of attention."""
    shapes = {entry.page.model.slug: entry.shapes for entry in summaries}
    return Facts(
        pages=len({entry.page.number for entry in summaries}),
        texts=len({(e.page.corpus.name, whole_id(e.page.record)) for e in summaries}),
        models=len(plan.models),
        heads=sum(shape.layers * shape.heads for maps in shapes.values() for shape in maps),
        tokens=sum(entry.tokens for entry in summaries),
    )


def entries(summaries: Iterable[RecordSummary]) -> list[IndexEntry]:
    """Return the index: one entry a record, whichever models read it; wrong answers first."""
    ordered = sorted(summaries, key=lambda entry: entry.page.number)
    grouped = groupby(ordered, key=lambda entry: entry.page.number)
    found = [_entry(list(read)) for _, read in grouped]
    return sorted(found, key=lambda entry: entry.doubt)


def _entry(read: Sequence[RecordSummary]) -> IndexEntry:
    first, shown = read[0], _quoted(read)
    record = first.page.record
    predicted = [prediction_words(entry.prediction) for entry in read]
    second = record.target or str(first.prediction.get("text") or "") or record.pair or ""
    searched = [
        record.id,
        record.text,
        second,
        record.label or "",
        *record.labels,
        *record.tags,
        *predicted,
    ]
    return IndexEntry(
        number=first.page.number,
        url=shown.page.url,
        text=record.text,
        second=second,
        tags=record.tags,
        says=_answers(read),
        meta=_meta(read, shown),
        searched=" ".join(searched)[:SEARCHED],
        thumb=shown.telling.picture,
        label=gold_words(record, first.prediction),
        answers=tuple(map(_told, read)),
        doubt=_doubt(read),
    )


def _quoted(read: Sequence[RecordSummary]) -> RecordSummary:
    """Return the reading that a reader of the entry wants.

    Of a text that has a translation, that of a model that translates; else a wrong answer, or an
    answer, if there is any.
    """
    if read[0].page.record.target:
        read = [one for one in read if any(m.kind == "cross" for m in one.shapes)] or read
    wrong = [one for one in read if agrees(one.page.record, one.prediction) is False]
    answered = [one for one in read if prediction_words(one.prediction)]
    return [*wrong, *answered, *read][0]


def _told(one: RecordSummary) -> Told:
    """Return what the answer of a model to a text can be found by."""
    record, said = one.page.record, one.prediction
    right = {True: "yes", False: "no", None: None}[agrees(record, said)]
    return Told(one.page.model.model.name, gold_words(record, said), prediction_words(said), right)


def _doubt(read: Sequence[RecordSummary]) -> tuple[int, float]:
    wrong = [one for one in read if agrees(one.page.record, one.prediction) is False]
    sure = (one.prediction.get("score") for one in wrong if "label" in one.prediction)
    return (0 if wrong else 1, -max((s for s in sure if isinstance(s, int | float)), default=0.0))


def prediction_words(prediction: Mapping[str, Any]) -> str:
    """Return what a model said, for tasks that end in a word, a few of them, or a value."""
    if prediction.get("problem_type") == "regression":
        return " ".join(_value(*pair) for pair in prediction["labels"].items())
    if "holds" in prediction:
        return ", ".join(map(str, prediction["holds"])) or "no label"
    label = prediction.get("label")
    return str(label) if label is not None else ""


def _value(name: str, value: float) -> str:
    """Return a value with its name, unless nobody gave it one."""
    return f"{value:.2f}" if NO_NAME.fullmatch(name) else f"{name} {value:.2f}"


def _answers(read: Sequence[RecordSummary]) -> str:
    """Return what each model answered, by its name where several read the text.

    Where none did, the gold label alone.
    """
    said = {
        entry.page.model.model.name: _says(words, entry.prediction, entry.page.record)
        for entry in read
        if (words := prediction_words(entry.prediction))
    }
    if not said:
        return _says("", read[0].prediction, read[0].page.record)
    if len(read) == 1:
        return next(iter(said.values()))
    return " · ".join(f"\u2068{name}\u2069: {words}" for name, words in said.items())


def _says(predicted: str, prediction: Mapping[str, Any], record: Record) -> str:
    """Return the prediction and whether it is the gold label, or the gold label alone."""
    label = gold_words(record, prediction)
    if not predicted:
        return f"labelled {label}" if label else ""
    score = prediction.get("score") if "label" in prediction else None
    said = f"{predicted} {percent(score)}" if isinstance(score, int | float) else predicted
    if not label:
        return said
    return f"{said}, as labelled" if agrees(record, prediction) else f"{said}, labelled {label}"


def _meta(entries: Sequence[RecordSummary], first: RecordSummary) -> str:
    parts = [f"{first.tokens:,} token{'' if first.tokens == 1 else 's'}"]
    if window := first.page.record.window:
        parts.insert(0, f"{window.which} of \u2068{window.record}\u2069, {window.place}")
    if first.truncated:
        parts.append(f"{first.truncated:,} more were cut off")
    if len(entries) > 1:
        parts.append(f"{spelled(len(entries))} models")
    if first.telling.words > 1:
        parts.append(f"head\u00a0{first.telling.label}")
    return " · ".join(parts)


def tag_counts(index: Sequence[IndexEntry]) -> list[tuple[str, int]]:
    """Return the most frequent tags with the number of texts that have them."""
    counts = Counter(tag for entry in index for tag in dict.fromkeys(entry.tags))
    return sorted(counts.most_common(TAGS), key=lambda pair: (-pair[1], pair[0]))


def index_bytes(index: Sequence[IndexEntry], models: Sequence[str]) -> Bytes:
    """Return the whole index as JSON in UTF-8, for the search; models by their places."""
    places = {name: at for at, name in enumerate(models)}
    right = {"no": 0, "yes": 1, None: None}
    rows = [
        [
            *entry.row,
            entry.searched,
            entry.label,
            [[places[one.model], one.predicted, right[one.right]] for one in entry.answers],
        ]
        for entry in index
    ]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return np.frombuffer(text.encode("utf-8", "replace"), np.uint8)


def thumb_packs(thumbs: Sequence[Bytes]) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield (address, packs) of the scripts that hold the thumbnails, one after the other."""
    for number, start in enumerate(range(0, len(thumbs), THUMBS)):
        part = [thumb.ravel() for thumb in thumbs[start : start + THUMBS]]
        name = f"{number:03}"
        yield f"maps/thumbs-{name}.js", {f"thumbs.{name}": pack(np.concatenate(part))}


def island(
    index: Sequence[IndexEntry],
    home_map: dict[str, Any] | None,
    models: Sequence[str],
    reports: Sequence[Sequence[str]] = (),
) -> dict[str, Any]:
    """Return what the scripts of the home page get."""
    shapes = [list(entry.thumb.shape) for entry in index]
    return {
        "thumbs": shapes,
        "per_script": THUMBS,
        "home_map": home_map,
        "models": list(models),
        "reports": reports,
    }


def filters(index: Sequence[IndexEntry]) -> list[Filter]:
    """Return what the list of texts can be filtered by beside tags."""
    return offered([one for entry in index for one in entry.answers if one.predicted or one.label])
