"""A site takes the place of the old one whole, or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap

import pytest
from attnatlas.errors import BusyError, InputError
from attnatlas.site.swap import is_atlas, replacing


def build(output, text):
    with replacing(output) as folder:
        (folder / "index.html").write_text(text)


def test_a_new_folder_is_made_and_marked(tmp_path):
    build(tmp_path / "site", "one")
    assert is_atlas(tmp_path / "site")
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]


def test_an_old_site_is_replaced_with_nothing_of_it_left(tmp_path):
    build(tmp_path / "site", "one")
    (tmp_path / "site" / "stale.html").write_text("old")
    build(tmp_path / "site", "two")
    assert (tmp_path / "site" / "index.html").read_text() == "two"
    assert not (tmp_path / "site" / "stale.html").exists()


def test_a_failed_build_leaves_the_old_site_whole(tmp_path):
    build(tmp_path / "site", "one")

    def fail():
        with replacing(tmp_path / "site") as folder:
            (folder / "index.html").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (tmp_path / "site" / "index.html").read_text() == "one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("kept", [".gitkeep", ".gitignore"])
def test_files_that_only_keep_a_folder_in_git_stay(tmp_path, kept):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / kept).write_text("*")
    build(tmp_path / "site", "one")
    assert (tmp_path / "site" / kept).read_text() == "*"


def test_a_folder_that_is_not_ours_is_never_touched(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("dear")
    with (
        pytest.raises(InputError, match="not written by attnatlas"),
        replacing(tmp_path / "thesis"),
    ):
        raise AssertionError
    assert (tmp_path / "thesis" / "chapter.txt").read_text() == "dear"
    (tmp_path / "file").write_text("dear")
    with pytest.raises(InputError, match="not a folder"), replacing(tmp_path / "file"):
        raise AssertionError


def test_two_builds_of_one_output_do_not_meet(tmp_path):
    with (
        replacing(tmp_path / "site"),
        pytest.raises(BusyError, match="Another build"),
        replacing(tmp_path / "site"),
    ):
        raise AssertionError


def test_a_killed_build_leaves_the_old_site_and_is_swept_by_the_next(tmp_path):
    build(tmp_path / "site", "one")
    script = f"""
        from pathlib import Path
        from attnatlas.site.swap import replacing
        with replacing(Path({str(tmp_path / "site")!r})) as folder:
            (folder / "index.html").write_text("half")
            print("writing", flush=True)
            input()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout.readline() == b"writing\n"
        os.kill(process.pid, signal.SIGKILL)
    assert (tmp_path / "site" / "index.html").read_text() == "one"
    build(tmp_path / "site", "two")
    assert (tmp_path / "site" / "index.html").read_text() == "two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["site"]
