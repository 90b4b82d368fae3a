"""How much a model is asked about one text by default: counted, never timed."""

from dataclasses import replace

import pytest
import torch
from attnatlas.analyses import chosen
from attnatlas.analyses.analysis import RecordProbe
from attnatlas.analyses.saliency import steps_of
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, load_corpus
from attnatlas.models import load_model, resolve_model
from attnatlas.probes import remembering
from attnatlas.probes.gradients import MOST, integrated
from attnatlas.probes.randomized_model import randomized_model

SETTINGS = Settings(threads=1, max_tokens=120)


@pytest.fixture(scope="module")
def asked():
    """Return the classifier and what it reads of a text longer than it is given."""
    loaded = load_model(resolve_model("sentiment", SETTINGS), SETTINGS)
    text = " ".join(record.text for record in load_corpus("reviews").records[:12])
    [(_, capture)] = capture_records(loaded, [Record("r", text)], SETTINGS)
    assert isinstance(capture, Capture)
    assert len(capture.maps[0].queries) == 120
    return loaded, capture


def passes(loaded, capture):
    """Return results, how many passes forward and back it took, and how many texts went through.

    Texts of one length go through together, at most 4,096 tokens in one pass.
    """
    found, texts = [], []

    def count(module, args, kwargs):
        found.append(2 if torch.is_grad_enabled() else 1)
        texts.append(len(kwargs["input_ids"]))

    models = (loaded.model, randomized_model(loaded).model)
    handles = [model.register_forward_pre_hook(count, with_kwargs=True) for model in models]
    try:
        results = {}
        with remembering():
            for probe in chosen(RecordProbe, also=()):
                results[probe.name] = probe.compute(capture, loaded, results)
    finally:
        for handle in handles:
            handle.remove()
    assert {"saliency", "relevance", "faithfulness"} <= results.keys()
    assert "smoothgrad" not in results
    return results, sum(found), sum(texts)


def converged(result):
    table = result.tables["target"]
    at = table.columns.index("converged")
    return [row[at] for row in table.rows if row[at] is not None]


def test_a_long_text_is_asked_about_in_at_most_forty_passes_forward_and_back(asked):
    results, count, texts = passes(*asked)
    assert converged(results["saliency"]) == ["yes"]
    assert count <= 40
    table = results["faithfulness"].tables["asked"]
    [row] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    others = texts - row["erased texts"]
    assert row["random orders"] == 50
    assert row["erased texts"] > 100
    assert 5 <= others <= 25  # steps of integrated gradients, the answer, and the check of weights


def test_an_integral_that_never_adds_up_takes_no_more_steps_than_it_may(asked, monkeypatch):
    monkeypatch.setattr(integrated, "__defaults__", (0.0, None))
    results, count, _ = passes(*asked)
    assert steps_of(results["saliency"]) == MOST
    assert count <= 40


def test_a_contrast_that_the_record_asks_for_is_paid_for_too(asked):
    loaded, capture = asked
    record = replace(capture.record, contrast=tuple(capture.prediction["labels"]))
    results, count, _ = passes(loaded, replace(capture, record=record))
    assert steps_of(results["saliency"]) < MOST
    assert 0 < steps_of(results["contrast"]) <= MOST - steps_of(results["saliency"])
    assert count <= 40
