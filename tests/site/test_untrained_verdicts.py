"""A verdict that an untrained model gets, too, is none: levels on trained, fresh and shuffled."""

import random
import re
from collections import Counter
from dataclasses import replace

import pytest
from attnatlas.config import Settings
from attnatlas.corpus import load_corpora, read_options
from attnatlas.engine import compute
from attnatlas.models import UntrainedModel, load_model, resolve_model
from attnatlas.report import Silence
from attnatlas.sources import gather

RECORDS = 12
OTHER_SEEDS = (11, 12)
"""Seeds of the fresh models: others than those of the copies that stand beside each."""


def shuffled_words(corpus):
    """Return a corpus with the words of every text in random order."""
    dealt = random.Random(0)

    def mixed(record):
        words = record.text.split()
        dealt.shuffle(words)
        return replace(record, text=" ".join(words), aspects=(), words=())

    return replace(corpus, records=tuple(map(mixed, corpus.records)))


def judged(store, corpora, model):
    """Return the findings about a model with an untrained copy beside each, by key."""
    settings = Settings(models=("sentiment",), store=store, output=store / "site")
    kept = compute(gather(settings, corpora, [model]), settings, Silence())
    found = kept.model(kept.models[0]).results
    return {f"{name}-{one.id}": one for name, r in found.items() for one in r.findings}


@pytest.fixture(scope="module")
def levels(tmp_path_factory):
    """Findings on the trained model, on two fresh ones, and on the trained with words shuffled."""
    store = tmp_path_factory.mktemp("levels")
    settings = Settings(limit=RECORDS)
    corpora = load_corpora(("reviews",), options=read_options(settings))
    trained = load_model(resolve_model("sentiment", settings), settings)
    found = {"trained": judged(store, corpora, trained)}
    for seed in OTHER_SEEDS:
        fresh = UntrainedModel(trained, seed).load(settings)
        found[f"fresh {seed}"] = judged(store, corpora, fresh)
    mixed = [shuffled_words(corpus) for corpus in corpora]
    return found | {"words shuffled": judged(store, mixed, trained)}


def test_hardly_a_verdict_holds_on_a_fresh_model(levels):
    counts = {name: Counter(one.level for one in found.values()) for name, found in levels.items()}
    print("", *(f"{name}: {dict(count)}" for name, count in counts.items()), sep="\n")
    for seed in OTHER_SEEDS:
        holding = [key for key, one in levels[f"fresh {seed}"].items() if one.level == "holds"]
        assert len(holding) <= 3, holding
    assert counts["trained"]["holds"] >= 5


def test_what_holds_on_the_trained_model_holds_on_no_fresh_one(levels):
    holding = {key for key, one in levels["trained"].items() if one.level == "holds"}
    fresh = [
        {key for key, one in levels[f"fresh {seed}"].items() if one.level == "holds"}
        for seed in OTHER_SEEDS
    ]
    assert "faithfulness-integrated_gradients-erased" in holding
    assert not holding & fresh[0] & fresh[1]


NEGATIVE = re.compile(r"\b(no|not|none|neither|nothing|hardly|never|stays open)\b", re.IGNORECASE)
COUNTED = re.compile(
    r"not used to choose|did not pair|(: none of \d+, )?by chance none|where nothing is repeated"
)
"""What may be negative beside a claim: how it was measured, and what was counted."""


def test_a_sentence_with_a_verdict_claims_in_the_affirmative(levels):
    judged_ones = [
        one
        for found in levels.values()
        for one in found.values()
        if one.level in ("holds", "does not hold", "undecided")
    ]
    assert {one.level for one in judged_ones} == {"holds", "does not hold", "undecided"}
    for one in judged_ones:
        assert not NEGATIVE.search(COUNTED.sub("", one.sentence)), one.sentence
        assert one.sentence == one.statement


def test_where_an_untrained_copy_comes_as_far_the_sentence_says_so(levels):
    met = [one for found in levels.values() for one in found.values() if one.matched]
    assert met
    for one in met:
        assert one.level == "described"
        said = re.search(
            r" An untrained copy (gives no (less|more)|goes (beyond chance|at least))", one.sentence
        )
        assert said, one.sentence
        assert "more than chance" not in one.sentence
