"""The store: what counts as the same, what is kept, and whose folder it is."""

import errno
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from attnatlas.analyses import head_metrics as heads
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.errors import AtlasError, InputError, ResourceError
from attnatlas.results.shapes import Failure, Matrix, Partial, Result
from attnatlas.store import MARKER, Store, capture_key, keys, results, sharded

RECORD = Record("bank", "The bank.", tags=("polysemy",), note="Look at bank.")
KEY = capture_key("model", RECORD, Settings())
SIGNATURE = "Signature: 8a477f597d28d172789f06886806bc55\n"


def capture(record=RECORD, tokens=4, seed=0):
    """Return a capture of random attention with tokens, a window and a prediction."""
    weights = np.random.default_rng(seed).random((2, 3, tokens, tokens), dtype=np.float32)
    weights /= weights.sum(axis=-1, keepdims=True)
    names = tuple(Token(f"t{i}", i, special=not i, start=i, end=i + 1) for i in range(tokens))
    attention = AttentionMap("self", names, names, weights, window=(None, 3))
    model = ModelInfo("m", "encoder", "BertModel", "bert", 2, 3, weights_sha256="ab")
    prediction = {"task": "classification", "label": "good", "score": 0.5}
    return Capture(model, record, (attention,), prediction, truncated=1)


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


def test_a_capture_comes_back_as_it_was(store, tmp_path):
    original = capture()
    assert not store.has(KEY)
    store.put([(KEY, original)])
    for found in (store, Store(tmp_path / "store")):
        assert found.has(KEY)
        copy = found.get(KEY)
        np.testing.assert_array_equal(copy.maps[0].weights, original.maps[0].weights)
        weightless = [
            replace(one, maps=tuple(replace(m, weights=None) for m in one.maps))
            for one in (copy, original)
        ]
        assert weightless[0] == weightless[1]


def test_the_record_given_is_the_one_attached(store):
    store.put([(KEY, capture())])
    renamed = replace(RECORD, id="other", note="New.", tags=(), label="x")
    assert store.get(KEY, renamed).record == renamed


def test_how_a_record_is_shown_does_not_change_its_key():
    shown = replace(
        RECORD, id="x", note="x", tags=("x",), label="x", words=("The", "bank."), group="g"
    )
    assert capture_key("model", shown, Settings()) == KEY
    assert capture_key("model", RECORD, Settings(title="x", output=Path("y"), strict=True)) == KEY


@pytest.mark.parametrize(
    "change",
    [
        {"text": "A bank."},
        {"pair": "x"},
        {"target": "x"},
        {"prefix": "x"},
        {"source_lang": "en_XX"},
        {"target_lang": "en_XX"},
    ],
)
def test_what_a_model_reads_changes_the_key(change):
    assert capture_key("model", replace(RECORD, **change), Settings()) != KEY


@pytest.mark.parametrize(
    "change", [{"dtype": "float16"}, {"max_tokens": 9}, {"device": "cuda"}, {"numbers": "float32"}]
)
def test_what_changes_the_numbers_changes_the_key(change):
    """What is published in full is not what was rounded first."""
    assert capture_key("model", RECORD, Settings(**change)) != KEY


def test_model_and_code_change_the_key(monkeypatch):
    assert capture_key("other", RECORD, Settings()) != KEY
    monkeypatch.setattr(keys, "capture_code", lambda: "newer")
    assert capture_key("model", RECORD, Settings()) != KEY


def test_fields_do_not_run_into_each_other():
    one, other = Record("r", "a", pair="b"), Record("r", "a", target="b")
    assert capture_key("m", one, Settings()) != capture_key("m", other, Settings())


def test_a_text_may_hold_anything():
    hostile = replace(RECORD, text="\ud800\x00\u202e/../'\"")
    assert len(capture_key("m", hostile, Settings())) == 64


def test_missing_keys_are_listed_once_and_in_order(store):
    store.put([("b" * 64, capture())])
    assert store.missing(["c", "b" * 64, "a", "c"]) == ["c", "a"]


def test_shards_hold_at_most_64_records_and_32_megabytes():
    small = [(str(i), capture(seed=i)) for i in range(130)]
    assert [len(group) for group in sharded(iter(small))] == [64, 64, 2]
    large = capture(tokens=1024)
    assert large.maps[0].weights.nbytes > 25_000_000
    groups = list(sharded([("a", large), ("b", capture()), ("c", large)]))
    assert [[key for key, _ in group] for group in groups] == [["a", "b"], ["c"]]
    assert list(sharded([])) == []


def test_each_put_is_one_file(store):
    store.put([(str(i) * 64, capture(seed=i)) for i in range(3)])
    store.put([("z" * 64, capture())])
    assert len(list(store.root.rglob("*.safetensors"))) == 2


def test_a_damaged_capture_is_one_sentence_and_then_missing(store, tmp_path):
    store.put([(KEY, capture())])
    (path,) = (store.root / "captures").iterdir()
    content = bytearray(path.read_bytes())
    content[-1] ^= 255
    path.write_bytes(content)
    found = Store(store.root)
    with pytest.raises(AtlasError, match=r"capture of record 'bank' in .* is gone or damaged: run"):
        found.get(KEY, RECORD)
    assert found.missing([KEY]) == [KEY]
    assert Store(store.root).missing([KEY]) == [KEY]


