"""Survival: the ways in which a claim is computed again, and what its line says of them."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from attnatlas.analyses.survival.parts import Some, Turned, clusters, halves, nested
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.engine import compute
from attnatlas.pages.survival import flips_say, strip
from attnatlas.pages.units import unit_of
from attnatlas.report import Silence
from attnatlas.results.levels import Claim
from attnatlas.results.shapes import Finding
from attnatlas.results.survival import Survival, Way
from attnatlas.sources import gather

HOLDS = Claim(0.5, (0.4, 0.6), (-0.1, 0.1), 0.1)
OPEN = Claim(0.2, (0.05, 0.35), (-0.1, 0.1), 0.1)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """What was found of the embedded sentiment model over twelve reviews, and its settings."""
    root = tmp_path_factory.mktemp("survival")
    settings = Settings(
        corpora=("reviews",), models=("sentiment",), limit=12, output=root / "site",
        store=root / "store", without=("twins", "similarity", "links"),
    )  # fmt: skip
    kept = compute(gather(settings), settings, Silence())
    return kept.model(kept.models[0]).results, settings


def found(results, analysis, name):
    [finding] = [one for one in results[analysis].findings if one.id == name]
    return finding, {way.name: way.claim for way in finding.survival.ways}


def test_agreement_has_a_way_for_each_choice_and_the_usual_one_is_its_own(results):
    finding, ways = found(results[0], "agreement", "rollout-integrated_gradients")
    assert len(ways) == 2 * 2 * 2 * 3
    usual = ways["special tokens left out, pieces, integrated gradients, all texts"]
    assert usual.value == pytest.approx(finding.claim.value, abs=1e-9)
    assert usual.interval == pytest.approx(finding.claim.interval, abs=1e-9)
    assert usual.null == pytest.approx(finding.claim.null, abs=0.02)
    kept = ways["special tokens kept, pieces, integrated gradients, all texts"]
    words = ways["special tokens left out, words, integrated gradients, all texts"]
    assert len({round(one.value, 6) for one in (usual, kept, words)}) > 1
    both = [ways[f"special tokens left out, pieces, integrated gradients, {half}"].value
            for half in ("one half of the texts", "the other half")]  # fmt: skip
    assert min(both) <= usual.value <= max(both)
    _, last = found(results[0], "agreement", "last_layer-integrated_gradients")
    assert sum("maximum of heads" in name for name in last) == len(last) / 2


def test_erasing_has_halves_and_a_head_others_that_choose_it(results):
    finding, ways = found(results[0], "faithfulness", "integrated_gradients-erased")
    assert ways["averaged over steps, all texts"] == finding.claim
    of_texts = {"all texts", "one half of the texts", "the other half"}
    steps, instead = "averaged over steps, ", "by deletion instead, "
    assert set(ways) == {how + of for how in (steps, instead) for of in of_texts}
    assert ways[instead + "all texts"].value != ways[steps + "all texts"].value
    head, ways = found(results[0], "habits", "self-best-previous")
    assert ways["special tokens kept, all texts"].value == pytest.approx(head.value)
    assert ways["special tokens kept, all texts"].null == head.claim.null
    other = ways["special tokens kept, chosen by the other half"]
    assert other.value != ways["special tokens kept, all texts"].value
    assert len(ways) == 8


def test_random_tokens_said_twice_have_parts_of_their_own(results):
    head, ways = found(results[0], "repeated_tokens", "self-twice-induction")
    assert ways.pop("as told") == head.claim
    quarters = {"in a quarter of the sequences", "in another quarter"}
    assert set(ways) == {"chosen by the other half", *quarters}
    assert [size for size, _ in head.survival.sizes] == [8, 16, 32]
    assert head.survival.sizes[-1][1] == head.claim


def test_a_claim_settles_from_some_number_of_texts_on(results):
    finding, _ = found(results[0], "agreement", "rollout-integrated_gradients")
    sizes = [size for size, _ in finding.survival.sizes]
    assert sizes[-1] == 12
    assert sizes == sorted(sizes)
    assert finding.survival.sizes[-1][1] == finding.claim
    grown = Survival((), ((5, OPEN), (10, HOLDS), (12, HOLDS)))
    assert grown.settles_at("holds", ()) == 10
    assert grown.settles_at("undecided", ()) is None


def test_the_site_publishes_and_shows_the_ways(results, tmp_path):
    settings = results[1]
    build_site(settings)
    said = {
        one["key"]: one
        for one in json.loads((settings.output / "data" / "findings.json").read_text("utf-8"))
    }
    one = said["agreement-rollout-integrated_gradients"]
    assert one["ways"] == 24
    assert one["survives"] == 24 - len(one["flips"])
    assert said["profile-self-habits"]["ways"] is None
    page = (settings.output / "models" / "sentiment.html").read_text("utf-8")
    assert f"holds in {one['survives']} of 24 ways" in page
    assert page.count('<details class="ways">') >= 3


def test_copies_are_compared_with_every_way():
    known = Survival((Way("a, x", HOLDS), Way("b, x", OPEN)))
    assert known.flips(()) == ["b, x"]
    assert known.flips((0.45,)) == ["a, x", "b, x"]


def test_what_flips_is_summed_up_by_what_it_has_in_common():
    ways = [
        f"{special}, {unit}" for special in ("kept", "left out") for unit in ("pieces", "words")
    ]
    assert flips_say(ways, ["kept, pieces", "kept, words"]) == "with kept"
    assert flips_say(ways, ["kept, words"]) == "with kept + words"
    assert flips_say(ways, ways[:1] + ways[2:]) == "in 3, 2 of them with pieces"


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("by deletion instead", "by deletion instead"),
        ("one half of the texts", "in one half of the texts"),
        ("chosen by the other half", "where chosen by the other half"),
        ("averaged over steps", "where averaged over steps"),
        ("in a quarter of the sequences", "in a quarter of the sequences"),
        ("special tokens kept", "with special tokens kept"),
        ("first pieces alone", "with first pieces alone"),
    ],
)
def test_a_way_stands_behind_the_word_it_asks_for(part, said):
    ways = [f"{part}, x", "other, x"]
    assert flips_say(ways, ways[:1]) == said


def test_ways_are_in_the_unit_of_their_sentence():
    """A gain of 0.2 points is not 0.00, between −0.00 and 0.00."""
    claim = Claim(0.0021, (-0.0004, 0.0042), (0.0, 0.0), 0.25)
    known = Survival((Way("as told", claim), Way("in a quarter", replace(claim, interval=None))))
    gain = Finding("self-twice-induction", "A.", value=0.014, claim=claim, survival=known)
    first, second = strip(gain, unit_of(gain, "repeated_tokens")).rows
    assert (first.estimate, first.between) == ("0.2 points", "0 to 0.4 points")
    assert second.between == "–"
    rank = replace(gain, id="rollout-integrated_gradients", value=0.0021)
    assert strip(rank, unit_of(rank, "agreement")).rows[0].estimate == "0.00"


def test_a_strip_counts_and_nothing_is_shown_of_what_is_described():
    known = Survival((Way("kept, pieces", OPEN), Way("left out, pieces", HOLDS)), ((5, HOLDS),))
    shown = strip(Finding("a", "A.", claim=HOLDS, survival=known))
    assert shown.says == (
        "hangs on a choice: holds in 1 of 2 ways: not with kept; settled from 5 texts on"
    )
    assert [row.holds for row in shown.rows] == [False, True]
    assert strip(Finding("a", "A.", claim=HOLDS, survival=known, twin=(0.5,))) is None
    assert strip(Finding("a", "A.")) is None


def test_a_verdict_that_holds_in_half_of_the_ways_or_fewer_hangs_on_a_choice():
    def says(*claims):
        known = Survival(tuple(Way(f"way {at}", claim) for at, claim in enumerate(claims)))
        return strip(Finding("a", "A.", claim=claims[0], survival=known)).says

    assert says(HOLDS, OPEN, OPEN).startswith("hangs on a choice: holds in 1 of 3 ways: not with ")
    assert says(HOLDS, HOLDS, OPEN) == "holds in 2 of 3 ways: not with way 2"
    assert says(OPEN, OPEN) == "holds in 0 of 2 ways"


def test_parts_keep_near_copies_together():
    records = [Record(f"r{n}", "t", group=f"g{n % 7}" if n < 14 else None) for n in range(40)]
    entries = [(record, {}) for record in records]
    known = clusters(entries)
    assert len(known) == 7 + 26
    one, other = halves(known)
    assert not one & other
    assert one | other == set(range(40))
    groups = [{r.group for r, _ in Some(entries, half) if r.group} for half in (one, other)]
    assert not groups[0] & groups[1]
    grown = nested(known)
    assert all(small < large for small, large in pairwise(grown))
    assert len(grown[-1]) == 40
    assert len(grown[0]) in (5, 6)
    turned = [record.id for record, _ in Turned(entries, frozenset(known[0]))]
    assert sorted(turned) == sorted(record.id for record in records)
    assert turned[-2:] == ["r0", "r7"]


def test_words_and_special_tokens_make_a_difference_by_hand(results):
    from attnatlas.analyses import ways
    from attnatlas.capture.words import owners, words_of
    from scipy.stats import spearmanr

    _, settings = results
    kept = compute(gather(settings), settings, Silence())
    reading = next(kept.readings(kept.models[0]))
    capture, own = kept.capture(reading), kept.record(reading).results
    shares = {one.name: one.values for one in own["anchors"].scores}["rollout"]
    values = {one.name: one.values for one in own["saliency"].scores}["integrated_gradients"]
    tokens = capture.maps[0].queries
    places = [at for at, token in enumerate(tokens) if not token.special]
    partial = ways.compute(capture, own).partial("rollout/integrated_gradients").values
    by_hand = [spearmanr(shares[at], np.abs(values[at])).statistic for at in (places, slice(None))]
    assert partial[0] == pytest.approx((by_hand[0], len(places)))
    assert partial[2] == pytest.approx((by_hand[1], len(tokens)))
    words = owners(tokens, words_of(capture.record))
    sums = [np.array([part[words == w].sum() for w in range(words.max() + 1)])
            for part in (shares, values)]  # fmt: skip
    assert partial[1][0] == pytest.approx(spearmanr(sums[0], np.abs(sums[1])).statistic)
