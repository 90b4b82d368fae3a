"""Tiny models of every family, each with one text that it has read."""

from __future__ import annotations

from functools import cache

import pytest
import torch
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.models import LoadedModel, load_model, resolve_model

from tests.capture.tiny import tiny_model

TEXTS = {
    "plain": Record("plain", "The doctor told the nurse that she was late."),
    "masked": Record("masked", "The bank of the river is [MASK].", pair="It is muddy."),
}


@pytest.fixture(scope="session")
def asked(tmp_path_factory):
    """Return a function: (kind of model, name of a text) -> (loaded model, capture)."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("models")

    @cache
    def load(kind: str) -> LoadedModel:
        return load_model(
            resolve_model(str(tiny_model(folder / kind, kind)), Settings()), Settings()
        )

    @cache
    def run(kind: str, text: str = "plain") -> tuple[LoadedModel, Capture]:
        loaded = load(kind)
        [(_, found)] = capture_records(loaded, [TEXTS[text]], Settings())
        assert isinstance(found, Capture), found
        return loaded, found

    return run
