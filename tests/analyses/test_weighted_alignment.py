"""Alignment by attention times its gradient, against loops over the same numbers."""

import numpy as np
import pytest
from attnatlas.analyses import weighted_alignment
from attnatlas.analyses.weighted_alignment import ANALYSIS, counted, weighted_pair
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import load_corpus
from attnatlas.models import load_model, resolve_model
from attnatlas.probes import ExplainedInput, attention_gradients

from tests.analyses.test_translation import TEXTS, translated

MADE = [translated(f"t{at}", *text) for at, text in enumerate(TEXTS)]


def planted(capture):
    """Return weights times gradients for which head L0H1 follows the gold links, L0H0 none."""
    follows = capture.maps[0].weights[0, 0]
    products = np.stack([np.full_like(follows, -1), follows * 3])[None]
    products[0, 1, -1] = -2  # nothing speaks for the end
    return products


def test_what_speaks_against_counts_for_nothing_and_rows_are_shares():
    [found] = [weighted_pair(MADE[0], planted(MADE[0]))]
    assert np.isnan(found.attention["written"][0]).all()  # no gradient speaks for any word
    by_head = found.attention["written"][1]
    assert by_head.argmax(axis=1).tolist() == [0, 2, 1]
    assert (by_head.sum(axis=1) <= 1 + 1e-6).all()


def test_the_best_head_is_chosen_on_one_half_and_told_of_the_other():
    each = [(one.record, {ANALYSIS.name: counted(one, planted(one))}) for one in MADE]
    result = ANALYSIS.aggregate(each)
    table = result.tables["ways"]
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    rate = {(r["way"], r["links"]): r["error_rate"] for r in rows}
    assert {row["reading"] for row in rows} == {"weighted"}
    assert rate["L0H1", "argmax"] == 0
    assert rate["L0H0", "argmax"] == 1
    assert result.findings[0].statement == (
        "Multiplied by its gradient, attention of L0H1 finds source words with an alignment error "
        "rate of 0% in 5 texts not used to choose it."
    )
    assert result.findings[0].n == 5


@pytest.fixture(scope="module")
def model():
    settings = Settings(models=("en-fr",))
    return load_model(resolve_model("en-fr", settings), settings)


def test_links_of_a_real_model_are_those_of_plain_loops(model):
    record = load_corpus("translation").records[0]
    [(_, capture)] = capture_records(model, [record], Settings())
    result = weighted_alignment.compute(capture, model, {})
    weights, gradients = attention_gradients(ExplainedInput.of(model, capture))
    products = np.maximum(weights["cross"] * gradients["cross"], 0)
    own, said = record.words, record.target_words
    layer, head = 1, 0
    way = layer * products.shape[1] + head
    links = by_loops(capture, products[layer, head])
    gold = {tuple(map(int, one.replace("p", "-").split("-"))) for one in record.alignment.split()}
    assert all(source < len(own) and target < len(said) for source, target in links)
    made = result.partial("tallies").values[0, 0, way]
    assert len(links) in made
    assert len(links & gold) in made


def by_loops(capture, products):
    """Return a link from each written word to the source word with the largest mean share."""
    cross = next(part for part in capture.maps if part.kind == "cross")
    sources, targets = (
        places(words) for words in (capture.record.words, capture.record.target_words)
    )
    found = set()
    for number, (start, end) in enumerate(targets):
        rows = [
            i for i, t in enumerate(cross.predicted) if not t.special and start <= middle(t) < end
        ]
        shares = np.zeros(len(sources))
        for row in rows:
            total = products[row].sum()
            for word, (first, last) in enumerate(sources):
                inside = [
                    k for k, t in enumerate(cross.keys)
                    if not t.special and first <= middle(t) < last
                ]  # fmt: skip
                shares[word] += products[row, inside].sum() / total if total else 0
        if shares.any():
            found.add((int(shares.argmax()), number))
    return found


def places(words):
    """Return the places of words in a text with one blank between them, but before a full stop."""
    found, at = [], 0
    for word in words:
        at += 1 if found and word != "." else 0
        found.append((at, at + len(word)))
        at += len(word)
    return found


def middle(token):
    return token.start + (len(token.text) - len(token.text.lstrip())) + 0.1
