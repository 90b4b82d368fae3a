"""Error rate, precision and recall of word alignment, against the definition in plain loops."""

import random

import numpy as np
import pytest
from attnatlas.corpus import alignment_links, load_corpus
from attnatlas.statistics.alignment import (
    Gold,
    chosen,
    chosen_both_ways,
    diagonal,
    error_rate,
    offset,
    pooled,
    precision,
    recall,
    tally,
)


def by_the_book(sentences):
    """Return error rate, precision and recall of (links, sure, possible): Och & Ney 2003."""
    in_sure = in_possible = links = sures = 0
    for made, sure, possible in sentences:
        for link in made:
            links += 1
            in_sure += link in sure
            in_possible += link in sure or link in possible
        sures += len(sure)
    both = in_sure + in_possible
    return 1 - both / (links + sures), in_possible / links, in_sure / sures


@pytest.fixture(scope="module")
def committed():
    """Return the gold links of the bundled corpus, and links that are wrong here and there."""
    draw, found = random.Random(3), []
    for record in load_corpus("translation").records:
        links = alignment_links(record.alignment)
        sure = {(link.source, link.target) for link in links if link.sure}
        possible = {(link.source, link.target) for link in links if not link.sure}
        made = {(s, max(0, t + draw.choice((-1, 0, 0, 0)))) for s, t in sure | possible}
        found.append((made, sure, possible))
    return found


def test_rates_are_those_of_the_definition(committed):
    golds = [Gold(frozenset(sure), frozenset(sure | possible)) for _, sure, possible in committed]
    counts = [tally(gold, made) for gold, (made, _, _) in zip(golds, committed, strict=True)]
    rate = pooled(counts, range(len(counts)))
    expected = by_the_book(committed)
    assert (rate.value, rate.precision, rate.recall) == pytest.approx(expected, abs=1e-12)
    assert 0.05 < rate.value < 0.5
    low, high = rate.interval
    assert low < rate.value < high
    assert (rate.n, rate.clusters) == (79, 79)
    total = np.sum(counts, axis=0)
    numbers = [float(f(total)) for f in (error_rate, precision, recall)]
    assert numbers == pytest.approx(expected)


def test_the_gold_links_themselves_have_no_error(committed):
    golds = [Gold(frozenset(sure), frozenset(sure | possible)) for _, sure, possible in committed]
    rate = pooled([tally(gold, gold.possible) for gold in golds], range(len(golds)))
    assert (rate.value, rate.precision, rate.recall) == (0, 1, 1)


def test_copies_of_a_sentence_make_one_cluster_and_few_make_no_interval(committed):
    gold = Gold(frozenset({(0, 0), (1, 1)}), frozenset({(0, 0), (1, 1)}))
    counts = [tally(gold, {(0, 0), (at % 2, 1)}) for at in range(20)]
    assert pooled(counts, [at % 4 for at in range(20)]).interval is None
    assert pooled(counts, [0] * 20).clusters == 1
    wide = pooled(counts, [at % 5 for at in range(20)])
    assert wide.interval is not None


def test_links_are_chosen_from_the_target_or_from_both_sides():
    weights = np.array([[0.6, 0.3, 0.1], [0.5, 0.2, 0.1], [0.1, 0.2, 0.3], [np.nan] * 3])
    assert chosen(weights) == {(0, 0), (0, 1), (2, 2)}
    assert chosen_both_ways(weights) == {(0, 0), (2, 2)}


def test_what_needs_no_model_follows_the_order_of_words():
    assert diagonal(3, 5) == {(0, 0), (0, 1), (1, 2), (2, 3), (2, 4)}
    assert diagonal(4, 1) == {(0, 0)}
    assert offset(3, 3, 1) == {(1, 0), (2, 1), (2, 2)}
    assert offset(3, 3, -2) == {(0, 0), (0, 1), (0, 2)}
