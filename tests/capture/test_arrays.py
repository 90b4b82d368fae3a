"""The file format of every number: exact round trips, lean headers, and one sentence an error."""

import dataclasses
import json
import os
from pathlib import Path

import numpy as np
import pytest
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.corpus import Record, Span
from attnatlas.data.record_files import (
    capture_from_arrays,
    capture_to_arrays,
    read_arrays,
    read_record,
    write_record,
)
from attnatlas.errors import InputError
from safetensors.numpy import load_file, save_file

CORPUS = {"name": "made", "title": "Made up", "licence": "CC0-1.0"}


def softmax(*shape: int, seed: int = 0) -> np.ndarray:
    scores = np.exp(np.random.default_rng(seed).normal(size=shape))
    return (scores / scores.sum(-1, keepdims=True)).astype(np.float32)


def tokens(*texts: str) -> tuple[Token, ...]:
    starts = [sum(map(len, texts[:place])) for place in range(len(texts))]
    return tuple(
        Token(text, id=7 + place, start=start, end=start + len(text))
        for place, (text, start) in enumerate(zip(texts, starts, strict=True))
    )


def encoder_capture(layers: int = 3) -> Capture:
    shown = (Token("[CLS]", 1, special=True), *tokens("The", " bank"))
    return Capture(
        model=ModelInfo("tiny", "encoder", "BertModel", "bert", layers, 2, revision="abc"),
        record=Record("bank", "The bank", tags=("polysemy",), mention=Span("bank", 4)),
        maps=(
            AttentionMap("self", shown, shown, softmax(layers, 2, 3, 3), window=(None, 4, None)),
        ),
        prediction={"task": "classification", "label": "good", "labels": {"good": 1.0}},
        truncated=2,
    )


def translation_capture() -> Capture:
    source, target = tokens("a", " b", " c"), tokens("x", " y")
    return Capture(
        model=ModelInfo("pair", "encoder-decoder", layers=2, heads=4),
        record=Record("one", "a b c", target="x y"),
        maps=(
            AttentionMap("encoder", source, source, softmax(2, 4, 3, 3)),
            AttentionMap("decoder", target, target, softmax(3, 4, 2, 2), causal=True),
            AttentionMap("cross", target, source, softmax(3, 4, 2, 3), predicted=target),
        ),
    )


def sink_capture() -> Capture:
    capture = encoder_capture()
    part = capture.maps[0]
    sink = np.full(part.weights.shape[:3], 0.25, np.float32)
    part = dataclasses.replace(part, weights=part.weights * np.float32(0.75), sink=sink)
    return dataclasses.replace(capture, maps=(part,))


def assert_same(one: Capture, other: Capture) -> None:
    for left, right in zip(one.maps, other.maps, strict=True):
        np.testing.assert_array_equal(left.weights, right.weights, strict=True)
        assert (left.sink is None) == (right.sink is None)
        if left.sink is not None:
            np.testing.assert_array_equal(left.sink, right.sink)
        assert plain(left) == plain(right)
    assert dataclasses.replace(one, maps=()) == dataclasses.replace(other, maps=())


def plain(part: AttentionMap) -> AttentionMap:
    return dataclasses.replace(part, weights=np.zeros(0, np.float32).sum(), sink=None)


CAPTURES = [encoder_capture(), translation_capture(), sink_capture()]


@pytest.mark.parametrize("capture", CAPTURES)
def test_round_trip_in_memory_is_exact(capture: Capture) -> None:
    arrays, header = capture_to_arrays(capture)
    assert_same(capture, capture_from_arrays(arrays, json.loads(json.dumps(header))))


