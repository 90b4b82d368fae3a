"""Corpora with the same file name are told apart by their folders, and a file is read once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from attnatlas.corpus import files_apart, given_once, load_corpora
from attnatlas.corpus.distinct import names_apart


def files(folder: Path, *names: str) -> list[str]:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"text\nOf {name}.\n", "utf-8")
    return [str(folder / name) for name in names]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (["2024/reviews.csv", "2025/reviews.csv"], ["2024/reviews", "2025/reviews"]),
        (["a/x/y/reviews.csv", "b/x/y/reviews.csv"], ["a/x/y/reviews", "b/x/y/reviews"]),
        (["x/reviews.csv", "x/x/reviews.csv"], ["/x/reviews", "x/x/reviews"]),
        (["a/r.csv", "b/r.csv", "b/other.csv"], ["a/r", "b/r", "other"]),
        (["a/2024/r.csv", "b/2024/r.csv", "2025/r.csv"], ["a/2024/r", "b/2024/r", "2025/r"]),
        (["a/r.csv", "a/r.txt"], ["r.csv", "r.txt"]),
        (["a/r.csv", "a/r.txt", "b/r.csv"], ["a/r.csv", "r.txt", "b/r.csv"]),
        (["a/r.csv", "a/r.txt", "a/r.csv.txt"], ["r.csv", "r.txt", "r.csv.txt"]),
        (["showcase.csv", "showcase"], ["/showcase", "showcase"]),
    ],
)
def test_names_are_as_long_as_it_takes(given: list[str], names: list[str], tmp_path: Path) -> None:
    paths = [given if given == "showcase" else files(tmp_path, given)[0] for given in given]
    found = names_apart(paths)
    assert len(set(found)) == len(found)
    for name, wanted in zip(found, names, strict=True):
        assert name == wanted or (wanted.startswith("/") and name.endswith(wanted))


def test_each_file_has_its_own_records_title_and_place(tmp_path: Path) -> None:
    paths = files(tmp_path, "2024/reviews.csv", "2025/reviews.csv")
    Path(paths[1]).write_text("text\nA second year.\n\x00\n,\n", "utf-8")
    first, second = load_corpora(paths)
    assert (first.name, second.name) == ("2024/reviews", "2025/reviews")
    assert (first.title, second.title) == (first.name, second.name)
    assert first.records[0].text == "Of 2024/reviews.csv."
    assert second.records[0].text == "A second year."
    assert all(bad.where.startswith("2025/reviews.csv, ") for bad in second.skipped)
    assert files_apart(paths) == ["2024/reviews.csv", "2025/reviews.csv"]


def test_a_file_is_read_once_however_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = files(tmp_path, "a/r.csv")
    (tmp_path / "b").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "r.csv").symlink_to(path)
    monkeypatch.chdir(tmp_path)
    names = [path, "a/r.csv", "./a/../a/r.csv", "b/r.csv", "r.csv"]
    assert given_once(names) == [path]
    assert [corpus.name for corpus in load_corpora(names)] == ["r"]


def test_a_step_back_behind_a_link_is_resolved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(tmp_path, "r.csv", "deep/er/r.csv", "deep/r.csv")
    (tmp_path / "link").symlink_to(tmp_path / "deep" / "er", target_is_directory=True)
    monkeypatch.chdir(tmp_path)
    there = os.path.join("link", "..", "r.csv")  # deep/r.csv, not r.csv
    texts = {corpus.name: corpus.records[0].text for corpus in load_corpora(["r.csv", there])}
    assert texts.pop("deep/r") == "Of deep/r.csv."
    assert [*texts.values()] == ["Of r.csv."]


def test_a_single_file_keeps_its_plain_name(tmp_path: Path) -> None:
    assert [corpus.name for corpus in load_corpora(files(tmp_path, "2024/reviews.csv"))] == [
        "reviews"
    ]
