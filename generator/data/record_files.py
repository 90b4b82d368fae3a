"""Attention in files: one safetensors file a record, written into a site and read as an input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from ..array_types import Singles
from ..capture import Capture, Kind
from ..capture.header import Arrays, Header, capture_from_arrays, capture_header, capture_to_arrays
from ..capture.rows import ArrayError
from ..capture.values import table
from ..config import Numbers
from ..corpus import RecordError
from ..errors import InputError
from ..tensors import write_tensors
from .beside import about_corpus, flow_of, like, matrices_of, rollout_of

METADATA_KEY = "attnatlas"
FILE_LIMIT = 25_000_000
PART_NAME = re.compile(r"L[0-9]{2,}")

__all__ = [
    "ArraysRecord",
    "capture_from_arrays",
    "capture_to_arrays",
    "read_arrays",
    "write_record",
]


@dataclass(frozen=True, slots=True)
class ArraysRecord:
    """One record as found in files: its capture, and what was computed from it, where given."""

    path: Path
    capture: Capture
    numbers: Numbers
    corpus: Mapping[str, Any] = field(default_factory=dict)
    rollout: Mapping[Kind, Singles] = field(default_factory=dict)
    flow: Mapping[Kind, Singles] = field(default_factory=dict)
    saliency: Mapping[str, Singles] = field(default_factory=dict)
    results: Mapping[str, Any] = field(default_factory=dict)
    matrices: Mapping[str, Singles] = field(default_factory=dict)


def write_record(
    path: Path,
    capture: Capture,
    *,
    numbers: Numbers = "float16",
    rollout: Mapping[Kind, Singles] | None = None,
    flow: Mapping[Kind, Singles] | None = None,
    saliency: Mapping[str, Singles] | None = None,
    results: Mapping[str, Any] | None = None,
    matrices: Mapping[str, npt.NDArray[Any]] | None = None,
    corpus: Mapping[str, Any] | None = None,
    limit: int = FILE_LIMIT,
) -> list[Path]:
    """Write one record to `path` (`.safetensors`), or past `limit` bytes one file a layer.

    The layers then go into a folder named like the file without its ending. `rollout` is
    [layer, query, key], `flow` [query, key], `saliency` [token]. `results`, JSON values by
    analysis, go into the header: what needed the model, so that the file can do without it. Their
    `matrices`, `<analysis>.<kind>`, have the precision of attention, and are left out with it.
    Returns the files written; the same input gives the same bytes.
    """
    arrays = _attention(capture, numbers)
    for group, values in (("rollout", rollout), ("flow", flow), ("saliency", saliency)):
        arrays |= {f"{group}.{name}": array for name, array in (values or {}).items()}
    if numbers != "none":
        arrays |= {name: _rounded(array, numbers) for name, array in (matrices or {}).items()}
    header = capture_header(capture) | {"corpus": dict(corpus or {})}
    header |= {"results": dict(results)} if results else {}
    if sum(array.nbytes for array in arrays.values()) + len(json.dumps(header)) <= limit:
        return [_write(path, arrays, header)]
    return _write_layers(path.with_suffix(""), arrays, header)


def read_arrays(*folders: Path) -> Iterator[ArraysRecord]:
    """Yield each record below the folders, sorted by path, with one record in memory at a time.

    Raises InputError, one sentence with file, tensor and remedy, for anything that is not as
    promised.
    """
    files = [file for folder in folders for file in _files_below(folder)]
    seen: dict[tuple[str, ...], Path] = {}
    for _, group in groupby(files, key=_record_path):
        record = _read_files(list(group))
        model, name = record.capture.model.name, record.capture.record.id
        key = (model, name, *corpus_key(record.corpus))
        if (first := seen.setdefault(key, record.path)) != record.path:
            raise InputError(
                f"{record.path}: model {model!r} and record {name!r} are already in {first}; "
                "give each record its own id."
            )
        yield record


def _files_below(folder: Path) -> list[Path]:
    files = sorted(folder.rglob("*.safetensors")) if folder.is_dir() else []
    if not files:
        raise InputError(f"{folder}: no .safetensors file is in this folder or below it.")
    if odd := [file for file in files if not file.is_file()]:
        raise InputError(f"{odd[0]}: a folder, a pipe or a device, not a file; take it out.")
    return files


def corpus_key(corpus: Mapping[str, Any]) -> tuple[str, str]:
    """Return what tells a corpus from others: its name and sha256, as far as a header has them."""
    return str(corpus.get("name") or ""), str(corpus.get("sha256") or "")


def read_record(path: Path) -> ArraysRecord:
    """Return the record of one file, or of a folder of layers, as `ArraysRecord.path` names it."""
    files = sorted(path.glob("L*.safetensors")) if path.is_dir() else [path]
    return _read_files([file for file in files if file == path or PART_NAME.fullmatch(file.stem)])


def _attention(capture: Capture, numbers: Numbers) -> Arrays:
    """Return the attention arrays in the precision asked for."""
    if numbers == "none":
        return {}
    arrays, _ = capture_to_arrays(capture)
    return {name: array.astype(numbers, copy=False) for name, array in arrays.items()}


def _rounded(array: npt.NDArray[Any], numbers: Numbers) -> npt.NDArray[Any]:
    """Return an array in the precision asked for; what is too large for it is as large as can be.

    Infinite values stay so.
    """
    most = np.finfo(numbers).max
    if np.dtype(numbers).itemsize < array.dtype.itemsize:
        array = np.where(np.isfinite(array), np.clip(array, -most, most), array)
    return array.astype(numbers, copy=False)


def _write(path: Path, arrays: Arrays, header: Header) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(header, separators=(",", ":"), allow_nan=False)
    with path.open("wb") as file:
        write_tensors(file.write, arrays, {METADATA_KEY: text})
    return path


def _write_layers(folder: Path, arrays: Arrays, header: Header) -> list[Path]:
    """Write one file a layer; what has no layer axis goes into the first one."""
    layers = max(array.shape[0] for array in arrays.values() if _is_layered(array))
    files = []
    for layer in range(layers):
        part = {
            name: array[layer : layer + 1] if _is_layered(array) else array
            for name, array in arrays.items()
            if layer < (array.shape[0] if _is_layered(array) else 1)
        }
        part_header = header | {"layer": {"index": layer, "of": layers}}
        files.append(_write(folder / f"L{layer:02d}.safetensors", part, part_header))
    return files


def _is_layered(array: npt.NDArray[Any]) -> bool:
    """Say whether the first axis counts layers: that of [query, key] and [token] does not."""
    return array.ndim > 2


def _record_path(path: Path) -> Path:
    """Return what names the record of a file: its folder if the file holds one layer."""
    return path.parent if PART_NAME.fullmatch(path.stem) else path


def _read_files(files: Sequence[Path]) -> ArraysRecord:
    path = _record_path(files[0])
    try:
        arrays, header = _join([_read_file(file) for file in files])
        return _record_of(path, arrays, header)
    except (ArrayError, RecordError) as error:
        raise InputError(f"{path}: {error}.") from error


def _read_file(path: Path) -> tuple[Arrays, Header]:
    try:
        with path.open("rb"):  # what the system refuses is told as such, not as another format
            pass
        with safe_open(path, framework="numpy") as file:
            text = (file.metadata() or {}).get(METADATA_KEY)
            arrays = {name: _tensor(path, file, name) for name in sorted(file.keys())}
    except PermissionError as error:
        raise InputError(f"{path}: it cannot be read ({error.strerror}); check it.") from error
    except (SafetensorError, OSError) as error:
        raise InputError(f"{path}: not a safetensors file ({error}).") from error
    if text is None:
        raise InputError(f"{path}: no header; save it with metadata {{'{METADATA_KEY}': JSON}}.")
    try:
        header = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: the header is not JSON ({error}).") from error
    if not isinstance(header, dict):
        raise InputError(f"{path}: the header must be a JSON object.")
    return arrays, header


def _tensor(path: Path, file: Any, name: str) -> npt.NDArray[Any]:
    try:
        array: npt.NDArray[Any] = file.get_tensor(name)
    except (TypeError, KeyError, AttributeError) as error:
        kind = file.get_slice(name).get_dtype()
        raise InputError(f"{path}: {name} is {kind}; save it as float16 or float32.") from error
    return array


def _join(parts: list[tuple[Arrays, Header]]) -> tuple[Arrays, Header]:
    """Return the parts of one record as one: layers one below the other, the first header."""
    layers = [header["layer"] for _, header in parts if isinstance(header.get("layer"), dict)]
    if not layers and len(parts) == 1:
        return parts[0]
    if len(layers) < len(parts):
        raise ArrayError("files named L00, L01, ... are layers of one record; name yours otherwise")
    parts = sorted(parts, key=lambda part: str(part[1]["layer"].get("index")).zfill(6))
    found = [part["layer"] for _, part in parts]
    if found != [{"index": index, "of": len(parts)} for index in range(len(parts))]:
        of = layers[0].get("of")
        raise ArrayError(f"{len(parts)} of {of} layer files are here; put all of them here")
    names = dict.fromkeys(name for arrays, _ in parts for name in arrays)
    pieces = {name: [arrays[name] for arrays, _ in parts if name in arrays] for name in names}
    try:
        return {name: np.concatenate(found) for name, found in pieces.items()}, parts[0][1]
    except ValueError as error:
        raise ArrayError("the layer files differ in shape; write them anew") from error


def _record_of(path: Path, arrays: Arrays, header: Header) -> ArraysRecord:
    capture = capture_from_arrays(arrays, header)
    half = any(arrays[f"attention.{part.kind}"].dtype == np.float16 for part in capture.maps)
    corpus, results = about_corpus(header), dict(table("results", header.get("results") or {}))
    for name, entry in results.items():
        table(f"results.{name}", entry)
    return ArraysRecord(
        path=path,
        capture=capture,
        numbers="float16" if half else "float32",
        corpus=corpus,
        results=results,
        matrices=dict(matrices_of(arrays, results, capture)),
        rollout={
            part.kind: rollout_of(f"rollout.{part.kind}", arrays, part.weights[:, 0])
            for part in capture.maps
            if f"rollout.{part.kind}" in arrays
        },
        flow={
            part.kind: flow_of(f"flow.{part.kind}", arrays, part.weights[0, 0])
            for part in capture.maps
            if f"flow.{part.kind}" in arrays
        },
        saliency={
            name.removeprefix("saliency."): like(name, arrays, capture.maps[0].weights[0, 0, :, 0])
            for name in arrays
            if name.startswith("saliency.")
        },
    )
