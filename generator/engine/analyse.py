"""Run any analysis at any scope, alone if it fails; what the store has is not run again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

from ..analyses import of_records
from ..analyses.analysis import Analysis, FollowUp, OfRecord, PairProbe, RecordProbe, Results
from ..capture import Capture
from ..config import Settings
from ..errors import AtlasError, ExplainedError
from ..report import Progress
from ..results.shapes import Failure, Outcome, Result
from ..results.sound import require_sound
from ..sources import CapturedRecord
from .kept import Kept
from .keys import record_key, seen


def attempt(
    analysis: Analysis, of: str, compute: Callable[[], Result], settings: Settings
) -> Outcome:
    """Return what an analysis says, or why it fails; `settings.strict` makes that an AtlasError.

    `of` names what it is about: record and model.
    """
    try:
        result = compute()
        if not isinstance(result, Result):
            raise TypeError(f"it returned {type(result).__name__}, not a Result")
        require_sound(result)
    except Exception as error:  # an analysis may raise anything, and takes nothing else with it
        failure = Failure(_reason(error), passing=not isinstance(error, ExplainedError))
        if settings.strict:
            raise AtlasError(
                f"The analysis {analysis.name!r} failed on {of} ({failure.reason})."
            ) from error
        return failure
    return result


def _reason(error: Exception) -> str:
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def place_words(reading: CapturedRecord) -> str:
    """Return how an error names a text and its model."""
    return f"{reading.named} as read by model {reading.model.name!r}"


class OneText:
    """One text on its way through the analyses; its capture is read only if one has to run."""

    def __init__(self, kept: Kept, reading: CapturedRecord) -> None:
        self.kept, self.reading = kept, reading
        self.keys: dict[str, str] = kept.of_record.setdefault(reading.place, {})

    @cached_property
    def capture(self) -> Capture:
        """Return the capture, with the whole record."""
        return self.kept.capture(self.reading)

    @cached_property
    def given(self) -> Results:
        """Return the results that the source brings."""
        return self.kept.source.given(self.reading)

    def key(self, analysis: Analysis, fields: Sequence[str]) -> str:
        """Return the key of what an analysis says, from the results that it would be given."""
        return record_key(self.reading, analysis, fields, [*self._before(analysis).values()])

    def before(self, analysis: Analysis) -> dict[str, Result]:
        """Return the results that an analysis is given."""
        return {n: self.kept.ledger.result(k) for n, k in self._before(analysis).items()}

    def _before(self, analysis: Analysis) -> dict[str, str]:
        known = {name: self.keys[name] for name in analysis.after if name in self.keys}
        return {name: key for name, key in known.items() if self.kept.ledger.state(key) is Result}


def analyse_records(kept: Kept, settings: Settings, progress: Progress) -> None:
    """Run what needs no model on each text that was read."""
    readings = [reading for model in kept.models for reading in kept.readings(model)]
    with progress.stage("analysing", len(readings)) as advance:
        for reading in readings:
            _analyse(OneText(kept, reading), settings)
            advance(1)
    kept.ledger.flush()


def _analyse(text: OneText, settings: Settings) -> None:
    given = text.kept.source.given_names(text.reading)
    keys: dict[str, str] = {}  # in the order of the registry, which pages keep
    for analysis in of_records({*settings.also, *given}, settings.without):
        if isinstance(analysis, RecordProbe | PairProbe) and analysis.name not in given:
            keys |= {n: k for n, k in text.keys.items() if n == analysis.name}
            continue
        key = text.key(analysis, analysis.fields)
        if text.kept.ledger.state(key) is None:
            text.kept.ledger.put(key, _computed(analysis, text, given, settings))
        keys[analysis.name] = text.keys[analysis.name] = key
    text.kept.of_record[text.reading.place] = keys


def _computed(
    analysis: OfRecord, text: OneText, given: frozenset[str], settings: Settings
) -> Outcome:
    """Return the outcome for a text; the matrices that a source brings are kept as they are."""

    def compute() -> Result:
        if isinstance(analysis, RecordProbe | PairProbe):
            return text.given[analysis.name]
        capture = seen(text.capture, analysis.fields)
        if isinstance(analysis, FollowUp):
            return analysis.compute(capture, text.before(analysis))
        return analysis.compute(capture)

    outcome = attempt(analysis, place_words(text.reading), compute, settings)
    if isinstance(outcome, Failure) or analysis.name not in given:
        return outcome
    return with_matrices(outcome, text.given[analysis.name])


def with_matrices(result: Result, given: Result) -> Result:
    """Return a result with the matrices of another in the place of its own."""
    known = {matrix.label: matrix for matrix in given.matrices}
    return replace(result, matrices=tuple(known.get(m.label, m) for m in result.matrices))