def test_an_entry_that_is_no_capture_is_damaged_too(store):
    store._captures.write([(KEY, {}, {"schema": 99})])
    with pytest.raises(AtlasError, match="gone or damaged"):
        store.get(KEY)
    assert not store.has(KEY)


def test_results_are_kept_by_key(store):
    result = heads.compute(capture())
    store.results.put([("x", result), ("y", Failure("it cannot be.", passing=False))])
    for found in (store, Store(store.root)):
        kept = found.results.get("x")
        np.testing.assert_array_equal(kept.grids[0].values, result.grids[0].values)
        assert kept.tables == result.tables
        assert (found.results.has("x"), found.results.has_failure("x")) == (True, False)
        assert (found.results.has("y"), found.results.has_failure("y")) == (False, True)
        assert found.results.failure("y") == Failure("it cannot be.", passing=False)
        with pytest.raises(KeyError):
            found.results.get("z")


def test_small_results_lack_their_matrices_alone(store):
    weights = np.eye(3, dtype=np.float32)[None]
    result = Result(
        "one",
        matrices=(Matrix("self", weights),),
        partials=(Partial("rows", np.arange(6).reshape(2, 3), ("a", "b", "c")),),
    )
    store.results.put([("x", result)])
    for _ in range(2):
        small = store.results.small("x")
        assert small.matrices == ()
        assert small.partials[0].labels == ("a", "b", "c")
        np.testing.assert_array_equal(small.partials[0].values, result.partials[0].values)
    assert len(store.results.get("x").matrices) == 1


def test_results_are_held_in_bounded_memory(store, monkeypatch):
    monkeypatch.setattr(results, "IN_MEMORY", 10_000)
    found = {str(i): heads.compute(capture(seed=i)) for i in range(30)}
    store.results.put([*found.items()])
    for key, result in found.items():
        kept = store.results.small(key)
        np.testing.assert_array_equal(kept.grids[0].values, result.grids[0].values)
    assert store.results._size <= 10_000


def test_a_damaged_file_of_results_counts_as_missing_before_anything_relies_on_it(store):
    store.results.put([("x", heads.compute(capture()))])
    [path] = (store.root / "results").glob("*.safetensors")
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    again = Store(store.root)
    assert not again.results.has("x")
    assert again.damaged == 1
    assert not path.exists()


def test_nothing_is_written_before_there_is_something_to_keep(store):
    assert store.missing([KEY]) == [KEY]
    assert store.size() == 0
    assert not store.root.exists()


def test_a_store_is_told_by_its_marker_and_kept_out_of_git(store):
    store.put([(KEY, capture())])
    assert (
        (store.root / MARKER).read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )
    assert (store.root / ".gitignore").read_text() == "*\n"
    assert store.size() == sum(p.stat().st_size for p in store.root.rglob("*") if p.is_file())


def test_a_store_can_be_cleared_and_used_again(store):
    store.put([(KEY, capture())])
    store.clear()
    assert not store.root.exists()
    assert not store.has(KEY)
    store.clear()
    store.put([(KEY, capture())])
    assert store.has(KEY)


def test_clearing_leaves_what_is_not_the_stores(store):
    store.put([(KEY, capture())])
    (store.root / "mine.txt").write_text("keep")
    store.clear()
    assert [path.name for path in store.root.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("marker", [None, SIGNATURE])
def test_a_folder_of_somebody_else_is_never_touched(tmp_path, marker):
    (tmp_path / "mine.txt").write_text("keep")
    if marker:
        (tmp_path / MARKER).write_text(marker)
    store = Store(tmp_path)
    with pytest.raises(InputError, match="not empty and not a store"):
        store.put([(KEY, capture())])
    with pytest.raises(InputError, match="left alone"):
        store.clear()
    assert {path.name for path in tmp_path.iterdir()} == {"mine.txt"} | (
        {MARKER} if marker else set()
    )


def test_a_file_in_the_place_of_a_store_is_refused(tmp_path):
    (tmp_path / "file").write_text("keep")
    store = Store(tmp_path / "file")
    with pytest.raises(InputError, match="left alone"):
        store.put([(KEY, capture())])
    assert (tmp_path / "file").read_text() == "keep"


def test_a_claim_cut_short_is_taken_up_again(store):
    (store.root / "assets").mkdir(parents=True)
    (store.root / ".gitignore").touch()
    (store.root / MARKER).touch()
    store.put([(KEY, capture())])
    assert Store(store.root).has(KEY)


@pytest.mark.parametrize(
    ("code", "kind"), [(errno.ENOSPC, ResourceError), (errno.EACCES, AtlasError)]
)
def test_a_disk_that_cannot_be_written_is_one_sentence(store, monkeypatch, code, kind):
    def fail(path, target):
        raise OSError(code, "Nothing doing")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(kind, match=r"cannot be written .Nothing doing.: free space") as error:
        store.put([(KEY, capture())])
    assert type(error.value) is kind
    assert store.missing([KEY]) == [KEY]
