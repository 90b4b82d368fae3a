"""A site forged together with its manifest: each command says so in one sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attnatlas.cli import run

from tests.share.lines import small_site
from tests.share.spoiled import renewed

Edit = Callable[[Any], object]
DEEP = "[" * 200_000
ATLAS, FINDINGS, ERRORS = "atlas.json", "data/findings.json", "data/reports/errors.json"
FORGED: dict[str, tuple[str, Edit | str]] = {
    "a deep atlas": (ATLAS, DEEP),
    "an atlas that is a list": (ATLAS, "[]"),
    "an empty atlas": (ATLAS, "{}"),
    "no models": (ATLAS, lambda atlas: atlas.update(models=None)),
    "models that are texts": (ATLAS, lambda atlas: atlas.update(models=["x"])),
    "settings that are a list": (ATLAS, lambda atlas: atlas.update(settings=[1])),
    "numbers of no kind": (ATLAS, lambda atlas: atlas["settings"].update(numbers=7)),
    "no provenance": (ATLAS, lambda atlas: atlas.update(provenance=None)),
    "deep findings": (FINDINGS, DEEP),
    "findings that are none": (FINDINGS, '[{"id": 1}]'),
    "a report of no tables": (ERRORS, '{"tables": 7}'),
}
COMMANDS = (
    "check site --fast",
    "verify site --sample 1 -q",
    "diff site other",
    "diff other site -o page",
    "history site other -o course",
    "export site --model-card",
    "export site --zip -o site.zip",
    "export site --bag -o bag",
    "export site --space -o space",
    "export site --single-file -o site.html",
    "inspect site",
    "build --from site -o again -q --without twins",
)
MADE = ("again", "bag", "course", "page", "space", "site.zip", "site.html")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small site without what models are asked."""
    folder = tmp_path_factory.mktemp("sites")
    return small_site(folder, without=("twins", "asking-the-model"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FORGED)
def test_what_no_build_writes_is_one_sentence(
    name: str,
    made: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, edit = FORGED[name]
    monkeypatch.chdir(tmp_path)
    shutil.copytree(made, "site")
    Path("other").symlink_to(made)
    path = Path("site") / url
    if isinstance(edit, str):
        path.write_text(edit, "utf-8")
    else:
        content = json.loads(path.read_text("utf-8"))
        edit(content)
        path.write_text(json.dumps(content), "utf-8")
    renewed(Path("site"))
    codes = {}
    for command in COMMANDS:
        codes[command] = run(command.split())
        said = capsys.readouterr()
        assert "unexpected" not in said.err, command
        assert "Traceback" not in said.err, command
        assert codes[command] in (0, 1, 2)
        if codes[command] and "check" not in command and "verify" not in command:
            assert said.err.splitlines()[-1].startswith("Error: "), command
    assert codes["check site --fast"] == 1
    assert {one.name for one in tmp_path.iterdir()} <= {"site", "other", ".attnatlas", *MADE}
