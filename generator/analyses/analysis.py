"""What an analysis is: its words, what it reads, and its code, by what it is a statement about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol

from ..capture import Capture, ModelInfo
from ..corpus import Record
from ..results.columns import Tables
from ..results.shapes import Finding, Result

if TYPE_CHECKING:
    from ..models import LoadedModel

ASKED_FIELDS = ("label", "labels", "label_index", "label_count", "mention", "contrast")
"""What a record says of how its text is asked about."""
Scope = Literal["record", "model", "corpus"]
Results = Mapping[str, Result]
"""What was found so far, by the name of the analysis."""
RecordResults = Iterable[tuple[Record, Results]]
"""The records of one model and their results, without matrices.

It may be read more than once, is never held whole, and so keeps memory flat in the records.
"""


class Accumulator(Protocol):
    """Sees every capture of one model once, in order, and keeps sums: memory stays flat."""

    def add(self, capture: Capture, results: Results) -> None:
        """Take in one capture and the results of its record."""


@dataclass(frozen=True, slots=True)
class Read:
    """One text as one model read it: its capture, and its results without matrices."""

    model: ModelInfo
    corpus: str
    capture: Capture
    results: Results


class Everything(Protocol):
    """All that was found, for an analysis of scope `corpus`."""

    @property
    def models(self) -> tuple[ModelInfo, ...]:
        """Return the models, in the order of the site."""

    def reads(self, model: ModelInfo) -> Iterator[Read]:
        """Yield the texts that a model read, in order, one in memory at a time."""

    def of_model(self, model: ModelInfo) -> Results:
        """Return what was found of a model over all its records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What every analysis says of itself.

    `fields` are the fields of a record that it reads beside those that decide the capture: it
    sees no others, and a change of one of them has it computed anew. `after` names the analyses
    whose results it is given, where those are there. `version` stands in data files: numbers of
    another version are not read from them. An `optional` one costs much or says what few want to
    know: it runs only when asked for. `tables` says what its tables hold, where data files bring
    them, `probable` what they hold where the answer is a probability, and `misread` what of a
    result is of another text than that of a capture, as the end of a sentence. The `scores` of a
    `method` of attribution say how much an answer owes to each token, and are compared with those
    of other methods.
    """

    name: str
    title: str
    about: str
    reading: str
    limits: str
    cite: str
    version: str = "1"
    fields: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    optional: bool = False
    method: bool = False
    tables: Tables = field(default_factory=dict)
    probable: Tables | None = None
    misread: Callable[[Capture, Result], str | None] | None = None

    scope: ClassVar[Scope]
    asks: ClassVar[bool] = False
    """Whether it needs the model, and so runs while that is in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnalysis(Analysis):
    """An analysis of one capture alone; `aggregate` says what holds over those of one model."""

    compute: Callable[[Capture], Result]
    aggregate: Callable[[RecordResults], Result] | None = None
    scope: ClassVar[Scope] = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(Analysis):
    """An analysis of one capture and of the results in `after`."""

    compute: Callable[[Capture, Results], Result]
    aggregate: Callable[[RecordResults], Result] | None = None
    scope: ClassVar[Scope] = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProbe(Analysis):
    """An analysis that asks the model about one text; `after` names probes alone."""

    compute: Callable[[Capture, LoadedModel, Results], Result]
    aggregate: Callable[[RecordResults], Result] | None = None
    scope: ClassVar[Scope] = "record"
    asks: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PairProbe(Analysis):
    """An analysis that asks the model about a minimal pair: two texts of one group.

    What it says lies with the first of the two, which differ in their variant.
    """

    compute: Callable[[Capture, Capture, LoadedModel], Result]
    aggregate: Callable[[RecordResults], Result] | None = None
    scope: ClassVar[Scope] = "record"
    asks: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelProbe(Analysis):
    """An analysis that asks a model without any record, once a model."""

    compute: Callable[[LoadedModel], Result]
    scope: ClassVar[Scope] = "model"
    asks: ClassVar[bool] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate(Analysis):
    """An analysis of the results of all records of one model.

    `claims` returns those of its findings that claim something, where that is quicker than all of
    it: they are computed again and again, over parts of the records.
    """

    compute: Callable[[RecordResults], Result]
    claims: Callable[[RecordResults], tuple[Finding, ...]] | None = None
    scope: ClassVar[Scope] = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulation(Analysis):
    """An analysis of all captures of one model, for which results are not enough.

    `accumulate` makes an Accumulator that is given each capture as it passes, and then to
    `compute`, after the results.
    """

    accumulate: Callable[[], Accumulator]
    compute: Callable[[RecordResults, Any], Result]
    scope: ClassVar[Scope] = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(Analysis):
    """An analysis of everything: all records as all models read them.

    One that is `pairwise` is given two models at a time, and has a report for each two.
    """

    compute: Callable[[Everything], Result]
    pairwise: bool = False
    scope: ClassVar[Scope] = "corpus"


OfRecord = RecordAnalysis | FollowUp | RecordProbe | PairProbe
OfModel = Aggregate | Accumulation
