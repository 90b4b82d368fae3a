"""Small results of many records, kept on disk so that memory does not grow with the corpus."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Self

from ..corpus import Record
from ..results.shapes import Result

Entry = tuple[Record, dict[str, Result]]


class Spool:
    """Entries written once, in order, and read from the start as often as anyone likes."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="attnatlas-")  # noqa: SIM115
        self._count = 0

    def add(self, record: Record, results: Mapping[str, Result]) -> None:
        """Keep the results of a record, without its token-by-token matrices."""
        small = {name: replace(result, matrices=()) for name, result in results.items()}
        pickle.dump((record, small), self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def __iter__(self) -> Iterator[Entry]:
        """Yield the entries in the order they were added."""
        position = 0  # only what this process wrote itself is ever unpickled
        for _ in range(self._count):
            self._file.seek(position)
            entry: Entry = pickle.load(self._file)  # noqa: S301
            position = self._file.tell()
            yield entry
        self._file.seek(0, 2)

    def __len__(self) -> int:
        return self._count

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
