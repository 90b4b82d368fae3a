"""What saliency says of an answer, and a model trained on one word that must be found."""

from functools import cache

import numpy as np
import pytest
import torch
from attnatlas.analyses import anchors, saliency
from attnatlas.analyses.faithfulness import record as faithfulness
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.models import loaded_from_objects
from attnatlas.results.codec import result_from_arrays, result_to_arrays
from transformers import BertConfig, BertForSequenceClassification

from tests.capture.tiny import wordpiece
from tests.probes.conftest import asked  # noqa: F401

WORDS = "the doctor told nurse that she was late bank of river is muddy".split()  # noqa: SIM905


def texts(count, seed):
    """Return texts of ten words, half of them with the word that decides the class."""
    rng = np.random.default_rng(seed)
    others = [word for word in WORDS if word != "river"]
    for number in range(count):
        words = list(rng.choice(others, 10))
        label = number % 2
        if label:
            words[rng.integers(10)] = "river"
        yield " ".join(words), label


@pytest.fixture(scope="module")
def planted():
    """A classifier that has learnt to look for one word."""
    return classifier(shuffled=False)


@pytest.fixture(scope="module")
def shuffled():
    """Its twin, trained on the same texts with their labels shuffled."""
    return classifier(shuffled=True)


@cache
def classifier(shuffled):
    """Return a small BERT trained on texts with and without the word, and its last loss."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    tokenizer = wordpiece()
    config = BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64, num_labels=2, hidden_dropout_prob=0.0,
        id2label={0: "without", 1: "with"}, label2id={"without": 0, "with": 1},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    for step in range(150):
        rows = list(texts(32, step))
        batch = tokenizer([text for text, _ in rows], padding=True, return_tensors="pt")
        if step % 2:  # masks are part of its world, so that erasing is no surprise
            gone = torch.rand(batch["input_ids"].shape) < 0.15
            river = tokenizer.convert_tokens_to_ids("river")
            keep = (batch["input_ids"] == river) | (batch["input_ids"] < 5)
            batch["input_ids"][gone & ~keep] = tokenizer.mask_token_id
        labels = torch.tensor([label for _, label in rows])
        labels = labels[torch.randperm(len(labels))] if shuffled else labels
        loss = model(**batch, labels=labels).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return loaded_from_objects(model.eval(), tokenizer), loss.item()


def explained(loaded, text):
    [(_, capture)] = capture_records(loaded, [Record("r", text)], Settings())
    assert isinstance(capture, Capture)
    results = {"saliency": saliency.compute(capture, loaded, {})}
    results["faithfulness"] = faithfulness.compute(capture, loaded, results)
    return capture, results


def found_in(loaded):
    """Return how often each method puts the word first, and the results of texts that have it."""
    first, record_results = [], []
    for text, label in texts(24, 1000):
        if not label:
            continue
        capture, results = explained(loaded, text)
        tokens = [token.text.strip() for token in capture.maps[0].queries]
        for scores in results["saliency"].scores:
            if scores.name in ("integrated_gradients", "occlusion"):
                first.append(tokens[int(np.argmax(scores.values))] == "river")
        results["anchors"] = anchors.compute(capture, results)
        record_results.append((capture, results))
    return first, record_results


def named(record_results):
    """Return in how many texts the word is an anchor by integrated gradients."""
    said = [
        finding.statement
        for _, results in record_results
        for finding in results["anchors"].findings
        if finding.id == "integrated_gradients"
    ]
    return sum("“river”" in statement.partition(";")[0] for statement in said)


def erasing(record_results):
    pairs = [(capture.record, results) for capture, results in record_results]
    said = {finding.id: finding for finding in faithfulness.aggregate(pairs).findings}
    return said["integrated_gradients-erased"]


def test_the_word_that_decides_is_found_and_erasing_it_shows(planted):
    loaded, loss = planted
    assert loss < 0.1
    first, record_results = found_in(loaded)
    assert {capture.prediction["label"] for capture, _ in record_results} == {"with"}
    assert np.mean(first) > 0.9
    assert erasing(record_results).level == "holds"
    assert erasing(record_results).value > 0.5
    assert named(record_results) >= len(record_results) / 2


def test_a_word_that_decides_nothing_is_not_found(shuffled):
    loaded, loss = shuffled
    assert loss > 0.5
    first, record_results = found_in(loaded)
    assert np.mean(first) < 0.5
    assert erasing(record_results).value < 0.2


def test_what_was_explained_is_in_the_table(asked):  # noqa: F811
    loaded, capture = asked("bert-classifier")
    result = saliency.compute(capture, loaded, {})
    rows = [dict(zip(saliency.TARGET, row, strict=True)) for row in result.tables["target"].rows]
    assert [row["method"] for row in rows] == [scores.name for scores in result.scores]
    assert rows[0]["words"] == f"the class “{capture.prediction['label']}”"
    assert rows[0]["erased by"] == "the mask token"
    assert rows[0]["sum"] == pytest.approx(float(result.scores[0].values.sum()), abs=1e-4)
    for scores in result.scores:
        assert scores.values.dtype == np.float32
        assert scores.values.shape == (len(capture.maps[0].queries),)


def test_results_come_back_from_the_store_as_they_were(asked):  # noqa: F811
    loaded, capture = asked("bart")
    result = saliency.compute(capture, loaded, {})
    again = result_from_arrays(*result_to_arrays(result))
    assert again.tables == result.tables
    for one, other in zip(again.scores, result.scores, strict=True):
        assert one.name == other.name
        np.testing.assert_array_equal(one.values, other.values)
