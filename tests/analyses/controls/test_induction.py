"""A model trained to copy shows an induction head wherever one is looked for; its twin does not."""

import numpy as np
import pytest
from attnatlas.analyses import head_metrics as heads
from attnatlas.analyses import repeated_tokens
from attnatlas.analyses.profile import all_records as profile
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record


def copies(count):
    """Return texts of ten words said twice."""
    for seed in range(count):
        words = [f"w{n}" for n in np.random.default_rng(seed).permutation(30)[:10] + 3]
        yield Record(f"r{seed}", " ".join(words * 2))


def record_results(loaded):
    for _, found in capture_records(loaded, list(copies(12)), Settings()):
        assert isinstance(found, Capture), found
        yield found.record, {"heads": heads.compute(found)}


def roles(loaded):
    found = profile.compute(list(record_results(loaded)))
    columns = found.tables["roles"].columns
    rows = [dict(zip(columns, row, strict=True)) for row in found.tables["roles"].rows]
    said = {finding.id: finding.statement for finding in found.findings}
    return [row["role"] for row in rows], said["self-habits"]


def probed(loaded):
    return {f.id: f for f in repeated_tokens.compute(loaded).findings}


def test_the_copying_model_has_an_induction_head_in_its_second_layer(copying):
    found, said = roles(copying)
    assert "induction" in found[2:]
    assert "look mainly at what followed an earlier copy" in said


def test_its_twin_has_none(not_copying):
    found, said = roles(not_copying)
    assert "induction" not in found
    assert "what followed an earlier copy" not in said


def test_the_probe_finds_it_in_the_second_layer(copying):
    found = probed(copying)
    induction = found["self-twice-induction"]
    assert induction.level == "holds"
    assert "L1H" in induction.statement
    assert induction.value > 0.6
    assert max(induction.null) < 0.2
    loss = found["twice-loss"]
    assert loss.level == "holds"
    assert loss.value < min(loss.null) / 3
    assert found["self-twice-duplicate"].level == "does not hold"


@pytest.mark.parametrize("name", ["self-twice-induction", "self-twice-duplicate", "twice-loss"])
def test_the_probe_does_not_find_it_in_the_twin(not_copying, name):
    assert probed(not_copying)[name].level != "holds"
