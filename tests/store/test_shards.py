"""Shards: round trips, damage, and writers killed at any moment."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from attnatlas.store import shards as module
from attnatlas.store.shards import DamagedError, Shards
from attnatlas.tensors import write_tensors
from safetensors.numpy import save

KEY, OTHER = "a" * 64, "b" * 64
ARRAYS = {
    "attention.self": np.arange(24, dtype=np.float32).reshape(1, 2, 3, 4),
    "half": np.array([0.5], dtype=np.float16),
    "wide": np.array([[1 / 3]]),
    "counts": np.array([1, 2], dtype=np.int64),
    "empty": np.zeros((0, 3), dtype=np.float32),
}
HEADER = {"text": "Ünïcode \ud800 \u2028 </script>", "list": [1, None, 0.1]}


def write(folder, *keys):
    Shards(folder).write([(key, ARRAYS, HEADER) for key in keys])
    return next(path for path in folder.iterdir() if path.suffix == ".safetensors")


def assert_whole(found):
    arrays, header = found
    assert header == HEADER
    assert arrays.keys() == ARRAYS.keys()
    for name, array in arrays.items():
        assert array.dtype == ARRAYS[name].dtype
        np.testing.assert_array_equal(array, ARRAYS[name])


def test_what_is_written_is_read_by_the_writer_and_by_the_next_process(tmp_path):
    shards = Shards(tmp_path)
    assert KEY not in shards
    shards.write([(KEY, ARRAYS, HEADER), (OTHER, {}, {})])
    for found in (shards, Shards(tmp_path)):
        assert KEY in found
        assert_whole(found.read(KEY))
        assert found.read(OTHER) == ({}, {})


@pytest.mark.parametrize("names", [[], ["half"], list(ARRAYS)])
def test_the_bytes_are_those_of_safetensors(names):
    arrays, written = {name: ARRAYS[name] for name in names}, bytearray()
    write_tensors(written.extend, arrays, {"text": "Ünïcode"})
    assert bytes(written) == save(arrays, metadata={"text": "Ünïcode"})


def test_a_large_array_is_read_when_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAPPED", 10)
    shards = Shards(tmp_path)
    shards.write([(KEY, ARRAYS, HEADER)])
    assert_whole(shards.read(KEY))
    shards.read(KEY)[0]["attention.self"][:] = 0
    assert_whole(Shards(tmp_path).read(KEY))


def test_a_shard_is_named_by_its_content(tmp_path):
    first, second = write(tmp_path / "a", KEY), write(tmp_path / "b", KEY)
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_nothing_is_written_for_nothing(tmp_path):
    Shards(tmp_path / "new").write([])
    assert not (tmp_path / "new").exists()


def test_an_unknown_key_is_a_key_error(tmp_path):
    with pytest.raises(KeyError):
        Shards(tmp_path).read(KEY)


def test_a_changed_array_does_not_change_the_file(tmp_path):
    write(tmp_path, KEY)
    shards = Shards(tmp_path)
    shards.read(KEY)[0]["attention.self"][:] = 0
    assert_whole(shards.read(KEY))


@pytest.mark.parametrize("keep", [0, 4, 8, 9, 200, -1])
def test_a_shard_cut_short_is_missing(tmp_path, keep):
    path = write(tmp_path, KEY)
    path.write_bytes(path.read_bytes()[:keep])
    shards = Shards(tmp_path)
    assert KEY not in shards
    assert shards.damaged == 1
    assert not path.exists()


def with_length(header: bytes) -> bytes:
    return len(header).to_bytes(8, "little") + header


@pytest.mark.parametrize(
    "content",
    [b"x" * 300, b"\xff" * 64, with_length(b"[]"), with_length(b'{"a"'), with_length(b'{"a": 1}')],
)
def test_a_file_that_is_no_shard_is_passed_over(tmp_path, content):
    (tmp_path / "noise.safetensors").write_bytes(content)
    shards = Shards(tmp_path)
    assert shards.damaged == 0
    shards.write([(KEY, ARRAYS, HEADER)])
    assert_whole(Shards(tmp_path).read(KEY))
    assert (tmp_path / "noise.safetensors").exists()


def test_a_flipped_bit_is_found_and_the_shard_is_dropped(tmp_path):
    path = write(tmp_path, KEY, OTHER)
    content = bytearray(path.read_bytes())
    content[-3] ^= 1
    path.write_bytes(content)
    shards = Shards(tmp_path)
    with pytest.raises(DamagedError):
        shards.read(KEY)
    assert KEY not in shards
    assert OTHER not in shards
    assert not path.exists()


def test_a_shard_removed_meanwhile_is_damaged_not_a_crash(tmp_path):
    path = write(tmp_path, KEY)
    shards = Shards(tmp_path)
    path.unlink()
    with pytest.raises(DamagedError):
        shards.read(KEY)


def test_leftovers_of_dead_writers_are_swept_and_those_of_live_ones_kept(tmp_path):
    host = module._host()
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = {
        f"{host}~{dead.pid}~1.tmp": False,
        f"{host}~{os.getpid()}~1.tmp": True,
        f"elsewhere~{dead.pid}~1.tmp": True,
        "not-ours.tmp": True,
    }
    for name in [*names, "elsewhere~1~old.tmp"]:
        (tmp_path / name).touch()
    os.utime(tmp_path / "elsewhere~1~old.tmp", (0, 0))
    module.sweep(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {n for n, kept in names.items() if kept}


WRITER = """
import sys
from pathlib import Path
import numpy as np
from attnatlas.store.shards import Shards
shards = Shards(Path(sys.argv[1]))
noise = np.random.default_rng(int(sys.argv[2]))
print("ready", flush=True)
for number in range(10_000):
    key = f"{sys.argv[2]}-{number:060}"
    shards.write([(key, {"a": noise.random(200_000)}, {"number": number})])
    print(number, flush=True)
"""


@pytest.mark.parametrize("seed", range(6))
def test_a_writer_killed_at_any_moment_leaves_whole_shards(tmp_path, seed):
    command = [sys.executable, "-c", WRITER, str(tmp_path), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(0.02 + 0.021 * seed)
        writer.send_signal(signal.SIGKILL)
        done = len(writer.stdout.read().splitlines())
    found = Shards(tmp_path)
    names = [path.name for path in tmp_path.iterdir()]
    assert len(names) - sum(name.endswith(".safetensors") for name in names) <= 1
    keys = [f"{seed}-{number:060}" for number in range(len(names))]
    assert all(key in found for key in keys[:done])
    for number, key in enumerate(keys):
        if key in found:
            arrays, header = found.read(key)
            assert header == {"number": number}
            assert arrays["a"].shape == (200_000,)
    found.write([(KEY, ARRAYS, HEADER)])
    assert all(path.suffix == ".safetensors" for path in tmp_path.iterdir())


def test_a_failed_write_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(path: Path, target: Path):
        raise OSError(28, "No space left on device")

    shards = Shards(tmp_path)
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        shards.write([(KEY, ARRAYS, HEADER)])
    assert list(tmp_path.iterdir()) == []
    assert KEY not in shards
