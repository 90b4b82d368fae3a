"""A shell completes commands, options, and the names of models and corpora."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from attnatlas.corpus import bundled_corpora
from attnatlas.zoo import zoo_names

START = "import sys; sys.argv[0] = 'attnatlas'; from attnatlas.cli import main; main()"


def asked(instruction: str, **more: str) -> str:
    """Return what the command answers to a shell."""
    environment = {**os.environ, "_ATTNATLAS_COMPLETE": instruction, **more}
    done = subprocess.run(
        [sys.executable, "-c", START], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def completions(words: str, cword: int) -> set[str]:
    """Return what bash would offer for the word at `cword`."""
    answer = asked("bash_complete", COMP_WORDS=words, COMP_CWORD=str(cword))
    return {line.partition(",")[2] for line in answer.splitlines()}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_gets_a_script(shell: str) -> None:
    assert "_ATTNATLAS_COMPLETE" in asked(f"{shell}_source")


def test_commands_are_completed() -> None:
    assert completions("attnatlas ", 1) >= {"build", "serve", "open", "inspect", "list", "clean"}


def test_options_are_completed() -> None:
    assert completions("attnatlas build --ma", 2) == {"--max-tokens"}


def test_corpora_are_completed() -> None:
    assert completions("attnatlas build ", 2) >= set(bundled_corpora())
    assert "showcase" in completions("attnatlas build show", 2)


def test_models_are_completed() -> None:
    assert zoo_names()
    assert completions("attnatlas build -m ", 3) >= set(zoo_names())
    assert "showcase" not in completions("attnatlas build -m ", 3)


def test_choices_are_completed() -> None:
    assert completions("attnatlas build --numbers f", 3) == {"float16", "float32"}
