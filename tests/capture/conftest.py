"""Models made once a run, loaded the way a build loads them."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.models import LoadedModel, load_model, resolve_model

from tests.capture.tiny import tiny_model


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    root = tmp_path_factory.mktemp("models")
    return cache(lambda kind: tiny_model(root / kind, kind))


@pytest.fixture(scope="session")
def loaded(folder: Callable[[str], Path]) -> Callable[[str], LoadedModel]:
    @cache
    def load(kind: str) -> LoadedModel:
        settings = Settings()
        return load_model(resolve_model(str(folder(kind)), settings), settings)

    return load


def captures(model: LoadedModel, *records: Record, **settings: Any) -> list[Capture]:
    """Capture records in their order, none of which may be skipped."""
    found = dict(capture_records(model, records, Settings(strict=True, **settings)))
    return [found[place] for place in range(len(records))]  # type: ignore[misc]
