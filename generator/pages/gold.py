"""What a build says of gold labels: those that a model does not know, and those read as places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from ..corpus.labels import gives_value, gold, label_names, unmatched
from ..corpus.table import listed
from ..results.wording import counted
from .reading_summary import RecordSummary


def gold_notes(summaries: Iterable[RecordSummary]) -> tuple[str, ...]:
    """Return sentences, without their stop, on how the labels of a corpus met those of a model."""
    pairs = sorted(summaries, key=_pair)
    groups = [list(entries) for _, entries in groupby(pairs, key=_pair)]
    return tuple(note for entries in groups for note in (*_unknown(entries), *_places(entries)))


def _pair(entry: RecordSummary) -> tuple[str, str]:
    return entry.page.corpus.name, entry.page.model.model.name


def _unknown(entries: Sequence[RecordSummary]) -> Iterable[str]:
    """Say which labels are none of the model's, in how many records."""
    lost = [(unmatched(entry.page.record, entry.prediction), entry) for entry in entries]
    lost = [(labels, entry) for labels, entry in lost if labels]
    if not lost:
        return
    corpus, model = _pair(entries[0])
    labels = list(dict.fromkeys(label for found, _ in lost for label in found))
    prediction = lost[0][1].prediction
    those = f"of {model} ({listed(label_names(prediction))})"
    none = f"no number, and {model} gives one" if gives_value(prediction) else f"no label {those}"
    yield f"{corpus}: {listed(labels)}, in {counted(len(lost), 'record')}, is {none}"


def _places(entries: Sequence[RecordSummary]) -> Iterable[str]:
    """Say which labels were taken for places among the model's labels."""
    found: dict[str, str] = {}
    for entry in entries:
        record, names = entry.page.record, label_names(entry.prediction)
        if not record.label or not names:
            continue
        (one,) = gold(record, names)
        if one and one.rule in ("place", "data set"):
            found[record.label] = names[one.at]
    if found:
        corpus, model = _pair(entries[0])
        said = ", ".join(f"{label!r} as {name!r}" for label, name in sorted(found.items())[:8])
        yield f"{corpus}: labels are read by their place among those of {model}: {said}"
