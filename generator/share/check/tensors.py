"""The tensors beside the pages: shapes, finite numbers, rows that sum to 1, and heads.csv.

The entropy of every head is computed here a second time, from the attention alone, by a formula
that shares no code with the analyses.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..archives import DamagedError
from ..built_site import BuiltSite
from .pictures import painted
from .problem import Problem

if TYPE_CHECKING:
    import numpy.typing as npt

ROW = {"bfloat16": 5e-3}
ROW_SUM = 2e-3
"""How far a row of attention may be from 1; more where the model ran in a coarser format."""
ENTROPY = 2e-3
"""How far, in nats, an entropy in heads.csv may be from that of the tensors: they are rounded."""
MOST_HEADER = 100_000_000

Entropies = dict[tuple[str, str], dict[str, list[Any]]]
"""(folder, kind): entropies [layer, head] by text, one of each of its windows."""


def tensors(site: BuiltSite) -> Iterator[Problem]:
    """Yield what is wrong with each data file, then what tables of heads say otherwise."""
    found: Entropies = defaultdict(lambda: defaultdict(list))
    layers: dict[str, list[tuple[str, Any, Any]]] = defaultdict(list)
    for url in site.manifest:
        if not url.endswith(".safetensors") or url not in site.files:
            continue
        try:
            header, arrays = header_of(site, url), arrays_of(site, url)
        except DamagedError as error:
            yield Problem(url, error.reason, "numbers")
            continue
        yield from _rows(url, header, arrays)
        where = url.rpartition("/")[0] if "layer" in header else url
        layers[where].append((url, header, arrays))
        if len(layers[where]) == _parts(header):
            parts = sorted(layers.pop(where), key=lambda part: part[0])
            joined = _joined(parts)
            yield from painted(site, where, joined)
            _add(found, where, parts[0][1], joined)
    if any(url.endswith(".safetensors") for url in site.left_out):
        return
    for (folder, kind), texts in found.items():
        yield from _table(site, f"{folder}/heads.csv", kind, texts)


def header_of(site: BuiltSite, url: str) -> dict[str, Any]:
    """Return what attnatlas says in the header of a data file."""
    with site.open(url) as stream:
        length = int.from_bytes(stream.read(8), "little")
        if length > min(MOST_HEADER, site.files[url]):
            raise DamagedError(url, "its header says that it is longer than the file")
        raw = stream.read(length)
    try:
        found = json.loads(json.loads(raw)["__metadata__"]["attnatlas"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DamagedError(url, "its header is not as attnatlas writes it") from error
    if not isinstance(found, dict):
        raise DamagedError(url, "its header is no JSON object")
    return found


def arrays_of(site: BuiltSite, url: str) -> dict[str, npt.NDArray[Any]]:
    """Return the tensors of a data file by name."""
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        found: dict[str, npt.NDArray[Any]] = load(site.read(url))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise DamagedError(url, f"it is no safetensors file ({error})") from error
    return found


def _parts(header: dict[str, Any]) -> int:
    layer = header.get("layer")
    return int(layer.get("of", 1)) if isinstance(layer, dict) else 1


def _rows(url: str, header: dict[str, Any], arrays: dict[str, Any]) -> Iterator[Problem]:
    """Yield attention that is no share of a whole."""
    import numpy as np

    allowed = ROW.get(str(header.get("dtype")), ROW_SUM)
    sinks = set(header.get("sink") or [])
    for name, array in arrays.items():
        prefix, _, kind = name.partition(".")
        if prefix != "attention":
            continue
        sums = array.astype(np.float64).sum(axis=-1)
        if not np.isfinite(sums).all() or array.min() < 0:
            yield Problem(url, f"{name} has numbers that are no share of a whole", "numbers")
            continue
        if kind in sinks:
            sums = (
                sums + arrays[f"sink.{kind}"].astype(np.float64) if f"sink.{kind}" in arrays else 1
            )
        if (far := float(np.max(np.abs(sums - 1)))) > allowed:
            yield Problem(url, f"{name} has a row that misses 1 by {far:.2g}", "numbers")


def _joined(parts: list[tuple[str, Any, Any]]) -> dict[str, Any]:
    """Return attention and rollout of one record, its layers put together."""
    import numpy as np

    wanted = [name for name in parts[0][2] if name.partition(".")[0] in ("attention", "rollout")]
    return {name: np.concatenate([arrays[name] for _, _, arrays in parts]) for name in wanted}


def _add(found: Entropies, where: str, header: dict[str, Any], arrays: dict[str, Any]) -> None:
    """Add the entropies of one record to those of its text."""
    import numpy as np

    record, folder = header.get("record") or {}, where.rpartition("/")[0]
    window = record.get("window") or {}
    corpus = (header.get("corpus") or {}).get("name", "")
    text = f"{corpus}/{window.get('record') or record.get('id')}"
    for name, values in arrays.items():
        if name.startswith("attention."):
            weights = values.astype(np.float64)
            logs = np.log(weights, where=weights > 0, out=np.zeros_like(weights))
            entropy = -(weights * logs).sum(axis=-1).mean(axis=-1)
            found[folder, name.partition(".")[2]][text].append(entropy)


def _table(site: BuiltSite, url: str, kind: str, texts: dict[str, list[Any]]) -> Iterator[Problem]:
    """Yield the first head whose entropy in heads.csv is not that of the tensors."""
    import numpy as np

    if url not in site.files:
        return
    mean = np.mean([np.mean(windows, axis=0) for windows in texts.values()], axis=0)
    try:
        for row in csv.DictReader(site.text(url).splitlines()):
            if row["kind"] == kind and row["entropy"]:
                said, layer, head = float(row["entropy"]), int(row["layer"]), int(row["head"])
                if not abs(said - mean[layer, head]) <= ENTROPY:
                    what = f"says an entropy of {said:.4g} for L{layer}H{head} ({kind})"
                    gives = f"the tensors give {mean[layer, head]:.4g}"
                    yield Problem(url, f"{what}; {gives}", "numbers")
                    return
    except (DamagedError, KeyError, ValueError, IndexError, csv.Error):
        yield Problem(url, "is not the table of heads that a build writes", "numbers")
