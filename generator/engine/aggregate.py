"""What holds over all records of a model, and over all models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import combinations

from ..analyses import by_name, chosen, of_records
from ..analyses.analysis import Accumulation, Accumulator, Aggregate, Analysis, Comparison
from ..capture import ModelInfo
from ..config import Settings
from ..names import report_name
from ..report import Progress
from ..results.shapes import Result
from ..results.wording import listed
from ..sources import CapturedRecord
from .analyse import attempt
from .kept import AllRecords, Kept, RecordsOfModel
from .keys import CLUSTER_FIELDS, many_key, probe_key, seen, text_key

Texts = Sequence[tuple[CapturedRecord, str]]
"""The texts that a model read, each with a hash of all that is known of it."""
Seen = Mapping[str, Accumulator | Exception]
"""What has seen all captures of a model, or what it stumbled over, by analysis."""


def analyse_each(kept: Kept, settings: Settings, progress: Progress) -> None:
    """Run the analyses of all records on each model."""
    with progress.stage("summing up", len(kept.models)) as advance:
        for model in kept.models:
            _of_model(kept, model, _texts(kept, model), settings)
            advance(1)
    kept.ledger.flush()


def analyse_all(kept: Kept, settings: Settings) -> None:
    """Run the analyses of all models, after what stands beside each is known."""
    _of_all(kept, {model.name: _texts(kept, model) for model in kept.models}, settings)
    kept.ledger.flush()


def _texts(kept: Kept, model: ModelInfo) -> Texts:
    found = []
    for reading in kept.readings(model):
        known = kept.known(kept.of_record[reading.place])
        found.append((reading, text_key(reading, known)))
    return found


def _of_model(kept: Kept, model: ModelInfo, texts: Texts, settings: Settings) -> None:
    also = {*settings.also, *(name for r, _ in texts for name in kept.of_record[r.place])}
    probes = kept.of_models.get(model.name, {})
    keys: dict[str, str] = {}
    readings, of = tuple(reading for reading, _ in texts), f"model {model.name!r}"

    def run(analysis: Analysis, key: str, compute: Callable[[], Result]) -> None:
        keys[analysis.name] = key
        if kept.ledger.state(key) is None:
            kept.ledger.put(key, attempt(analysis, of, compute, settings))

    def records(analysis: Analysis) -> RecordsOfModel:
        return RecordsOfModel(kept, readings, analysis.fields)

    without = settings.without
    for one in chosen(Aggregate, also=also, without=without):
        run(one, many_key(one, texts), partial(one.compute, records(one)))
    for each in of_records(also, without):
        if each.aggregate is not None:
            key = many_key(each, texts, "aggregate")
            run(each, key, partial(each.aggregate, records(each)))
    seeing = chosen(Accumulation, also=also, without=without)
    several = {a.name: many_key(a, texts) for a in seeing}
    found = _accumulated(kept, readings, several, settings)
    for many in seeing:
        run(many, several[many.name], partial(_summed, many, records(many), found))
    given = kept.source.given_of_model(model)
    for name, result in given.items():
        keys[name] = probe_key(kept.source.model_key(model), by_name()[name])
        if kept.ledger.state(keys[name]) is None:
            kept.ledger.put(keys[name], result)
    kept.of_models[model.name] = {**keys, **probes}


def _accumulated(
    kept: Kept, readings: Sequence[CapturedRecord], keys: Mapping[str, str], settings: Settings
) -> Seen:
    """Show every capture to those analyses whose outcome is not known yet, in one pass."""
    open_ = [a for a in chosen(Accumulation) if a.name in keys]
    open_ = [a for a in open_ if kept.ledger.state(keys[a.name]) is None]
    found: dict[str, Accumulator | Exception] = {a.name: _begun(a) for a in open_}
    for reading in readings if open_ else ():
        capture = replace(kept.capture(reading), record=reading.identified)
        results = kept.small(kept.of_record[reading.place])
        for analysis in open_:
            into = found[analysis.name]
            if not isinstance(into, Exception):
                shown = seen(capture, (*CLUSTER_FIELDS, *analysis.fields))
                try:
                    into.add(shown, results)
                except Exception as error:  # raised again where its result is asked for
                    found[analysis.name] = error
    return found


def _begun(analysis: Accumulation) -> Accumulator | Exception:
    try:
        return analysis.accumulate()
    except Exception as error:  # raised again where its result is asked for
        return error


def _summed(analysis: Accumulation, records: RecordsOfModel, found: Seen) -> Result:
    into = found[analysis.name]
    if isinstance(into, Exception):
        raise into
    return analysis.compute(records, into)


def _of_all(kept: Kept, texts: Mapping[str, Texts], settings: Settings) -> None:
    everything = [entry for model in kept.models for entry in texts[model.name]]
    beside = [
        [model.name, reading.corpus.name]
        for model in kept.models
        for reading, _ in texts[model.name]
    ]
    summed = [
        [*kept.known(kept.of_models[model.name]).items(), kept.untrained.get(model.name)]
        for model in kept.models
    ]
    for analysis in chosen(Comparison, also=settings.also, without=settings.without):
        for name, models in _reports(kept, analysis):
            among = tuple(model.name for model in models)
            of = listed(among) if analysis.pairwise else "all models"
            key = many_key(analysis, everything, [beside, summed, among])
            if kept.ledger.state(key) is None:
                compute = partial(analysis.compute, AllRecords(kept, analysis.fields, models))
                kept.ledger.put(key, attempt(analysis, of, compute, settings))
            kept.of_all[name] = key


def _reports(kept: Kept, analysis: Comparison) -> Iterator[tuple[str, tuple[ModelInfo, ...]]]:
    """Yield the reports of an analysis, each with its name and the models that it is about."""
    if not analysis.pairwise:
        yield analysis.name, kept.models
        return
    for two in combinations(kept.models, 2):
        yield report_name(analysis.name, [model.name for model in two]), two
