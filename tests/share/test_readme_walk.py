"""The commands of the README, in a new user's folder, one after another, as they are written."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

import pytest
from attnatlas.cli import cli, run

from tests.capture.tiny import tiny_model
from tests.share import pdf

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
LEAN = " --without twins"
"""What builds leave out here to be quick."""
WALK = (
    "attnatlas list",
    "attnatlas list corpora",
    "attnatlas inspect reviews.csv ./my-model",
    f"attnatlas build reviews.csv -m ./my-model -o my-site{LEAN}",
    "attnatlas open my-site",
    "attnatlas serve my-site --port 0",
    "attnatlas inspect my-site",
    "attnatlas check my-site",
    "attnatlas verify my-site",
    "attnatlas verify my-site --all",
    "attnatlas export my-site --zip",
    "attnatlas check my-site.zip",
    "attnatlas verify my-site.zip",
    "attnatlas export my-site --single-file",
    "attnatlas check my-site.html",
    "attnatlas export my-site --single-file --only a",
    "attnatlas export my-site --single-file --without-numbers",
    "attnatlas export my-site --report errors",
    "attnatlas check my-site-errors.html",
    "attnatlas export my-site --pdf index.html",
    "attnatlas export my-site --space",
    "attnatlas export my-site --model-card",
    "attnatlas export my-site --bag",
    "attnatlas check my-site-bag",
    "attnatlas export my-site --bag -o my-bag.zip",
    "attnatlas check my-bag.zip",
    "attnatlas export my-site --sign key",
    "attnatlas check my-site",
    "attnatlas publish my-site --dry-run",
    "attnatlas publish my-site",
    "attnatlas publish my-site --branch pages",
    f"attnatlas build reviews.csv -m ./my-model -o later --vary drop:not{LEAN}",
    "attnatlas diff my-site later -o changes",
    "attnatlas history my-site later -o course",
    f"attnatlas build --from my-site --from later -o both{LEAN}",
    f"attnatlas build reviews.csv -m ./my-model --redact 'O[a-z]+a' -o hidden{LEAN}",
    f"attnatlas build reviews.csv -m ./my-model --limit 2 --expect 'accuracy >= 0' --gate{LEAN}",
    "attnatlas check",
    "attnatlas new project",
    "attnatlas clean my-site",
    "attnatlas clean later --store",
)
ASKED = {
    "": (200, "Olga was not late."),
    "records/my-model/a.html": (200, "Olga was not late."),
    "data/my-model/a.safetensors": (200, ""),
    "records/my-model/nowhere.html": (404, "in the folder this atlas was put in"),
}
"""Addresses of a served site, and what comes of each."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with texts, a model and a key, and a remote beside it."""
    root = tmp_path_factory.mktemp("user")
    folder = root / "mine"
    folder.mkdir()
    (folder / "reviews.csv").write_text(
        "id,text,label\na,Olga was not late.,LABEL_1\nb,The bank is muddy.,LABEL_0\n"
        "c,The river is late.,LABEL_2\n",
        "utf-8",
    )
    tiny_model(folder / "my-model", "bert-classifier", num_hidden_layers=1)
    commands = (
        f"git init -q --bare {root}/remote.git",
        "git init -q -b main .",
        "git config user.email you@example.org",
        "git config user.name You",
        f"git remote add origin {root}/remote.git",
        "git commit -q --allow-empty -m first",
        "ssh-keygen -q -t ed25519 -N '' -f key",
    )
    for command in commands:
        subprocess.run(shlex.split(command), cwd=folder, check=True, env=_clean(root))
    return folder


def served(command: str, folder: Path) -> None:
    """Run `serve` as a process of its own, ask it for some addresses, and press Ctrl-C."""
    words = [sys.executable, "-m", *shlex.split(command)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=folder, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            for url, (code, said) in ASKED.items():
                found = answer(address + url)
                assert found[0] == code, url
                assert said in found[1], url
        finally:
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.strip() == "Press Ctrl-C to stop."


def answer(address: str) -> tuple[int, str]:
    """Return the code and the words that a server answers with."""
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.status, response.read().decode("utf-8", "ignore")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode("utf-8", "ignore")


def _clean(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {**kept, "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}


@pytest.mark.filterwarnings("ignore")
def test_every_command_runs_in_its_turn(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _clean(place.parent).items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.startswith("GIT_") and "CONFIG" not in name]:
        monkeypatch.delenv(name)
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda address: opened.append(address) is None)
    monkeypatch.chdir(place)
    for command in WALK:
        if " serve " in command:
            served(command, place)
        else:
            assert run(shlex.split(command)[1:]) == 0, command
    assert opened
    assert opened[0].endswith("my-site/index.html")
    assert json.loads((place / "both" / "atlas.json").read_text("utf-8"))["models"]
    assert "Olga" not in (place / "hidden" / "atlas.json").read_text("utf-8")
    assert (place / "project" / "attnatlas.toml").is_file()
    heads = subprocess.run(
        ["git", "ls-remote", "--heads", "origin"], cwd=place, capture_output=True, text=True
    )
    assert {"gh-pages", "pages"} <= {line.rpartition("/")[2] for line in heads.stdout.split("\n")}
    assert not (place / "my-site" / "index.html").exists()
    printed = (place / "my-site-index.pdf").read_bytes()
    assert pdf.pages(printed) >= 1
    assert pdf.pieces_of_text(printed) > 30
    assert set("reviewsOlga") <= pdf.letters(printed)
    shutil.rmtree(place)


def documents() -> str:
    """Return all that a reader of commands is shown."""
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CONTRIBUTING.md"]
    return "\n".join(path.read_text("utf-8") for path in paths)


def spans(text: str) -> list[str]:
    """Return what stands in backticks or in a block of shell."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [*lines, *re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))]


def test_every_command_that_documents_name_is_one_with_these_options() -> None:
    every = {word for command in cli.commands.values() for p in command.params for word in p.opts}
    named = [span for span in spans(documents()) if re.match(r"attnatlas [a-z]+", span)]
    assert len(named) > 20
    for span in named:
        name = span.split()[1]
        assert name in cli.commands, span
        options = {word for p in cli.commands[name].params for word in (*p.opts, *p.secondary_opts)}
        options |= {"--help", "-h"}
        assert {w.partition("=")[0] for w in re.findall(r"(?<=\s)--?[a-z][\w-]*", span)} <= options
    for span in spans(README):
        if option := re.match(r"--[a-z][\w-]*", span):
            assert option[0] in every, span


def test_the_walk_goes_to_every_command_and_to_all_forms_of_an_export() -> None:
    walked = " ".join(WALK)
    table = re.search(r"\| Command \| Does \|.*?\n\n", README, re.DOTALL)
    exports = re.search(r"\| `attnatlas export my-site` with.*?\n\n", README, re.DOTALL)
    assert table
    assert exports
    commands = re.findall(r"^\| `attnatlas (\w+)", table[0], re.MULTILINE)
    assert {*commands} == {*cli.commands}
    forms = {word for span in spans(exports[0]) for word in re.findall(r"--[a-z-]+", span)}
    for word in [*(f"attnatlas {name}" for name in commands), *forms]:
        assert word in walked, word
