"""Models and corpora small enough to build sites from in every test."""

from __future__ import annotations

from pathlib import Path

import pytest
from attnatlas.build import BuildReport, build_site
from attnatlas.config import Settings

from tests.capture.tiny import tiny_model

TEXTS = """title = "Three sentences"
about = "Sentences for tests."
licence = "CC0-1.0"
source = "Written for the tests."

[[record]]
id = "river"
text = "The bank of the river is muddy."
tags = ["polysemy"]
note = "Look from bank."

[[record]]
id = "nurse"
text = "The doctor told the nurse that she was late."
label = "negative"
tags = ["coreference"]

[[record]]
id = "Ünïcode/odd id"
text = "It cost 3 € and <b>she</b> said \\"no\\" [SEP] 👩‍⚕️."
target = "Elle a dit non."
"""


@pytest.fixture(autouse=True)
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds have one date, and never ask a network."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One folder with random weights for each family."""
    root = tmp_path_factory.mktemp("models")
    for name in ("bert", "gpt2", "bart"):
        tiny_model(root / name, name)
    return {name: str(root / name) for name in ("bert", "gpt2", "bart")}


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A corpus file with three records."""
    path = tmp_path_factory.mktemp("corpus") / "three.toml"
    path.write_text(TEXTS, "utf-8")
    return str(path)


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store for all builds."""
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="session")
def built(
    tmp_path_factory: pytest.TempPathFactory, corpus: str, models: dict[str, str], store: Path
) -> BuildReport:
    """A site of all three families, float32."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1760000000")
        return build_site(
            Settings(
                corpora=(corpus,),
                models=tuple(models.values()),
                output=tmp_path_factory.mktemp("out") / "site",
                store=store / "store",
                numbers="float32",
            )
        )