@pytest.mark.parametrize("limit", [25_000_000, 100])
@pytest.mark.parametrize("capture", CAPTURES)
def test_round_trip_through_files_is_exact(capture: Capture, limit: int, tmp_path: Path) -> None:
    rollout = {part.kind: softmax(*part.weights[:, 0].shape) for part in capture.maps}
    flow = {part.kind: softmax(*part.weights[0, 0].shape) for part in capture.maps}
    for array in flow.values():
        array[0] = np.nan
    length = capture.maps[0].weights.shape[2]
    saliency = {"gradient": np.arange(length, dtype=np.float32) - 1}
    files = write_record(
        tmp_path / "model" / "record.safetensors",
        capture,
        numbers="float32",
        rollout=rollout,
        flow=flow,
        saliency=saliency,
        corpus=CORPUS,
        limit=limit,
    )
    assert [file.name for file in files][-1] in ("record.safetensors", "L02.safetensors")
    [found] = read_arrays(tmp_path)
    assert_same(capture, found.capture)
    assert_same(capture, read_record(found.path).capture)
    assert found.corpus == CORPUS
    assert found.numbers == "float32"
    for given, read in ((rollout, found.rollout), (flow, found.flow), (saliency, found.saliency)):
        assert list(given) == list(read)
        for name in given:
            np.testing.assert_array_equal(given[name], read[name], strict=True)


def test_layers_past_a_hundred_keep_their_order(tmp_path: Path) -> None:
    capture = encoder_capture(layers=103)
    part = dataclasses.replace(capture.maps[0], window=None)
    capture = dataclasses.replace(capture, maps=(part,))
    write_record(tmp_path / "r.safetensors", capture, numbers="float32", limit=1)
    [found] = read_arrays(tmp_path)
    assert_same(capture, found.capture)


def test_the_header_is_as_promised(tmp_path: Path) -> None:
    path = tmp_path / "r.safetensors"
    write_record(path, encoder_capture(), corpus=CORPUS)
    raw = path.read_bytes()
    assert raw[8:].startswith(b'{"__metadata__":{"attnatlas":')
    write_record(path, encoder_capture(), corpus=CORPUS)
    assert path.read_bytes() == raw
    assert load_file(path)["attention.self"].dtype == np.float16
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(json.loads(raw[8 : 8 + length])["__metadata__"]["attnatlas"])
    assert header["schema"] == 1
    assert header["corpus"] == CORPUS
    assert header["dtype"] == "float32"
    assert header["window"] == {"self": [None, 4, None]}
    assert (
        header["model"].items()
        >= {
            "name": "tiny",
            "revision": "abc",
            "architecture": "BertModel",
            "model_type": "bert",
            "family": "encoder",
            "causal": False,
        }.items()
    )
    assert header["tokens"]["self"]["keys"][1] == {
        "text": "The",
        "id": 7,
        "special": False,
        "start": 0,
        "end": 3,
    }


def test_without_numbers_the_attention_is_left_out(tmp_path: Path) -> None:
    rollout = {"self": softmax(3, 3, 3)}
    [path] = write_record(tmp_path / "r.safetensors", encoder_capture(), numbers="none",
                          rollout=rollout)  # fmt: skip
    assert list(load_file(path)) == ["rollout.self"]


def lean_header() -> dict:
    return {
        "record": {"id": "r", "text": "a b"},
        "model": {"name": "mine", "family": "encoder"},
        "tokens": {"self": {"queries": ["a", " b"], "keys": ["a", " b"]}},
    }


def save(folder: Path, arrays: dict, header: object, name: str = "x.safetensors") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = header if isinstance(header, str) else json.dumps(header)
    save_file(arrays, path, metadata={"attnatlas": text} if header is not None else None)
    return path


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_lean_header_is_enough(tmp_path: Path, dtype: type) -> None:
    save(tmp_path, {"attention.self": softmax(1, 2, 2, 2).astype(dtype)}, lean_header())
    [found] = read_arrays(tmp_path)
    assert found.capture.model == ModelInfo("mine", "encoder", layers=1, heads=2, source="arrays")
    assert found.capture.maps[0].keys == (Token("a"), Token(" b"))
    assert found.capture.maps[0].weights.dtype == np.float32
    assert found.capture.prediction == {"task": "none"}
    assert (found.rollout, found.flow, found.saliency) == ({}, {}, {})


def test_a_plain_list_of_tokens_is_enough(tmp_path: Path) -> None:
    header = lean_header() | {"tokens": {"self": ["a", " b"]}}
    save(tmp_path, {"attention.self": softmax(1, 2, 2, 2)}, header)
    [found] = read_arrays(tmp_path)
    assert found.capture.maps[0].queries == (Token("a"), Token(" b"))


