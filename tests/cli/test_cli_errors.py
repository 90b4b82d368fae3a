"""Every failure is one sentence on stderr and the promised exit code."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from attnatlas.cli import run
from attnatlas.errors import AtlasError, BusyError, InputError, ResourceError

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a build in which an error is raised."""

    def failing_run(error: BaseException) -> tuple[int, str, str]:
        def build_site(*args: Any, **more: Any) -> None:
            raise error

        monkeypatch.setattr(import_module("attnatlas.build"), "build_site", build_site)
        return (run(["build"]), *capsys.readouterr())

    return failing_run


@pytest.mark.parametrize(
    ("kind", "code"), [(AtlasError, 1), (InputError, 2), (ResourceError, 3), (BusyError, 4)]
)
def test_an_atlas_error_is_one_sentence(failing: Run, kind: type[AtlasError], code: int) -> None:
    assert failing(kind("It went wrong here.")) == (code, "", "Error: It went wrong here.\n")


def test_a_full_disk_is_exit_3(failing: Run) -> None:
    error = OSError(errno.ENOSPC, "No space left on device", "site/page.html")
    said = "Error: The disk is full, so site/page.html could not be written.\n"
    assert failing(error) == (3, "", said)


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("DefaultCPUAllocator: can't allocate memory: 8 bytes")]
)
def test_no_memory_is_exit_3(failing: Run, error: Exception) -> None:
    code, out, err = failing(error)
    assert (code, out) == (3, "")
    assert err.startswith("Error: Not enough memory; try a smaller --batch-size")


def test_a_forbidden_folder_is_exit_2(failing: Run) -> None:
    error = PermissionError(errno.EACCES, "Permission denied", "/root/site")
    assert failing(error) == (
        2,
        "",
        "Error: Cannot use /root/site: Permission denied; mend that, or name another.\n",
    )


def test_another_refusal_of_the_system_is_exit_1(failing: Run) -> None:
    code, _, err = failing(OSError(errno.EIO, "Input/output error", "disk"))
    assert (code, err) == (1, "Error: The system refused disk: Input/output error.\n")


def test_the_unexpected_is_a_sentence_that_says_how_to_see_more(
    failing: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = failing(ValueError("first line\nsecond line"))
    assert (code, out) == (1, "")
    assert err == (
        "Error: Something unexpected happened (ValueError: first line); "
        "set ATTNATLAS_DEBUG=1 and run again to see where.\n"
    )
    monkeypatch.setenv("ATTNATLAS_DEBUG", "1")
    assert "Traceback" in failing(ValueError("again"))[2]


def test_an_interrupt_is_exit_130(failing: Run) -> None:
    code, out, err = failing(KeyboardInterrupt())
    assert (code, out, err.strip()) == (130, "", "")


def test_an_unknown_command_names_the_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["biuld"]) == 2
    assert "Did you mean 'build'?" in capsys.readouterr().err


def test_an_unknown_option_names_the_near_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--tilte", "x"]) == 2
    assert "--title" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["build", "no-such.toml"], "No corpus 'no-such.toml'"),
        (["build", "--batch-size", "0"], "x>=1"),
        (["build", "--numbers", "float8"], "float16"),
        (["inspect", "showcse"], "There is a corpus 'showcase'."),
        (["list", "model"], "models"),
        (["open", "nothing-here"], "No site in nothing-here; build one with:"),
        (["serve", "nothing-here"], "No site in nothing-here; build one with:"),
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_is_right(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_with_its_exit_code(site: Path, number: int, code: int) -> None:
    # A shell lets its background jobs ignore SIGINT, and they hand that on: start without it.
    script = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from attnatlas.cli import main; main()"
    )
    command = [sys.executable, "-c", script, "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        process.send_signal(number)
        try:
            said = process.communicate(timeout=60)[1]
        finally:
            process.kill()
        assert process.returncode == code
        assert b"Traceback" not in said


def test_a_reader_who_leaves_is_no_traceback() -> None:
    command = f"'{sys.executable}' -m attnatlas list corpora; echo $? >&2"
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        ["sh", "-c", command], stdout=write, stderr=subprocess.PIPE, text=True, check=True
    )
    os.close(write)
    assert done.stderr == "1\n"


def test_arrays_refuse_what_says_how_a_corpus_is_read(
    work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "numbers").mkdir()
    words = ["build", "--arrays", "numbers", "--column", "text=review", "--limit", "3"]
    assert run(words) == 2
    assert capsys.readouterr().err == (
        "Error: --column, --limit would say how a corpus is read; --arrays reads none. "
        "Leave it out.\n"
    )


def test_a_failure_that_quotes_what_others_wrote_does_nothing_to_a_terminal(failing: Run) -> None:
    said = failing(InputError("x: tables.\x1b[2Jmine\r\nError: all is well\u202e is odd."))[2]
    assert said == "Error: x: tables.\ufffd[2Jmine\ufffd\ufffdError: all is well\ufffd is odd.\n"
