"""Starting is quick: no heavy library is imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

HEAVY = ("torch", "transformers", "altair", "jinja2", "scipy", "numpy", "captum", "vl_convert")

LOADED = """
import sys
{code}
print(*sorted(set({heavy!r}) & set(sys.modules)))
"""


def loaded_by(code: str) -> list[str]:
    """Return the heavy libraries that some code imports."""
    script = LOADED.format(code=code, heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[-1].split()


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["build", "--help"], ["inspect", "--help"], ["list", "corpora"]],
    ids=" ".join,
)
def test_a_command_imports_nothing_heavy(arguments: list[str]) -> None:
    assert loaded_by(f"from attnatlas.cli import run\nassert run({arguments!r}) == 0") == []


def test_the_package_imports_nothing_heavy() -> None:
    assert loaded_by("import attnatlas\nattnatlas.build\nattnatlas.__version__") == []


def test_naming_models_and_corpora_loads_no_torch() -> None:
    loaded = loaded_by("from attnatlas.cli import run\nassert run(['list']) == 0")
    assert not {"torch", "transformers", "altair", "captum"} & set(loaded)


def test_help_takes_less_than_half_a_second() -> None:
    assert min(cpu_seconds("--help") for _ in range(3)) < 0.5


def cpu_seconds(*arguments: str) -> float:
    """Return the processor time of one run of the command, start-up included."""
    before = os.times()
    subprocess.run(
        [sys.executable, "-m", "attnatlas", *arguments], check=True, stdout=subprocess.DEVNULL
    )
    after = os.times()
    return (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
