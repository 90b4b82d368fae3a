"""Settings come from the command line, then the environment, then attnatlas.toml, then defaults."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from attnatlas.build import BuildReport
from attnatlas.cli import cli, run
from attnatlas.commands.settings import SETTINGS
from attnatlas.config import Settings
from attnatlas.corpus import Skipped

REPORT = BuildReport(
    output=Path("site_output"),
    unchanged=False,
    pages=1234,
    records=1,
    skipped=(Skipped("mine.txt, line 3", "'text' is empty"),),
    weights=(("pages", 4, 52_000), ("assets", 3, 1_250_400), ("data", 1200, 61_004_321)),
    failed=(),
    seconds=75.4,
)
SKIPPED = "Skipped mine.txt, line 3: 'text' is empty\n"


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Collect the settings of each build instead of building."""
    seen: list[Settings] = []

    def build_site(settings: Settings, **more: Any) -> BuildReport:
        seen.append(settings)
        return REPORT

    monkeypatch.setattr(import_module("attnatlas.build"), "build_site", build_site)
    return seen


def test_every_setting_is_an_option_of_build() -> None:
    names = {parameter.name for parameter in cli.commands["build"].params}
    assert {field.name for field in fields(Settings)} <= names
    assert len(SETTINGS) == len(fields(Settings))


def test_without_arguments_everything_is_at_its_default(built: list[Settings]) -> None:
    assert run(["build"]) == 0
    assert built == [Settings()]


def test_every_option_reaches_its_setting(built: list[Settings]) -> None:
    line = """build one.txt two.csv -m here --model there -o out --arrays numbers --title T
        --from A --from B
        --base-url https://example.org/ --numbers none --task translation --revision main --offline
        --strict --max-tokens 9 --windows 4 --batch-size 3 --beams 4 --device cuda:1
        --dtype bfloat16 --also one --also two --threads 2 --store kept --allow-pickle --force
        --column text=review --column label=stars --delimiter ; --encoding cp1252 --format csv
        --limit 5 --sample 6 --seed 7"""
    assert run(line.split()) == 0
    assert built == [
        Settings(
            corpora=("one.txt", "two.csv"),
            models=("here", "there"),
            output=Path("out"),
            arrays=Path("numbers"),
            from_sites=("A", "B"),
            title="T",
            base_url="https://example.org/",
            numbers="none",
            task="translation",
            revision="main",
            offline=True,
            strict=True,
            column=("text=review", "label=stars"),
            delimiter=";",
            encoding="cp1252",
            format="csv",
            limit=5,
            sample=6,
            seed=7,
            max_tokens=9,
            windows=4,
            batch_size=3,
            beams=4,
            also=("one", "two"),
            device="cuda:1",
            dtype="bfloat16",
            threads=2,
            store=Path("kept"),
            allow_pickle=True,
            force=True,
        )
    ]


def test_the_nearer_source_wins(
    built: list[Settings], work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (work / "attnatlas.toml").write_text(
        'corpora = ["a.txt"]\nmodels = "m"\ntitle = "file"\nmax_tokens = 1\nbatch_size = 1\n'
        "strict = true\n[build]\nbatch_size = 2\n[serve]\nport = 9000\n"
    )
    monkeypatch.setenv("ATTNATLAS_MAX_TOKENS", "5")
    monkeypatch.setenv("ATTNATLAS_TITLE", "environment")
    assert run(["build", "--title", "line"]) == 0
    assert built == [
        Settings(
            corpora=("a.txt",),
            models=("m",),
            title="line",
            max_tokens=5,
            batch_size=2,
            strict=True,
        )
    ]


def test_another_file_can_be_named(built: list[Settings], work: Path) -> None:
    (work / "other.toml").write_text('title = "other"\n')
    assert run(["--config", "other.toml", "build"]) == 0
    assert built[0].title == "other"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('tilte = "x"', "unknown setting 'tilte'; did you mean 'title'?"),
        ("[serve]\nprot = 1", "unknown setting 'prot'; did you mean 'port'?"),
        ("title = ", "cannot be read as TOML"),
        ("batch_size = 0", "x>=1"),
        ('batch_size = "many"', "many"),
    ],
)
def test_a_wrong_file_is_one_sentence(
    content: str, said: str, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (work / "attnatlas.toml").write_text(content)
    assert run(["build"]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_the_folder_of_build_is_the_folder_of_the_others(
    site: Path, work: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.rename(work / "elsewhere")
    (work / "attnatlas.toml").write_text('output = "elsewhere"\n')
    assert run(["clean"]) == 0
    assert capsys.readouterr().out == "Removed elsewhere\n"


def test_a_build_ends_with_its_weights_and_what_to_open(
    built: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build"]) == 0
    out, err = capsys.readouterr()
    assert err == SKIPPED
    assert out.splitlines() == [
        "group   files        kB",
        "------  -----  --------",
        "pages       4      52.0",
        "assets      3   1,250.4",
        "data    1,200  61,004.3",
        "------  -----  --------",
        "total   1,207  62,306.7",
        "",
        "Built: 1 record, 1,234 pages, 1 record skipped, 1 min 15 s.",
        "Open site_output/index.html or run: attnatlas open site_output",
    ]


def test_quiet_prints_only_what_to_open(
    built: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build", "--quiet"]) == 0
    assert capsys.readouterr() == ("site_output/index.html\n", SKIPPED)


def test_json_is_for_scripts(built: list[Settings], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["weights"][0] == {"group": "pages", "files": 4, "bytes": 52_000}
    assert report["skipped"] == [{"where": "mine.txt, line 3", "reason": "'text' is empty"}]
    assert (report["pages"], report["unchanged"]) == (1234, False)


def test_every_command_explains_itself() -> None:
    for name, command in cli.commands.items():
        assert command.help, name
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert parameter.help, f"{name} {parameter.name}"


KINDS = {
    "limit = 3\nvary = 'comma'\ntitle = 2024\nnoindex = true": None,
    "corpora = 'mine.txt'\nalso = ['scores', 'norms']": None,
    "output = {a = 1}": "'output' must be a text, a number, true, false or a list of these.",
    "corpora = [['a']]": "'corpora' must be a text, a number, true, false or a list of these.",
    "title = 2024-01-01": "'title' must be a text, a number, true, false or a list of these.",
    "output = ['a', 'b']": "'output' must be one value, and no list.",
    "limit = true": "Invalid value for '--limit': 'True' is not a valid integer range.",
    "limit = 2.5": "Invalid value for '--limit': '2.5' is not a valid integer range.",
    "noindex = 'perhaps'": "Invalid value for '--noindex': 'perhaps' is not a valid boolean.",
}


@pytest.mark.parametrize("text", KINDS)
def test_a_setting_of_another_kind_is_one_sentence(
    text: str, built: list[Settings], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("attnatlas.toml").write_text(text, "utf-8")
    said = KINDS[text]
    assert run(["build", "-q"]) == (2 if said else 0)
    last = capsys.readouterr().err.splitlines()[-1]
    assert said is None or said in last
    assert "unexpected" not in last
    if "vary" in text:
        (made,) = built
        assert (made.limit, made.vary, made.title) == (3, ("comma",), "2024")
    elif said is None:
        assert built[0].also == ("scores", "norms")


def test_the_list_of_commands_says_each_in_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"  {name} " in said for name in cli.commands)
    assert "..." not in said.partition("Commands:")[2].partition("Every option")[0]
