"""Corpora whose long texts are cut into windows that every model of a build can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..config import Settings
from ..corpus import Corpus, Record, cut_record
from ..report import Progress

if TYPE_CHECKING:
    from ..capture.windows import LengthLimit
    from ..models import LoadedModel, ModelSource


def windowed(
    corpora: Sequence[Corpus],
    models: Sequence[ModelSource | LoadedModel],
    settings: Settings,
    progress: Progress,
) -> tuple[Corpus, ...]:
    """Return corpora in which windows stand for every text that is too long for some model.

    They are the same for all models. Raises InputError for a stride that fits no window.
    """
    lengths = gauges_of(models, settings)
    found = []
    with progress.stage("cutting windows", sum(len(c.records) for c in corpora)) as advance:
        for corpus in corpora:
            taken = {record.id for record in corpus.records}
            records: list[Record] = []
            for record in corpus.records:
                records += windows_of(record, lengths, settings.windows or 1, taken)
                advance(1)
            found.append(replace(corpus, records=tuple(records)))
    return tuple(found)


def gauges_of(models: Sequence[ModelSource | LoadedModel], settings: Settings) -> list[LengthLimit]:
    """Return the limit of each model; raises InputError for a stride that fits no window."""
    lengths = list(_gauges(models, settings))
    for length in lengths:
        length.check(settings.windows or 1)
    return lengths


def windows_of(
    record: Record, lengths: Sequence[LengthLimit], stride: int, taken: set[str]
) -> list[Record]:
    """Return the windows of a record, or the record where it needs none; their ids are `taken`."""
    from ..capture.windows import window_places

    if (places := window_places(record, lengths, stride)) is None:
        return [record]
    parts = cut_record(record, places, taken)
    taken |= {part.id for part in parts}
    return parts


def _gauges(
    models: Sequence[ModelSource | LoadedModel], settings: Settings
) -> Iterator[LengthLimit]:
    from ..capture.windows import LengthLimit
    from ..models import tokenizer_and_config

    for model in models:
        tokenizer, config = tokenizer_and_config(model)
        masks = model.task == "masked-lm"
        yield LengthLimit.of(model.info.name, tokenizer, config, masks, settings.max_tokens)