@pytest.mark.parametrize("declared", [True, ["self"]])
def test_a_declared_sink_takes_what_rows_lack(tmp_path: Path, declared: object) -> None:
    weights = softmax(1, 2, 2, 2) * np.float32(0.5)
    save(tmp_path, {"attention.self": weights}, lean_header() | {"sink": declared})
    [found] = read_arrays(tmp_path)
    sink = found.capture.maps[0].sink
    assert sink is not None
    np.testing.assert_allclose(sink, 0.5, atol=1e-6)


def test_records_come_in_order_and_lazily(tmp_path: Path) -> None:
    for name in ("b/2", "a/1", "b/1"):
        header = lean_header() | {"record": {"id": name, "text": "a b"}}
        save(tmp_path, {"attention.self": softmax(1, 1, 2, 2)}, header, f"{name}.safetensors")
    (tmp_path / "c.safetensors").write_text("rubbish")
    records = read_arrays(tmp_path)
    assert [next(records).capture.record.id for _ in range(3)] == ["a/1", "b/1", "b/2"]
    with pytest.raises(InputError, match="not a safetensors file"):
        next(records)


def changed(weights: np.ndarray, value: float) -> np.ndarray:
    weights = weights.copy()
    weights[0, 1, 1, 0] = value
    return weights


GOOD = softmax(1, 2, 2, 2)
BAD_ARRAYS = {
    "no tensor attention.self": {"other": GOOD},
    "its shape must be [layer, head, query, key]": {"attention.self": GOOD[0]},
    "attention.self is int32; save it as float16 or float32": {
        "attention.self": np.ones((1, 1, 2, 2), np.int32)
    },
    "NaN or infinite value at layer 0, head 1, query 1, key 0": {
        "attention.self": changed(GOOD, np.nan)
    },
    "negative value at layer 0, head 1, query 1, key 0": {"attention.self": changed(GOOD, -0.5)},
    "row that sums to 0.5 at layer 0, head 0, query 0; rows must sum to 1, or declare": {
        "attention.self": np.full((1, 2, 2, 2), 0.25, np.float32)
    },
    "rows must sum to 1.": {"attention.self": np.full((1, 2, 2, 2), 0.75, np.float32)},
    "attention.cross does not fit the family encoder": {"attention.cross": GOOD},
    "attention.self has 3 queries, but 'tokens.self.queries' lists 2": {
        "attention.self": softmax(1, 2, 3, 2)
    },
    "attention.self has 3 keys, but 'tokens.self.keys' lists 2": {
        "attention.self": softmax(1, 2, 2, 3)
    },
    "rollout.self is 1 x 3 x 2, but the attention needs 1 x 2 x 2": {
        "attention.self": GOOD,
        "rollout.self": softmax(1, 3, 2),
    },
    "rollout.self has a row that sums to 2 at layer 0, query 0; rows must sum to 1.": {
        "attention.self": GOOD,
        "rollout.self": np.ones((1, 2, 2), np.float32),
    },
    "saliency.lime is 3, but the attention needs 2": {
        "attention.self": GOOD,
        "saliency.lime": np.zeros(3, np.float32),
    },
    "sink.self does not fill its row": {
        "attention.self": GOOD,
        "sink.self": np.full((1, 2, 2), 0.5, np.float32),
    },
}


def results(*labels: str) -> dict[str, object]:
    return {"scores": {"version": "1", "matrices": list(labels)}}


def unseen(values: np.ndarray) -> np.ndarray:
    values = values.copy()
    values[..., 0, -1] = -np.inf
    return values


@pytest.mark.parametrize("limit", [25_000_000, 1])
def test_matrices_of_results_go_along(tmp_path: Path, limit: int) -> None:
    capture = translation_capture()
    rng = np.random.default_rng(0)
    given = {
        "scores.cross": rng.normal(size=(3, 4, 2, 3)).astype(np.float32),
        "scores.encoder": unseen(rng.normal(size=(2, 4, 3, 3)).astype(np.float32)),
        "scores.summed.decoder": rng.normal(size=(3, 2, 2)).astype(np.float32),
        "scores.all.cross": rng.normal(size=(2, 3)).astype(np.float32),
    }
    labels = [name.removeprefix("scores.") for name in given]
    files = write_record(
        tmp_path / "r.safetensors", capture, numbers="float32", results=results(*labels),
        matrices=given, limit=limit,
    )  # fmt: skip
    assert len(files) == (1 if limit > 1 else 3)
    (entry,) = read_arrays(tmp_path)
    assert entry.matrices.keys() == given.keys()
    for name, values in given.items():
        np.testing.assert_array_equal(entry.matrices[name], values, strict=True)


