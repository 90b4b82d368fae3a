"""A text that is asked about masked is masked for attention, saliency and erasure alike."""

import numpy as np
import pytest
import torch
from attnatlas.analyses import anchors, saliency, semantic
from attnatlas.analyses.attention_views import received_share, views
from attnatlas.analyses.faithfulness import record as faithfulness
from attnatlas.analyses.rollout import rollout
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.corpus.spans import Span
from attnatlas.models import load_model, resolve_model
from attnatlas.pages.record.read_as import read_as
from attnatlas.probes import ExplainedInput, answers

TEXT = "The keeper told the girl that she was late for the boat."


@pytest.fixture(scope="module")
def english():
    """Return the masked language model, a text with a mention, and the same with the mask typed."""
    settings = Settings(threads=1)
    loaded = load_model(resolve_model("english", settings), settings)
    records = [
        Record("plain", TEXT, mention=Span("she", TEXT.index("she"))),
        Record("typed", TEXT.replace("she", "[MASK]")),
    ]
    captures = [capture for _, capture in capture_records(loaded, records, settings)]
    assert all(isinstance(capture, Capture) for capture in captures)
    return loaded, captures


def found(loaded, capture):
    results = {"saliency": saliency.compute(capture, loaded, {})}
    results["anchors"] = anchors.compute(capture, results)
    results["faithfulness"] = faithfulness.compute(capture, loaded, results)
    return results


def test_attention_is_that_of_the_masked_text_as_saliency_is(english):
    loaded, (plain, typed) = english
    place = next(at for at, t in enumerate(plain.maps[0].queries) if t.text.strip() == "she")
    ids = [token.id for token in plain.maps[0].queries]
    ids[place] = loaded.tokenizer.mask_token_id
    with torch.no_grad():
        output = loaded.model(torch.tensor([ids]), output_attentions=True)
    weights = torch.stack(output.attentions)[:, 0].numpy()
    given = {"saliency": saliency.compute(plain, loaded, {})}
    seen = views(plain, given)
    np.testing.assert_allclose(seen["rollout"], rollout(weights)[-1, place], atol=1e-5)
    np.testing.assert_allclose(seen["attention"], weights.mean(axis=(0, 1))[place], atol=1e-5)
    unmasked = rollout(plain.maps[0].weights)[-1, place]
    assert np.abs(seen["rollout"] - unmasked).max() > 0.01
    ranks = semantic.compute(plain, given).partial("self").values
    content = [at for at in range(len(ids)) if at not in (0, place, len(ids) - 1)]
    part = typed.maps[0]
    np.testing.assert_allclose(part.weights, weights, atol=1e-5)
    expected = semantic.standard(received_share(part)[..., content])
    np.testing.assert_allclose(ranks, expected, atol=0.05)


def test_a_typed_mask_is_the_mask_and_gives_the_same_anchors(english):
    """Both are asked about the same input, so that all but the explained word is the same."""
    loaded, (plain, typed) = english
    assert typed.prediction["masked"]
    one, other = (found(loaded, capture) for capture in (plain, typed))
    assert one["saliency"].partials
    assert not other["saliency"].partials
    for name in ("rollout", "attention"):
        mine, theirs = (
            next(s.values for s in r["anchors"].scores if s.name == name) for r in (one, other)
        )
        np.testing.assert_allclose(mine, theirs, atol=1e-5)
    target = ExplainedInput.of(loaded, plain)
    assert target.target.hidden
    [full] = answers(target, [frozenset()], target.target.confidence)
    assert one["faithfulness"].tables["asked"].rows[0][1] == pytest.approx(full, rel=1e-4)


def test_what_did_not_converge_makes_no_sentence_and_is_counted(english, monkeypatch):
    loaded, (plain, _) = english
    whole = found(loaded, plain)
    assert any("integrated gradients" in f.statement for f in whole["anchors"].findings)
    monkeypatch.setattr(saliency, "target_row", _failed(saliency.target_row))
    results = found(loaded, plain)
    assert saliency.unconverged(results) == {"integrated_gradients"}
    assert not any("integrated gradients" in f.statement for f in results["anchors"].findings)
    assert results["anchors"].findings
    orders = {row[0] for row in results["faithfulness"].tables["aopc"].rows}
    assert "integrated_gradients" not in orders
    assert "rollout" in orders
    assert semantic.compute(plain, results).partials == ()
    entries = [(plain.record, whole)] * 6 + [(plain.record, results)] * 2
    tops = {one.id: one for one in anchors.aggregate(entries).findings}
    assert tops["integrated_gradients-top"].n == 6
    assert tops["integrated_gradients-top"].statement.endswith("Two more texts did not converge.")
    assert tops["gradient_x_input-top"].n == 8


def _failed(row):
    def failed(explained, method, integral):
        made = row(explained, method, integral)
        return (*made[:-1], "no") if integral is not None else made

    return failed


def test_the_note_says_that_a_typed_mask_is_the_mask(english):
    _, (plain, typed) = english
    assert read_as(plain) == ""
    assert read_as(typed) == (
        "“[MASK]” in this text is the mask: the model was asked what stands there."
    )
