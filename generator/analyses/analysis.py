"""What an analysis is: its words, its scope, what it needs, and its code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from ..capture import Capture
from ..results.shapes import Result

Scope = Literal["record", "model", "corpus"]
Needs = Literal["capture", "results", "model"]


class Watcher(Protocol):
    """Sees every capture of one model once, in order, and keeps sums: memory stays flat."""

    def add(self, capture: Capture, results: Mapping[str, Result]) -> None:
        """Take in one capture and the results of its record."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: what it is called, what it says, how to read it, whom to cite, and its code.

    With scope `record`, `compute` takes one Capture; what else depends on `needs`: `results` adds
    {name: Result} of the analyses named before it, and `model` the LoadedModel and those of them
    that need the model. The last run where the captures are made, while the model is in memory,
    and are kept in the store; they are left out where no model is loaded. `overall`, and `compute`
    with scope `model`, take an iterable of (Record, {name: Result}) with the record results of one
    model: it may be read more than once, is never held whole, and so keeps memory flat in the
    number of records. With scope `model` and needs `model`, `compute` takes the LoadedModel alone,
    once a model. Where entries are not enough, an analysis with scope `model` has a `watch`: it
    makes a Watcher, which is given each capture as it passes and then to `compute`, after the
    entries. A Result with nothing in it is left out of the page. `version` changes
    whenever the numbers of an analysis do: stored results of another version are computed anew.
    An `optional` one costs much or says what few want to know: it runs only when asked for.
    """

    name: str
    title: str
    about: str
    reading: str
    limits: str
    cite: str
    scope: Scope
    compute: Callable[..., Result]
    version: str = "1"
    needs: Needs = "capture"
    overall: Callable[..., Result] | None = None
    watch: Callable[[], Watcher] | None = None
    optional: bool = False
