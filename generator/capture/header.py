"""Captures as named arrays and a JSON header, and back: the format of every number we keep."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy.typing as npt

from ..corpus import record_from_json, record_to_json
from ..models.info import Family, ModelInfo
from .maps import AttentionMap, Capture, Kind, Token
from .named import with_pieces
from .places import check_places
from .rows import ArrayError, probabilities, sink_of
from .said import checked_prediction
from .values import count, flag, items, one_of, table, text

SCHEMA = 1
KINDS: tuple[Kind, ...] = get_args(Kind)
FAMILIES: tuple[Family, ...] = get_args(Family)
TEXTS = ("name", "architecture", "model_type", "device", "about", "licence")
OPTIONAL_TEXTS = ("revision", "weights_sha256", "tokenizer_sha256")
COUNTS = ("layers", "heads", "parameters")
TOKEN = tuple(field.name for field in dataclasses.fields(Token))
SOURCES = ("embedded", "folder", "hub", "arrays", "object")

Arrays = dict[str, npt.NDArray[Any]]
Header = dict[str, Any]


def capture_to_arrays(capture: Capture) -> tuple[Arrays, Header]:
    """Return `attention.<kind>` float32 [layer, head, query, key] and all else as a JSON header."""
    arrays: Arrays = {f"attention.{part.kind}": part.weights for part in capture.maps}
    for part in capture.maps:
        if part.sink is not None:
            arrays[f"sink.{part.kind}"] = part.sink
    return arrays, capture_header(capture)


def capture_header(capture: Capture) -> Header:
    """Return everything about a capture that is not an array, ready for JSON."""
    windows = {part.kind: list(part.window) for part in capture.maps if part.window is not None}
    return {
        "schema": SCHEMA,
        "record": record_to_json(capture.record),
        "model": _model_to_json(capture),
        "dtype": capture.model.dtype,
        "window": windows or None,
        "sink": [part.kind for part in capture.maps if part.sink is not None],
        "tokens": {part.kind: _tokens_to_json(part) for part in capture.maps},
        "prediction": capture.prediction,
        "truncated": capture.truncated,
    }


def capture_from_arrays(
    arrays: Mapping[str, npt.NDArray[Any]], header: Mapping[str, Any]
) -> Capture:
    """Return the capture that arrays and header describe; ArrayError says what is wrong."""
    if header.get("schema", SCHEMA) != SCHEMA:
        raise ArrayError(
            f"the header is of schema {header['schema']!r}; this version reads {SCHEMA}"
        )
    model = _model_from_json(header)
    kinds = _kinds(arrays, model.family)
    maps = tuple(_map(kind, arrays, header, model) for kind in kinds)
    _check_shape(model, maps[0])
    record = record_from_json(_section(header, "record"))
    prediction = checked_prediction(header.get("prediction"), maps)
    check_places(maps, record, prediction)
    capture = Capture(
        model=dataclasses.replace(
            model, layers=model.layers or maps[0].layers, heads=model.heads or maps[0].heads
        ),
        record=record,
        maps=maps,
        prediction=prediction,
        truncated=_count(header, "truncated") or 0,
    )
    return with_pieces(capture)


def _check_shape(model: ModelInfo, first: AttentionMap) -> None:
    """Raise if a model has other layers or heads than the attention of its first stack."""
    if first.kind not in ("self", "encoder"):
        return
    for name, has in (("layers", first.layers), ("heads", first.heads)):
        said = getattr(model, name)
        if said and said != has:
            raise ArrayError(f"'model.{name}' is {said:,}, and attention.{first.kind} has {has:,}")


def _section(header: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = header.get(name)
    if not isinstance(section, Mapping):
        raise ArrayError(f"the header needs an object '{name}'")
    return section


def _count(row: Mapping[str, Any], name: str) -> int | None:
    value = row.get(name)
    return None if value is None else count(name, value)


def _model_to_json(capture: Capture) -> Header:
    """Return the promised keys first, then the ones that only have a value for a real model."""
    model = capture.model
    causal = next((part.causal for part in capture.maps if part.kind == "self"), model.causal)
    promised = {
        "name": model.name,
        "revision": model.revision,
        "architecture": model.architecture,
        "model_type": model.model_type,
        "family": model.family,
        "causal": causal,
    }
    others = dataclasses.asdict(model)
    others.pop("dtype")
    return promised | {name: value for name, value in others.items() if name not in promised}


def _model_from_json(header: Mapping[str, Any]) -> ModelInfo:
    model = _section(header, "model")
    if not model.get("name"):
        raise ArrayError("the header needs 'model.name'")
    if model.get("family") not in FAMILIES:
        raise ArrayError(f"'model.family' must be one of {', '.join(FAMILIES)}")
    if (source := model.get("source", "arrays")) not in SOURCES:
        raise ArrayError(f"'model.source' must be one of {', '.join(SOURCES)}")
    texts = {name: model[name] for name in (*TEXTS, *OPTIONAL_TEXTS) if model.get(name) is not None}
    if "dtype" in header:
        texts["dtype"] = header["dtype"]
    for name, value in texts.items():
        text("dtype" if name == "dtype" else f"model.{name}", value)
    if "causal" in model:
        flag("model.causal", model["causal"])
    counts = {name: count for name in COUNTS if (count := _count(model, name)) is not None}
    given: dict[str, Any] = {**texts, **counts}
    return ModelInfo(family=model["family"], source=source, **given)


def _kinds(arrays: Mapping[str, Any], family: Family) -> list[Kind]:
    """List the kinds of attention there are, and check that the family may have them."""
    names = [name.removeprefix("attention.") for name in arrays if name.startswith("attention.")]
    allowed = ("encoder", "decoder", "cross") if family == "encoder-decoder" else ("self",)
    if not names:
        raise ArrayError(f"there is no tensor attention.{allowed[0]}; it is the one thing required")
    for name in names:
        if name not in allowed:
            kinds = ", ".join(allowed)
            raise ArrayError(
                f"attention.{name} does not fit the family {family}, which has {kinds}"
            )
    return [kind for kind in KINDS if kind in names]


def _map(
    kind: Kind, arrays: Mapping[str, npt.NDArray[Any]], header: Mapping[str, Any], model: ModelInfo
) -> AttentionMap:
    weights, declared = arrays[f"attention.{kind}"], _sinks(header)
    sink = arrays.get(f"sink.{kind}")
    has_sink = sink is not None or kind in declared
    weights = probabilities(f"attention.{kind}", weights, has_sink, model.dtype)
    lists = _token_lists(kind, header)
    for name, axis in (("queries", 2), ("keys", 3), ("predicted", 2)):
        if len(lists[name]) != weights.shape[axis] and (lists[name] or name != "predicted"):
            raise ArrayError(
                f"attention.{kind} has {weights.shape[axis]} {name}, "
                f"but 'tokens.{kind}.{name}' lists {len(lists[name])}"
            )
    causal = bool(header["model"].get("causal", model.causal)) if kind == "self" else None
    return AttentionMap(
        kind=kind,
        queries=lists["queries"],
        keys=lists["keys"],
        weights=weights,
        causal=kind == "decoder" if causal is None else causal,
        window=_window(kind, header, weights.shape[0]),
        sink=sink_of(f"sink.{kind}", weights, sink) if has_sink else None,
        predicted=lists["predicted"],
    )


def _sinks(header: Mapping[str, Any]) -> Sequence[str]:
    """Return the kinds of attention whose rows have a sink."""
    declared = header.get("sink") or []
    if declared is True:
        return KINDS
    return [one_of(f"sink[{at}]", kind, KINDS) for at, kind in enumerate(items("sink", declared))]


def _window(kind: Kind, header: Mapping[str, Any], layers: int) -> tuple[int | None, ...] | None:
    windows = header.get("window")
    window = table("window", windows).get(kind) if windows is not None else None
    if window is None:
        return None
    if not isinstance(window, list) or len(window) != layers:
        raise ArrayError(
            f"'window.{kind}' must list one number or null for each of {layers} layers"
        )
    return tuple(_count({f"window.{kind}": size}, f"window.{kind}") for size in window)


def _tokens_to_json(part: AttentionMap) -> Header:
    lists = {"queries": part.queries, "keys": part.keys, "predicted": part.predicted}
    return {
        name: [_token_to_json(token) for token in tokens]
        for name, tokens in lists.items()
        if tokens or name != "predicted"
    }


def _token_to_json(token: Token) -> Header:
    """Return a token as JSON; its name is there only where it stands for an empty piece."""
    return {name: value for name in TOKEN if (value := getattr(token, name)) or name != "name"}


def _token_lists(kind: Kind, header: Mapping[str, Any]) -> dict[str, tuple[Token, ...]]:
    """Return queries, keys and predicted; the keys default to the queries, except in `cross`."""
    entry = _section(header, "tokens").get(kind)
    if isinstance(entry, list):
        entry = {"queries": entry}
    if not isinstance(entry, Mapping) or "queries" not in entry:
        raise ArrayError(f"the header needs 'tokens.{kind}.queries', a list of tokens")
    if kind == "cross" and "keys" not in entry:
        raise ArrayError("the header needs 'tokens.cross.keys', the tokens of the source")
    lists = {"keys": entry["queries"], "predicted": [], **entry}
    return {
        name: _tokens(f"tokens.{kind}.{name}", lists[name])
        for name in ("queries", "keys", "predicted")
    }


def _tokens(name: str, entries: Any) -> tuple[Token, ...]:
    if not isinstance(entries, list):
        raise ArrayError(f"'{name}' must be a list of texts or objects")
    return tuple(_token(f"{name}[{place}]", entry) for place, entry in enumerate(entries))


def _token(place: str, entry: Any) -> Token:
    if isinstance(entry, str):
        return Token(text(place, entry))
    if not isinstance(entry, Mapping) or not isinstance(entry.get("text"), str):
        raise ArrayError(f"'{place}' must be a text or an object with a 'text'")
    try:
        numbers = {key: _count(entry, key) for key in ("id", "start", "end")}
    except ArrayError as error:
        raise ArrayError(f"in '{place}', {error}") from error
    start, end = numbers["start"], numbers["end"]
    if (start is None) != (end is None) or (start or 0) > (end or 0):
        raise ArrayError(f"'{place}' needs a 'start' and an 'end' after it, or neither")
    name = entry.get("name") if entry.get("name") is None else text(f"{place}.name", entry["name"])
    special = flag(f"{place}.special", entry.get("special", False))
    return Token(text(f"{place}.text", entry["text"]), special=special, **numbers, name=name)
