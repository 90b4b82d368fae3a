"""A decoder that classifies and names no token for padding reads and explains like any other."""

from pathlib import Path

import pytest
from attnatlas.build import build_site
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.models import LoadedModel, load_model, resolve_model
from attnatlas.probes import ExplainedInput, gradients

from tests.capture.tiny import tiny_model

TEXTS = ("The bank of the river is muddy.", "The bank of the river is white.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "gpt2", "gpt2-classifier", n_layer=2, pad_token_id=None)


@pytest.fixture
def model(folder: Path) -> LoadedModel:
    found = load_model(resolve_model(str(folder), Settings()), Settings())
    assert found.model.config.pad_token_id is None
    return found


def read(model: LoadedModel, *texts: str) -> list[Capture]:
    records = [Record(text, text) for text in texts]
    found = dict(capture_records(model, records, Settings(strict=True)))
    return [found[at] for at in range(len(texts))]  # type: ignore[misc]


def test_texts_of_equal_length_are_read_together_as_one_by_one(model: LoadedModel) -> None:
    for text, together in zip(TEXTS, read(model, *TEXTS), strict=True):
        [alone] = read(model, text)
        assert together.prediction["labels"] == pytest.approx(alone.prediction["labels"], abs=1e-6)
    assert model.model.config.pad_token_id is None


def test_its_answer_is_explained(model: LoadedModel) -> None:
    [capture] = read(model, TEXTS[0])
    explained = ExplainedInput.of(model, capture)
    assert explained is not None
    assert all(values.any() for values in gradients(explained).values())
    assert model.model.config.pad_token_id is None


def test_no_analysis_fails_on_it(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "site"
    settings = Settings(models=(str(folder),), output=output, store=tmp_path / "store", strict=True)
    build_site(settings, records=list(TEXTS))
    pages = list((output / "records").rglob("*.html"))
    assert len(pages) == len(TEXTS)
    assert all("could not be computed" not in page.read_text() for page in pages)
    assert all("integrated gradients" in page.read_text() for page in pages)
