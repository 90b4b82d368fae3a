"""The band of chance on embedded models: against 200 orders drawn and erased by plain loops."""

import numpy as np
import pytest
import torch
from attnatlas.analyses import saliency
from attnatlas.analyses.faithfulness import record as faithfulness
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import load_corpus
from attnatlas.models import load_model, resolve_model
from attnatlas.probes import inputs_of

SETTINGS = Settings(threads=1)
ORDERS = 200


def measured(name, corpus, identity):
    """Return the model, the capture of one text, and what erasing it gave."""
    loaded = load_model(resolve_model(name, SETTINGS), SETTINGS)
    record = next(one for one in load_corpus(corpus).records if one.id == identity)
    [(_, capture)] = capture_records(loaded, [record], SETTINGS)
    assert isinstance(capture, Capture), capture
    results = {"saliency": saliency.compute(capture, loaded, {})}
    return loaded, capture, faithfulness.compute(capture, loaded, results)


def classified(loaded, capture):
    """Return a function: places that are masked -> how likely the class of the whole text is."""
    ids = [token.id for token in capture.maps[0].queries]
    at = int(np.argmax(list(capture.prediction["labels"].values())))

    def confidence(gone):
        inputs = [loaded.tokenizer.mask_token_id if n in gone else i for n, i in enumerate(ids)]
        with torch.no_grad():
            return float(loaded.model(torch.tensor([inputs])).logits[0].softmax(-1)[at])

    return confidence


def translated(loaded, capture):
    """Return a function: places that are deleted -> how likely the translation still is."""
    ids = [token.id for token in capture.maps[0].queries]
    labels = [token.id for token in capture.maps[-1].predicted]
    written = inputs_of(loaded, capture)["decoder_input_ids"]

    def confidence(gone):
        inputs = torch.tensor([[i for n, i in enumerate(ids) if n not in gone]])
        with torch.no_grad():
            logits = loaded.model(input_ids=inputs, decoder_input_ids=written).logits[0]
        logs = logits.log_softmax(-1)[range(len(labels)), labels]
        return float(logs.mean().exp())

    return confidence


@pytest.mark.parametrize(
    ("name", "corpus", "identity", "reading"),
    [
        ("en-fr", "showcase", "black-cat", translated),
        ("sentiment", "reviews", None, classified),
    ],
)
def test_the_mean_and_the_band_are_those_of_many_orders(name, corpus, identity, reading):
    identity = identity or load_corpus(corpus).records[0].id
    loaded, capture, result = measured(name, corpus, identity)
    confidence = reading(loaded, capture)
    content = [at for at, t in enumerate(capture.maps[0].queries) if not t.special]
    ks = [row[0] for row in result.tables["chance"].rows]
    full = confidence(())
    assert result.tables["asked"].rows[0][1] == pytest.approx(full, abs=1e-4)
    rng = np.random.default_rng(3)
    many = np.zeros(ORDERS)
    for n in range(ORDERS):
        order = rng.permutation(content).tolist()
        many[n] = np.mean([full - confidence(order[:k]) for k in ks])
    drawn = np.array([row[1] for row in result.tables["random"].rows])
    assert len(drawn) == 50
    error = many.std() * np.sqrt(1 / ORDERS + 1 / 50)
    assert abs(drawn.mean() - many.mean()) < 3 * error
    low, high = np.quantile(drawn, (0.025, 0.975))
    assert low < many.mean() < high
    assert 0.85 <= np.mean((many >= low) & (many <= high)) <= 1
