"""A small model runs in one thread, a large one in all that torch takes, unless told otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from attnatlas.capture import run
from attnatlas.config import Settings
from attnatlas.models import LoadedModel, load_model, resolve_model

from tests.capture.tiny import tiny_model


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def model(tmp_path: Path) -> LoadedModel:
    folder = tiny_model(tmp_path / "bert", "bert", num_hidden_layers=1)
    return load_model(resolve_model(str(folder), Settings()), Settings())


def threads(model: LoadedModel, **settings: int) -> int:
    """Return in how many threads a model runs."""
    with run.Run(model, Settings(**settings)).session():  # type: ignore[arg-type]
        return torch.get_num_threads()


@pytest.mark.usefixtures("two_threads")
def test_threads_are_chosen_by_the_size_of_the_model(
    model: LoadedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert threads(model) == 1
    assert threads(model, threads=2) == 2
    assert torch.get_num_threads() == 2
    monkeypatch.setattr(run, "SMALL", 0)
    assert threads(model) == 2
    assert threads(model, threads=1) == 1
