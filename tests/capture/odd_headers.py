"""Headers that somebody else wrote: a key gone, a value of another type, odd numbers."""

import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from attnatlas.data.record_files import METADATA_KEY
from attnatlas.tensors import write_tensors
from safetensors import safe_open

ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1.5,
        10**30,
        float("nan"),
        float("inf"),
        "",
        "x",
        "\ud800",
        "</script>",
    ),
    *([], {}, [None], [[]], ["x"], {"x": None}, {"x": 1}, {"text": 3}, [1, 2, 3], [{"text": "x"}]),
)
GONE = object()


def opened(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    with safe_open(path, "numpy") as file:
        names = list(file.keys())
        arrays = {name: file.get_tensor(name) for name in names}
        return arrays, json.loads(file.metadata()[METADATA_KEY])


def save(path: Path, arrays: dict[str, np.ndarray], header: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_tensors(file.write, arrays, {METADATA_KEY: json.dumps(header)})
    return path


def keys(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in JSON; of a long list, its first two."""
    if path:
        yield path
    children = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value[:2])
        if isinstance(value, list)
        else ()
    )
    for key, child in children:
        yield from keys(child, (*path, key))


def mutated(header: dict[str, Any], draw: random.Random) -> tuple[dict[str, Any], str]:
    """Return a header with one thing odd, and which; each part of it as often as any other."""
    header = copy.deepcopy(header)
    part = draw.choice(sorted(header))
    path = draw.choice([path for path in keys(header) if path[0] == part])
    odd = draw.choice((GONE, *ODD))
    *inner, last = path
    parent: Any = header
    for key in inner:
        parent = parent[key]
    if odd is GONE:
        del parent[last]
    else:
        parent[last] = copy.deepcopy(odd)
    return header, f"{'.'.join(map(str, path))} = {'(gone)' if odd is GONE else repr(odd)}"


CELLS: tuple[Any, ...] = (7, -7, 1e9, 0.5, "x", "", None, True, "-1", "unknown", 10**30)


def with_an_odd_cell(header: dict[str, Any], draw: random.Random) -> tuple[dict[str, Any], str]:
    """Return a header with one thing odd in a table of its results, and where."""
    header = copy.deepcopy(header)
    places = [
        (analysis, name)
        for analysis, entry in header["results"].items()
        for name in entry.get("tables", {})
    ]
    analysis, name = draw.choice(places)
    table = header["results"][analysis]["tables"][name]
    where = f"{analysis}.tables.{name}"
    how = draw.choice(("cell", "cell", "cell", "cell", "column", "twice", "gone", "none"))
    if how == "cell" and table["rows"]:
        row = draw.randrange(len(table["rows"]))
        at = draw.randrange(len(table["columns"]))
        table["rows"][row][at] = draw.choice(CELLS)
        return header, f"{where}.rows[{row}][{at}] = {table['rows'][row][at]!r}"
    if how == "column":
        table["columns"][draw.randrange(len(table["columns"]))] = draw.choice(("n", "another"))
    elif how == "twice":
        table["rows"] = table["rows"] * 2
    elif how == "gone":
        del header["results"][analysis]["tables"][name]
    else:
        table["rows"] = []
    return header, f"{where}: {how}"
