"""Matrices survive the way into a page."""

from __future__ import annotations

import gzip
import io
import re

import numpy as np
import pytest
from attnatlas.pages.packing import (
    alike_together,
    characters,
    in_order,
    pack,
    pack_script,
    png,
    pool,
    quantise,
)
from PIL import Image


def test_quantised_weights_are_off_by_what_the_page_says():
    weights = np.linspace(0, 1, 10_001)
    back = (quantise(weights) / 255.0) ** 2
    assert np.abs(back - weights).max() < 0.004
    small = weights < 0.001
    assert np.abs(back - weights)[small].max() < 0.00013


def test_quantised_mass_is_kept_in_long_rows():
    rng = np.random.default_rng(0)
    rows = rng.dirichlet(np.full(512, 0.3), size=200)
    back = (quantise(rows) / 255.0) ** 2
    assert abs(back.sum() / rows.sum() - 1) < 1e-3


def test_quantise_clips_what_rounding_pushed_out_of_range():
    assert quantise(np.array([-1e-9, 1 + 1e-7])).tolist() == [0, 255]


@pytest.mark.parametrize(("rows", "columns"), [(5, 7), (32, 32), (33, 100), (512, 31)])
def test_pool_keeps_the_largest_value_of_every_block(rows, columns):
    values = np.random.default_rng(1).integers(0, 256, (2, rows, columns)).astype(np.uint8)
    pooled = pool(values)
    assert pooled.shape == (2, min(32, rows), min(32, columns))
    assert (pooled.max(axis=(1, 2)) == values.max(axis=(1, 2))).all()
    assert set(np.unique(pooled)) <= set(np.unique(values))


def test_pack_is_the_same_for_the_same_bytes_and_opens_again():
    values = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)
    assert pack(values) == pack(values.copy())
    assert gzip.decompress(pack(values)) == values.tobytes()
    assert pack(values)[4:8] == bytes(4)  # no time


def test_pack_script_is_a_plain_call_in_utf_16():
    script = pack_script({"self.L00": b"a\0b\0c"})
    assert script.decode("utf-16") == 'atlasPack("self.L00",5,"abc");\n'
    assert script.startswith(b"\xff\xfe")


def test_any_bytes_are_characters_that_a_string_can_hold():
    every = np.arange(0x10000, dtype="<u2").tobytes()
    text = characters(every)
    assert text.encode("utf-8").decode() == text  # no half of a pair
    assert not set(text) & {*map(chr, range(32)), '"', "\\", "\u2028", "\u2029", "\ufeff", "\uffff"}
    kept = re.sub("\ue000(.)", lambda found: chr(ord(found[1]) ^ 0x8000), text)
    assert kept.encode("utf-16-le", "surrogatepass") == every


def test_two_bytes_are_one_character_nearly_always():
    noise = np.random.default_rng(0).bytes(100_000)
    assert len(characters(noise)) < 1.04 * 50_000


def test_png_is_read_back_by_an_independent_reader():
    values = np.array([[0, 255], [128, 7]], np.uint8)
    palette = np.stack([np.arange(256), 255 - np.arange(256), np.zeros(256)], axis=1)
    image = np.asarray(Image.open(io.BytesIO(png(values, palette, scale=3))).convert("RGB"))
    assert image.shape == (6, 6, 3)
    assert (image[::3, ::3] == palette[values]).all()


def test_heads_that_are_put_together_are_found_again_and_take_less():
    rng = np.random.default_rng(2)
    scale = rng.permutation(48)[:, None, None] / 48
    stack = (255 * scale * rng.random((48, 20, 25))).astype(np.uint8).reshape(6, 8, 20, 25)
    content = alike_together(stack)
    np.testing.assert_array_equal(in_order(content, stack.shape), stack)
    assert len(pack(content)) < len(pack(stack))
    for wrong in (content[2:], np.concatenate([content[:2], content])):
        with pytest.raises(ValueError, match=r"heads|reshape"):
            in_order(wrong, stack.shape)
