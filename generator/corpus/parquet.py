"""Parquet: rows of columns with types, read by pyarrow (the extra `parquet`)."""

from __future__ import annotations

import io
import json
from typing import Any

from .spans import quoted
from .table import FileProblem, Placed, RawTable

MARK = b"PAR1"


def read_parquet(data: bytes) -> RawTable:
    """Read the rows of a Parquet file, and the labels that a Hugging Face data set names in it."""
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        wanted = 'pip install "attnatlas[parquet]"'
        raise FileProblem(f"Parquet is read by pyarrow; install it with: {wanted}") from error
    try:
        table = parquet.read_table(io.BytesIO(data))
        values = table.to_pylist()
    except (ArrowException, OSError, ValueError, NotImplementedError) as error:
        reason = quoted(str(error).splitlines()[0], 120)
        raise FileProblem(f"a damaged Parquet file ({reason}); write or fetch it again") from error
    rows = [Placed(f"row {number}", row) for number, row in enumerate(values, 1)]
    return RawTable(
        rows,
        columns=tuple(table.column_names),
        form="Parquet",
        class_names=class_names(dict(table.schema.metadata or {})),
    )


def class_names(metadata: dict[bytes, bytes]) -> dict[str, tuple[str, ...]]:
    """Return the labels of each column that Arrow's metadata of a Hugging Face data set names."""
    try:
        features: Any = json.loads(metadata.get(b"huggingface", b"{}"))["info"]["features"]
        single = {name: feature.get("feature", feature) for name, feature in features.items()}
        named = {name: feature["names"] for name, feature in single.items() if "names" in feature}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {name: tuple(map(str, found)) for name, found in named.items()}
