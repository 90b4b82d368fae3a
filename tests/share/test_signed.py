"""What a site was made of is signed by OpenSSH, and verified by it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pytest
from attnatlas.cli import run
from attnatlas.zoo import zoo_folder


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SSH key without a passphrase."""
    path = tmp_path_factory.mktemp("keys") / "key"
    words = [
        "ssh-keygen",
        "-q",
        "-t",
        "ed25519",
        "-N",
        "",
        "-C",
        "anna@example.org",
        "-f",
        str(path),
    ]
    subprocess.run(words, check=True)
    return path


def verified(statement: Path, key: Path) -> bool:
    """Return whether the signature beside a statement is that of a key, as the README says."""
    signers = statement.with_name("signers")
    signers.write_text(f"anna@example.org {key.with_suffix('.pub').read_text()}")
    words = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", "anna@example.org"]
    words += ["-n", "attnatlas", "-s", f"{statement}.sig"]
    return subprocess.run(words, input=statement.read_bytes(), capture_output=True).returncode == 0


def test_a_statement_names_what_the_site_was_made_of(
    copied: Path, key: Path, tmp_path: Path
) -> None:
    path = tmp_path / "site.intoto.json"
    assert run(["export", str(copied), "--sign", str(key), "-o", str(path)]) == 0
    said = json.loads(path.read_text("utf-8"))
    assert said["_type"] == "https://in-toto.io/Statement/v1"
    for subject in said["subject"]:
        sha256 = hashlib.sha256((copied / subject["name"]).read_bytes()).hexdigest()
        assert subject["digest"]["sha256"] == sha256
    made_of = said["predicate"]["buildDefinition"]["resolvedDependencies"]
    weights = hashlib.sha256((zoo_folder("sentiment") / "model.safetensors").read_bytes())
    assert {"name": "sentiment: weights", "digest": {"sha256": weights.hexdigest()}} in made_of
    assert [one["name"] for one in made_of][-1] == "lines: texts"


def test_a_signature_holds_for_what_was_signed_alone(
    copied: Path, key: Path, tmp_path: Path
) -> None:
    path = tmp_path / "site.intoto.json"
    assert run(["export", str(copied), "--sign", str(key), "-o", str(path)]) == 0
    assert verified(path, key)
    path.write_text(path.read_text("utf-8").replace("lines: texts", "other: texts"), "utf-8")
    assert not verified(path, key)


def test_what_cannot_sign_leaves_nothing(
    copied: Path, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "site.intoto.json"
    (tmp_path / "no-key").write_text("no key")
    assert run(["export", str(copied), "--sign", str(tmp_path / "no-key"), "-o", str(path)]) == 2
    assert "cannot sign" in capsys.readouterr().err
    (copied / "index.html").write_text("spoiled")
    assert run(["export", str(copied), "--sign", str(key), "-o", str(path)]) == 1
    assert not path.exists()


def test_signing_writes_over_nothing(
    copied: Path, key: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "notes.json"
    for sign_with in (key, tmp_path / "no-key"):
        (tmp_path / "no-key").write_text("no key")
        mine.write_text("my own words")
        assert run(["export", str(copied), "--sign", str(sign_with), "-o", str(mine)]) == 2
        told = capsys.readouterr().err
        assert "is there already" in told or "cannot sign" in told
        assert str(tmp_path / "notes.json.sig") not in told
        assert mine.read_text() == "my own words"
    assert not (tmp_path / "notes.json.sig").exists()
