"""The picture of a dependency tree: arcs over words, and what the best heads find of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from attnatlas.analyses.syntax import record as syntax
from attnatlas.corpus import Record
from attnatlas.pages.record.tree import LETTER, MOST, SMALL, dependency_tree

from tests.analyses.trees import following, noise, pieces, read, record_results, tree

OLD = Record(
    "old", "The old farmer sold a horse", head=(3, 3, 4, 0, 6, 4),
    deprel=("det", "amod", "nsubj", "root", "det", "obj"),
)  # fmt: skip


def picture(record, make=following, best=None):
    tokens = pieces(record)
    capture = read(record, make(record, tokens, 1), tokens)
    return dependency_tree(capture, {"syntax": syntax.compute(capture)}, best or {})


@pytest.fixture(scope="module")
def best():
    """Return what is found over texts in which L1H2 attends to each word's head."""
    return {"syntax": syntax.aggregate(record_results(following, [tree(s) for s in range(24)]))}


def test_arcs_join_words_to_their_heads_and_none_crosses_a_word(best):
    found = picture(OLD, best=best)
    pairs = {(found.words[arc.word][0], found.words[arc.above][0], arc.relation)
             for arc in found.arcs}  # fmt: skip
    assert ("The", "farmer", "det") in pairs
    assert ("horse", "sold", "obj") in pairs
    assert len(pairs) == 5
    assert [text for text, _, root in found.words if root] == ["sold"]
    assert all(0 < arc.y < found.base for arc in found.arcs)


def test_words_and_labels_never_lie_on_each_other():
    for seed in range(20):
        found = picture(tree(seed))
        for (text, x, _), (other, y, _) in pairwise(found.words):
            assert y - x > LETTER * (len(text) + len(other)) / 2
        for one, other in combinations(found.arcs, 2):
            near = SMALL * (len(one.relation) + len(other.relation)) / 2
            assert one.y != other.y or abs(one.x - other.x) > near
        assert found.words[-1][1] < found.width


def test_a_head_that_follows_the_tree_finds_it_and_noise_does_not(best):
    found = picture(OLD, best=best)
    assert (found.found, len(found.judged)) == (5, 5)
    assert {arc.by for arc in found.arcs} <= {"L1H2", "L0H1"}
    lost = picture(OLD, noise, best)
    assert lost.found < 4
    said = {arc.word: arc for arc in lost.arcs}
    assert all((arc.joined == lost.words[arc.above][0]) == arc.found for arc in said.values())


def test_what_no_head_was_looked_up_for_is_not_judged(best):
    punct = replace(OLD, deprel=("det", "amod", "nsubj", "root", "det", "punct"))
    assert [arc.found for arc in picture(punct, best=best).arcs][-1] is None
    assert all(arc.found is None for arc in picture(OLD).arcs)
    assert picture(OLD).judged == ()


def test_a_text_from_right_to_left_is_drawn_so():
    arabic = replace(OLD, text="الطبيب القديم أخبر الممرضة أنها تأخرت")
    places = [x for _, x, _ in picture(arabic).words]
    assert places == sorted(places, reverse=True)
    assert min(places) > 0


def test_there_is_none_without_a_tree_and_of_a_very_long_text():
    assert picture(replace(OLD, head=(), deprel=())) is None
    assert picture(tree(3, MOST + 1)) is None
    assert picture(tree(3, 12)) is not None


def test_each_token_leads_to_its_word():
    found = picture(OLD)
    assert found.owners == (-1, 0, 1, 2, 3, 4, 5, -1)
    assert len(found.island["rows"]) == 5
    assert np.all([len(row) == len(found.island["columns"]) for row in found.island["rows"]])
