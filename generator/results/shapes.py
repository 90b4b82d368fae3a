"""What an analysis returns. The shape of a result decides how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..names import Kind
from .levels import Claim, Level
from .survival import Survival
from .wording import as_much

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """Token-by-token values of one map: [layer, query, key] or [layer, head, query, key].

    Or [query, key], NaN in the rows that were not computed. -inf says that a query may not see a
    key. `name` tells matrices apart where a result has several of one kind.
    """

    kind: Kind
    values: npt.NDArray[np.floating[Any]]
    name: str = ""

    @property
    def label(self) -> str:
        """Return what the matrix is called within its result: `self`, or `summed.self`."""
        return f"{self.name}.{self.kind}" if self.name else self.kind


@dataclass(frozen=True, slots=True)
class Scores:
    """One number per token, of the source unless said otherwise: `values` is float32 [token]."""

    name: str
    values: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Partial:
    """Numbers of any shape that the analysis of a record hands to its aggregate; never shown.

    `labels` may name the entries of its last axis.
    """

    name: str
    values: npt.NDArray[Any]
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Named columns and rows; an undefined cell is None."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def named(self) -> list[dict[str, Any]]:
        """Return the rows, each by its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Grid:
    """One number per head and metric: `values` is float64 [metric, layer, head], NaN undefined.

    `null` [metric, layer] is what uniform attention over the tokens a query may see would give.
    A mean over records has its 95% interval in `low` and `high`, and in `n` the number of records
    where it is defined, each shaped like `values`.
    """

    kind: Kind
    metrics: tuple[str, ...]
    values: npt.NDArray[np.float64]
    null: npt.NDArray[np.float64] | None = None
    low: npt.NDArray[np.float64] | None = None
    high: npt.NDArray[np.float64] | None = None
    n: npt.NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True)
class HeadDistances:
    """One number for every two heads of a kind: `values` is [head, head], symmetric, 0 alone.

    Heads are counted through the layers: layer * heads + head.
    """

    kind: Kind
    values: npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Series:
    """One value per x (layers, mostly), with optional interval and null of the same length."""

    name: str
    x: tuple[float, ...]
    y: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    null: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence a reader may quote, with the estimate, n, 95% interval and null behind it.

    `statement` is what is claimed, in the affirmative: the word beside it says whether it holds.
    `plain` says the same as bare facts, for where nothing is claimed after all. `sentence` is the
    one of them that is printed.
    `page` is the address of the page that shows it, relative to the site, and `analysis` what it
    comes from (both filled in when pages are written). `null` is the range that chance alone gives
    and `null_says` what that chance is. Where the estimate counts some of several, such as heads,
    `among` is how many there are. What the sentence claims stands in `claim`, None where it only
    describes; what untrained copies of the model give in its place, or for the value of what is
    described, in `twin`, None where none was run. `failed` says that there is no result, and why.
    `model` names what it is about, and `key` is the same whatever the model is called and whenever
    it is run (both filled in with `page`). The n texts make `clusters` that do not depend on each
    other, where that was counted. `survival` has the claim in other ways of computing it.
    One that is not `told` counts among the `claims` about a model and stands on no page; one that
    is not `discovered` may be due to their number.
    """

    id: str
    statement: str
    page: str = ""
    value: float | None = None
    n: int | None = None
    interval: tuple[float, float] | None = None
    null: tuple[float, float] | None = None
    null_says: str = ""
    claim: Claim | None = None
    analysis: str = ""
    among: int | None = None
    twin: tuple[float, ...] | None = None
    failed: bool = False
    model: str = ""
    key: str = ""
    clusters: int | None = None
    survival: Survival | None = None
    told: bool = True
    discovered: bool = True
    claims: int | None = None
    plain: str = ""

    @property
    def level(self) -> Level:
        """Return the word printed beside the sentence."""
        if self.claim is None:
            return "described"
        return self.claim.level(self.twin or (), self.discovered)

    @property
    def sentence(self) -> str:
        """Return what is printed beside the word, with the untrained copies that come as far."""
        if self.claim is None:
            return f"{self.statement}{self._copied}"
        if self.level != "described":
            return self.statement
        said = self.plain or self.statement
        return f"{said} {as_much(self.claim, self.twin, self.value)}" if self.matched else said

    @property
    def _copied(self) -> str:
        """Return how many an untrained copy has, where a count and its are both beyond luck."""
        if self.among is None or self.null is None or self.value is None:
            return ""
        most = max(self.twin or (), default=0.0)
        beyond = min(self.value, most) > self.null[1]
        return f" An untrained copy has {round(most)}." if beyond else ""

    @property
    def alone(self) -> str:
        """Return the sentence as it may stand where no word is beside it."""
        claimed = self.claim is not None and self.level in ("does not hold", "undecided")
        return f"{self.level.capitalize()}: {self.sentence}" if claimed else self.sentence

    @property
    def facts(self) -> str:
        """Return the sentence as bare facts where its claim does not hold or is undecided."""
        claimed = self.level in ("does not hold", "undecided")
        return self.plain if self.plain and claimed else self.alone

    @property
    def matched(self) -> bool:
        """Return whether untrained copies alone are why nothing is claimed."""
        alone = self.claim.level((), self.discovered) if self.claim else "described"
        return alone != self.level == "described"


@dataclass(frozen=True, slots=True)
class Result:
    """All that one analysis says of one record, model or corpus."""

    analysis: str
    matrices: tuple[Matrix, ...] = ()
    grids: tuple[Grid, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    series: tuple[Series, ...] = ()
    findings: tuple[Finding, ...] = ()
    scores: tuple[Scores, ...] = ()
    distances: tuple[HeadDistances, ...] = ()
    partials: tuple[Partial, ...] = ()

    def partial(self, name: str) -> Partial | None:
        """Return the numbers of this name that are handed on, None where there are none."""
        return next((one for one in self.partials if one.name == name), None)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table by their columns, none where there is no such table."""
        return self.tables[table].named if table in self.tables else []

    @property
    def drawable(self) -> bool:
        """Return whether a reader can be shown anything of it."""
        return not replace(self, partials=()).empty

    @property
    def empty(self) -> bool:
        """Return whether nothing is said: the analysis does not apply."""
        parts = (self.matrices, self.grids, self.tables, self.series, self.findings, self.scores)
        return not any((*parts, self.distances, self.partials))


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result, in one sentence.

    One that is `passing` (memory, an exception) is tried again at the next build; any other is
    explained by what was read, and stays.
    """

    reason: str
    passing: bool = True


Outcome = Result | Failure
