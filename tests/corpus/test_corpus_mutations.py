"""Damaged files: whatever happens to one, it is read or refused in one sentence."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from attnatlas.config import Settings
from attnatlas.corpus import load_corpus, read_options
from attnatlas.errors import InputError
from pyarrow import parquet

from tests.corpus import test_corpus_formats as published

CASES = 400
ROWS = [
    {"id": "a", "text": "Rain, “again”", "label": 1, "tags": ["x", "y"]},
    {"id": "b", "text": 'It "never" ends; it does', "label": 0, "tags": ["y"]},
    {"id": "c", "text": "Sun at last | late", "label": None, "tags": []},
]
CSV = 'id,text,label,tags\na,"Rain, “again”",1,x|y\nb,"It ""never"" ends",0,y\nc,Sun at last,,\n'
TOML = 'title = "T"\n' + "".join(
    f'[[record]]\nid = "{row["id"]}"\ntext = {json.dumps(row["text"])}\n' for row in ROWS
)
CONLLU = (
    "# sent_id = s{}\n1\tRain\train\tNOUN\t_\t_\t0\troot\t_\t_\n"
    "2\tfell\tfall\tVERB\t_\t_\t1\tacl\t_\t_\n\n"
)
FILES: dict[str, bytes] = {
    "x.csv": CSV.encode(),
    "x.tsv": CSV.replace(",", "\t").encode("utf-16"),
    "x.jsonl": "\n".join(map(json.dumps, ROWS)).encode(),
    "x.json": json.dumps({"data": ROWS}).encode(),
    "columns.json": json.dumps({"text": ["a b", "c"], "label": [0, 1]}).encode("utf-32"),
    "x.toml": TOML.encode(),
    "x.txt": "Rain again.\nSun at last.\n".encode("cp1252"),
    "x.conllu": (CONLLU.format(1) + CONLLU.format(2)).encode(),
    "x.csv.gz": gzip.compress(CSV.encode()),
    "winogender.tsv": published.WINOGENDER.encode(),
    "winobias.txt": published.PRO.encode(),
    "gap.tsv": published.GAP.encode(),
    "semeval.xml": published.SEMEVAL_14.encode(),
    "blimp.jsonl": "\n".join(map(json.dumps, published.BLIMP)).encode(),
    "aligned.txt": b"a b ||| c d ||| 0-0 1p1\ne ||| f ||| 0-0\n",
    "pairs.csv": b"good,bad\nHe sleeps.,He sleep.\nI am.,I is.\n",
}
ODD = [
    *(b'"', b"\\", b"\0", b"\n", b"\r", b"\t", b",", b"{", b"]", b"<", b"\xff", b"\xe9", b"|||"),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"NaN",
        b"1e999",
        b"\xed\xa0\x80",
        b'""',
        b"9" * 400,
        b"[" * 3000,
    ),
]


def flipped(data: bytearray, dice: random.Random) -> None:
    data[dice.randrange(len(data))] = dice.randrange(256)


def cut(data: bytearray, dice: random.Random) -> None:
    del data[dice.randrange(len(data)) :]


def without_a_piece(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    del data[start : start + dice.randrange(1, 40)]


def with_something_odd(data: bytearray, dice: random.Random) -> None:
    place = dice.randrange(len(data) + 1)
    data[place:place] = dice.choice(ODD) * dice.choice((1, 1, 3))


def with_a_piece_twice(data: bytearray, dice: random.Random) -> None:
    start = dice.randrange(len(data))
    data[start:start] = data[start : start + dice.randrange(1, 60)]


MUTATIONS: list[Callable[[bytearray, random.Random], None]] = [
    flipped, cut, without_a_piece, with_something_odd, with_a_piece_twice,
]  # fmt: skip


def mutated(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4))):
        if changed:
            dice.choice(MUTATIONS)(changed, dice)
    return bytes(changed)


def assert_read_or_refused(path: Path, strict: bool, chosen: Settings) -> bool:
    """Assert that a file gives records, or one sentence that names it; say whether it is read."""
    try:
        corpus = load_corpus(path, strict=strict, options=read_options(chosen))
    except InputError as error:
        said = error.format_message()
        assert said.startswith(str(path)), said
        assert said.endswith("."), said
        assert said.isprintable(), said
        assert len(said) < len(str(path)) + 700, said
        return False
    assert corpus.records
    assert all(skip.where.startswith(path.name) and skip.reason for skip in corpus.skipped)
    assert all(note.isprintable() for note in corpus.said)
    return True


def test_every_file_is_read_before_it_is_damaged(tmp_path: Path) -> None:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
        assert assert_read_or_refused(tmp_path / name, False, Settings()), name


@pytest.mark.parametrize("seed", range(8))
def test_damaged_files_are_read_or_refused_in_one_sentence(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    table = pa.table({"text": ["Rain again", "Sun"], "label": [0, 1]})
    parquet.write_table(table, tmp_path / "whole.parquet")
    files = FILES | {"x.parquet": (tmp_path / "whole.parquet").read_bytes()}
    read = 0
    for number in range(CASES // 8):
        name = dice.choice(sorted(files))
        path = tmp_path / str(number) / name
        path.parent.mkdir()
        path.write_bytes(mutated(files[name], dice))
        chosen = Settings(sample=dice.choice((None, 1)), encoding=dice.choice((None, "cp1252")))
        read += assert_read_or_refused(path, dice.random() < 0.3, chosen)
    assert 0 < read < CASES // 8
