"""BLEU and chrF of what a model writes by itself, really written, against sacrebleu's own words."""

from __future__ import annotations

import pytest
from attnatlas.analyses.own_translation import ANALYSIS
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import load_corpus
from attnatlas.models import load_model, resolve_model
from sacrebleu import corpus_bleu, corpus_chrf


@pytest.fixture(scope="module")
def found():
    settings = Settings(batch_size=1)
    model = load_model(resolve_model("en-fr", settings), settings)
    records = load_corpus("translation").records[:12]
    read = [one for _, one in capture_records(model, records, settings)]
    return [(one.record, {ANALYSIS.name: ANALYSIS.compute(one, model, {})})
            for one in read if isinstance(one, Capture)]  # fmt: skip


def test_the_scores_are_those_of_sacrebleu(found):
    rows = [results[ANALYSIS.name].tables["said"].rows[0] for _, results in found]
    written, given = map(list, zip(*rows, strict=True))
    assert given == [record.target for record, _ in found]
    bleu, chrf = ANALYSIS.aggregate(found).findings
    assert bleu.value == pytest.approx(corpus_bleu(written, [given]).score)
    assert chrf.value == pytest.approx(corpus_chrf(written, [given]).score)
    assert bleu.value > 20
    assert bleu.interval[0] < bleu.value < bleu.interval[1]
    assert (bleu.n, bleu.level) == (12, "described")


def test_it_writes_by_itself_and_not_what_it_was_given(found):
    rows = [results[ANALYSIS.name].tables["said"].rows[0] for _, results in found]
    assert any(own != other for own, other in rows)
    assert ANALYSIS.optional