def test_matrices_follow_the_numbers_asked_for(tmp_path: Path) -> None:
    values = np.full((3, 2, 3, 3), 1e6, np.float32)
    values[0, 0, 0] = (0.1, -1e9, -np.inf)
    for numbers in ("float16", "none"):
        write_record(
            tmp_path / f"{numbers}.safetensors", encoder_capture(), numbers=numbers,
            results=results("self"), matrices={"scores.self": values},
        )  # fmt: skip
    found = load_file(tmp_path / "float16.safetensors")["scores.self"]
    assert found.dtype == np.float16
    assert found[0, 0, 0].tolist() == [np.float16(0.1), -65504, -np.inf]
    assert found.max() == 65504
    assert load_file(tmp_path / "none.safetensors") == {}


BAD_MATRICES = {
    "the header declares scores.self in 'results', but there is no such tensor": {},
    "scores.self is 1 x 2 x 2 x 3, but the attention needs 1 x 2 x 2 x 2": {
        "scores.self": softmax(1, 2, 2, 3)
    },
    "scores.self is 4 x 2 x 2, but the attention needs 1 x 2 x 2": {
        "scores.self": softmax(4, 2, 2)
    },
    "scores.self is 2; its shape must be [layer, head, query, key]": {"scores.self": softmax(2)},
    "scores.self has a NaN or infinite value at layer 0, head 1, query 1, key 0": {
        "scores.self": changed(GOOD, np.nan)
    },
    "scores.self has a NaN or infinite value at query 0, key 1": {
        "scores.self": np.array([[0, np.inf], [0, 0]], np.float32)
    },
    "scores.self is int64; save it as float16 or float32": {
        "scores.self": np.ones((1, 2, 2, 2), np.int64)
    },
}


@pytest.mark.parametrize("sentence", BAD_MATRICES)
def test_bad_matrices_get_one_sentence(tmp_path: Path, sentence: str) -> None:
    arrays = {"attention.self": GOOD, **BAD_MATRICES[sentence]}
    path = save(tmp_path, arrays, lean_header() | {"results": results("self")})
    assert_one_sentence(tmp_path, path, sentence)


def test_a_matrix_of_a_kind_without_attention_gets_one_sentence(tmp_path: Path) -> None:
    arrays = {"attention.self": GOOD, "scores.cross": GOOD}
    path = save(tmp_path, arrays, lean_header() | {"results": results("cross")})
    assert_one_sentence(tmp_path, path, "scores.cross is of a kind that the file has no attention")


@pytest.mark.parametrize("sentence", BAD_ARRAYS)
def test_bad_arrays_get_one_sentence(tmp_path: Path, sentence: str) -> None:
    path = save(tmp_path, BAD_ARRAYS[sentence], lean_header())
    assert_one_sentence(tmp_path, path, sentence)


