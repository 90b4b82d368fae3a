"""The models of the controls, each trained once a run on one thread."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from attnatlas.models import LoadedModel

from tests.analyses.controls.train import copier, reverser


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="session")
def copying() -> LoadedModel:
    """A model that has learnt to copy what came before."""
    return copier(periodic=True)


@pytest.fixture(scope="session")
def not_copying() -> LoadedModel:
    """Its twin, trained as long on tokens that never come again."""
    return copier(periodic=False)


@pytest.fixture(scope="session")
def reversing() -> tuple[object, object]:
    """A model that says its input backwards."""
    return reverser(steps=250)


@pytest.fixture(scope="session")
def not_reversing() -> tuple[object, object]:
    """Its twin, untrained."""
    return reverser(steps=0)
