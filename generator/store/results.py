"""Results, and failures that stay, kept under everything that can change them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from ..results.codec import MATRIX, Arrays, Header, result_from_arrays, result_to_arrays
from ..results.shapes import Failure, Outcome, Result
from .shards import DamagedError, Shards

FAILURE = "failure"
"""Ends the key of what has no result, so that a look at the keys is enough to know."""
IN_MEMORY = 64_000_000
"""Bytes of small results that are held, so that an aggregate can read them again and again."""


class ResultStore:
    """Outcomes by key, read at random. `writing` makes the store ours before a write."""

    def __init__(self, folder: Path, writing: Callable[[], AbstractContextManager[None]]) -> None:
        self._shards = Shards(folder)
        self._writing = writing
        self._held: OrderedDict[str, tuple[Result, int]] = OrderedDict()
        self._size = 0

    @property
    def damaged(self) -> int:
        """Return how many files were found damaged."""
        return self._shards.damaged

    def has(self, key: str) -> bool:
        """Return whether there is a sound result of this key."""
        return key in self._shards

    def has_failure(self, key: str) -> bool:
        """Return whether it is known that this key has no result."""
        return key + FAILURE in self._shards

    def failure(self, key: str) -> Failure:
        """Return why there is no result of a key."""
        _, header = self._read(key + FAILURE)
        return Failure(header[FAILURE], passing=False)

    def get(self, key: str) -> Result:
        """Return the result of a key; KeyError where there is none, or none that is sound."""
        return result_from_arrays(*self._read(key))

    def small(self, key: str) -> Result:
        """Return the result of a key without matrices; KeyError as `get`."""
        if key in self._held:
            self._held.move_to_end(key)
            return self._held[key][0]
        arrays, header = self._read(key, without=MATRIX)
        result = result_from_arrays(arrays, header)
        self._hold(key, result, sum(array.nbytes for array in arrays.values()))
        return result

    def put(self, items: Sequence[tuple[str, Outcome]]) -> None:
        """Keep outcomes, all of them in one file."""
        entries = [
            (key + FAILURE, {}, {FAILURE: outcome.reason})
            if isinstance(outcome, Failure)
            else (key, *result_to_arrays(outcome))
            for key, outcome in items
        ]
        with self._writing():
            self._shards.write(entries)

    def _read(self, key: str, without: str | None = None) -> tuple[Arrays, Header]:
        try:
            return self._shards.read(key, without)
        except DamagedError as error:
            raise KeyError(key) from error

    def _hold(self, key: str, result: Result, size: int) -> None:
        self._held[key] = result, size + 1000  # the objects around the arrays, roughly
        self._size += size + 1000
        while self._size > IN_MEMORY:
            _, (_, gone) = self._held.popitem(last=False)
            self._size -= gone