BAD_HEADERS = {
    "'tokens.self.queries[1]' ends at 15, and the text has 3 characters": lean_header()
    | {"tokens": {"self": ["a", {"text": " b", "start": 13, "end": 15}]}},
    "'model.layers' is 5, and attention.self has 1": lean_header()
    | {"model": {"name": "m", "family": "encoder", "layers": 5}},
    "'model.heads' is 12, and attention.self has 2": lean_header()
    | {"model": {"name": "m", "family": "encoder", "heads": 12}},
    "no header": None,
    "the header is not JSON": "{",
    "the header is not JSON (maximum": "[" * 100_000,
    "must be a JSON object": [1],
    "schema 2": lean_header() | {"schema": 2},
    "object 'record'": lean_header() | {"record": "text"},
    "no 'text'": lean_header() | {"record": {"id": "r"}},
    "no 'id'": lean_header() | {"record": {"text": "a b"}},
    "unknown field 'titel'": lean_header() | {"record": {"id": "r", "text": "a", "titel": 1}},
    "'model.name'": lean_header() | {"model": {"family": "encoder"}},
    "'model.family' must be one of": lean_header() | {"model": {"name": "x", "family": "cnn"}},
    "'model.about' must be a text": lean_header()
    | {"model": {"name": "x", "family": "encoder", "about": 3}},
    "'layers' must be a whole number": lean_header()
    | {"model": {"name": "x", "family": "encoder", "layers": -3}},
    "object 'tokens'": {**lean_header(), "tokens": None},
    "tokens.self.queries": lean_header() | {"tokens": {"self": {}}},
    "'tokens.self.queries[1]' must be a text": lean_header() | {"tokens": {"self": ["a", 3]}},
    "'tokens.self.queries' must be a list": lean_header() | {"tokens": {"self": {"queries": "ab"}}},
    "'start' must be a whole number": lean_header()
    | {"tokens": {"self": ["a", {"text": "b", "start": -1}]}},
    "'window.self' must list one number or null for each of 1 layers": lean_header()
    | {"window": {"self": [1, 2]}},
    "'prediction' must be an object": lean_header() | {"prediction": [1]},
    "'truncated' must be a whole number": lean_header() | {"truncated": "many"},
}


@pytest.mark.parametrize("sentence", BAD_HEADERS)
def test_bad_headers_get_one_sentence(tmp_path: Path, sentence: str) -> None:
    path = save(tmp_path, {"attention.self": GOOD}, BAD_HEADERS[sentence])
    assert_one_sentence(tmp_path, path, sentence)


def test_bad_files_get_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.safetensors file"):
        list(read_arrays(tmp_path / "nowhere"))
    with pytest.raises(InputError, match=r"no \.safetensors file"):
        list(read_arrays(tmp_path))
    path = tmp_path / "zip.safetensors"
    with path.open("wb") as file:
        np.savez(file, a=GOOD)
    assert_one_sentence(tmp_path, path, "not a safetensors file")
    path.unlink()
    for make in (os.mkfifo, os.mkdir):
        make(path)
        assert_one_sentence(tmp_path, path, "a folder, a pipe or a device, not a file")
        path.unlink() if make is os.mkfifo else path.rmdir()


def test_a_bfloat16_file_gets_one_sentence(tmp_path: Path) -> None:
    from safetensors.torch import save_file as save_torch_file
    from torch import bfloat16, ones

    path = tmp_path / "x.safetensors"
    save_torch_file({"attention.self": ones((1, 1, 1, 1), dtype=bfloat16)}, path)
    assert_one_sentence(tmp_path, path, "attention.self is BF16; save it as float16 or float32")


def test_missing_layers_and_repeated_records_get_one_sentence(tmp_path: Path) -> None:
    files = write_record(tmp_path / "r.safetensors", encoder_capture(), limit=1)
    files[1].unlink()
    assert_one_sentence(tmp_path, tmp_path / "r", "2 of 3 layer files")
    files[0].unlink(), files[2].unlink()
    for name in ("a", "b"):
        save(tmp_path, {"attention.self": GOOD}, lean_header(), f"{name}.safetensors")
    assert_one_sentence(tmp_path, tmp_path / "b.safetensors", "are already in")
    for name in ("L00", "L01"):
        save(tmp_path / "l", {"attention.self": GOOD}, lean_header(), f"{name}.safetensors")
    (tmp_path / "b.safetensors").unlink()
    assert_one_sentence(tmp_path, tmp_path / "l", "name yours otherwise")


def assert_one_sentence(folder: Path, path: Path, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        list(read_arrays(folder))
    message = caught.value.message
    assert sentence in message
    assert message.startswith(f"{path}: ")
    assert message.endswith(".")
    assert "\n" not in message
    assert caught.value.exit_code == 2


def test_a_file_that_may_not_be_read_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path, {"attention.self": GOOD}, lean_header())
    path.chmod(0)
    if os.access(path, os.R_OK):  # who may read all, as root does, is refused by hand
        refused = PermissionError(13, "Permission denied", str(path))
        monkeypatch.setattr(Path, "open", lambda *_, **__: (_ for _ in ()).throw(refused))
    assert_one_sentence(tmp_path, path, "cannot be read (Permission denied); check it")
