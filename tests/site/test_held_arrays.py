"""Arrays that are held from the first look at them, and those that are read again."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.data.record_files import write_record
from attnatlas.sources import arrays
from attnatlas.sources.arrays import ArraysSource
from attnatlas.store import Store

from tests.analyses.small_maps import capture, random_map

TEXT = "[CLS] a b c [SEP]"


@pytest.fixture
def folder(tmp_path):
    for number in range(3):
        one = capture(random_map(TEXT, seed=number), record=f"r{number}")
        rows = one.maps[0].weights[:, 0]
        flow = {"self": rows[0]}
        path = tmp_path / "given" / f"r{number}.safetensors"
        write_record(path, one, numbers="float32", rollout={"self": rows}, flow=flow)
    return tmp_path / "given"


@pytest.mark.parametrize("numbers", ["float16", "float32"])
def test_what_is_held_is_what_is_read(folder, tmp_path, monkeypatch, numbers):
    store = Store(tmp_path / "store")
    held = ArraysSource(folder, numbers=numbers)
    monkeypatch.setattr(arrays, "HELD", 2000)  # room for two of three
    some = ArraysSource(folder, numbers=numbers)
    assert [len(source._held) for source in (held, some)] == [3, 2]
    for mine, other in zip(
        *(source.readings(source.models[0]) for source in (held, some)), strict=True
    ):
        one, two = held.capture(mine, store), some.capture(other, store)
        assert replace(one, maps=()) == replace(two, maps=())
        np.testing.assert_array_equal(one.maps[0].weights, two.maps[0].weights)
        assert not one.maps[0].weights.flags.writeable
        assert held.given(mine).keys() == some.given(other).keys() >= {"rollout", "flow"}
