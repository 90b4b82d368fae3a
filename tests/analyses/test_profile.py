"""The profile of a model: means, layers and sentences, on planted and on null data."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses import head_metrics as heads
from attnatlas.analyses.profile import all_records as profile
from attnatlas.analyses.profile.comparisons import longest_run
from attnatlas.analyses.profile.means import NO_SHARES
from attnatlas.capture import Token
from attnatlas.corpus import Record
from attnatlas.errors import InputError
from attnatlas.results.wording import count, listed, say, sentence
from attnatlas.statistics import splits

from tests.analyses.small_maps import capture, random_map, record_results, words

WORDS = ["the", "old", "dog", "saw", "a", "cat", "and", "then", "ran", "home"]


def text_of(number):
    return " ".join(["[CLS]", *WORDS[: 4 + number % 6], "[SEP]"])


def records_of(build, number=12):
    return record_results([capture(build(text_of(i), i), record=f"r{i}") for i in range(number)])


def noisy_uniform(text, seed):
    return random_map(text, layers=4, heads_=3, seed=seed, scale=0.05)


def with_sinks(text, seed):
    """Return noise whose layers 1 and 2 put half of their weight on [SEP]."""
    noise = random_map(text, layers=4, heads_=3, seed=seed, scale=0.5)
    weights = noise.weights.copy()
    weights[1:3] /= 2
    weights[1:3, :, :, -1] += 0.5
    return replace(noise, weights=weights)


def said(result):
    return {finding.id: finding for finding in result.findings}


def test_means_are_over_queries_within_a_record_then_over_records():
    records = records_of(with_sinks)
    (grid,) = profile.compute(records).grids
    values = np.stack([results["heads"].grids[0].values for _, results in records])
    for name in ("entropy", "distance", "delimiter", "confidence_nospecial"):
        place = heads.METRICS.index(name)
        np.testing.assert_allclose(grid.values[grid.metrics.index(name)], values[:, place].mean(0))
    sinks = values[:, heads.METRICS.index("sink_importance")] > 0.3
    np.testing.assert_allclose(grid.values[grid.metrics.index("sink")], sinks.mean(axis=0))
    assert (grid.low <= grid.values)[~np.isnan(grid.low)].all()
    assert (grid.high >= grid.values)[~np.isnan(grid.high)].all()
    assert grid.n[grid.metrics.index("entropy")].tolist() == [[12] * 3] * 4


def test_layers_are_profiled_beside_uniform_attention():
    series = {line.name: line for line in profile.compute(records_of(with_sinks)).series}
    assert list(series) == ["entropy.self", "distance.self", "delimiter.self", "confidence.self"]
    delimiter = series["delimiter.self"]
    assert delimiter.x == (0.0, 1.0, 2.0, 3.0)
    assert delimiter.y[1] > 0.5 > 0.2 > delimiter.null[1] > 0.1
    assert delimiter.low[1] < delimiter.y[1] < delimiter.high[1]
    lengths = np.array([len(words(text_of(i))) for i in range(12)])
    assert series["entropy.self"].null[0] == pytest.approx(np.log(lengths).mean())


def test_planted_sinks_are_told_with_their_layers():
    finding = said(profile.compute(records_of(with_sinks)))["self-rest"]
    assert finding.statement == (
        "At least 25 points more attention rests on [CLS] and [SEP] than if spread evenly: 62% "
        "from layer 1 to 2, against 25%."
    )
    assert finding.level == "holds"
    assert finding.n == 12
    assert finding.interval[0] < finding.value < finding.interval[1]
    assert finding.null[1] < finding.interval[0]
    assert finding.null_says == "with uniform attention"


def test_a_model_of_uniform_attention_shows_no_difference():
    found = said(profile.compute(records_of(noisy_uniform)))
    assert list(found) == [
        "self-habits", "self-rest", "self-reach", "self-spread", "self-unnamed",
    ]  # fmt: skip
    levels = {name.removeprefix("self-"): one.level for name, one in found.items()}
    assert levels.pop("rest") == "does not hold"
    assert set(levels.values()) == {"described"}
    assert found["self-rest"].statement.endswith(": 25% over all layers, against 25%.")
    assert found["self-rest"].facts == (
        "Over all layers, 25% of attention rests on [CLS] and [SEP], as if it were spread evenly."
    )
    assert found["self-habits"].statement == (
        "In 12 texts, none of 12 heads looks mainly at one place among the words."
    )
    assert found["self-spread"].statement == "Heads concentrate as if on 8.3 of 8.3 tokens."
    assert found["self-unnamed"].statement == "For 0 of 12 heads none of our eight labels fits."


def with_habits(text, seed):
    """Return noise with two heads that look at the word before, one at itself, and one at rest."""
    noise = random_map(text, layers=1, heads_=4, seed=seed, scale=0.5)
    weights = noise.weights * 0.1
    n = weights.shape[-1]
    for head, pattern in enumerate((np.eye(n, k=-1), np.eye(n, k=-1), np.eye(n), np.eye(1, n))):
        rows = np.broadcast_to(pattern, (n, n)).copy()
        rows[rows.sum(axis=1) == 0, 0] = 1
        weights[0, head] += 0.9 * rows
    return replace(noise, weights=weights.astype(np.float32))


def test_heads_are_counted_by_what_they_do_among_the_words():
    found = said(profile.compute(records_of(with_habits)))["self-habits"]
    assert found.statement == (
        "In 12 texts, 2 of 4 heads look mainly at the token before and 1 at the token itself."
    )
    assert (found.value, found.level) == (0.75, "described")


def test_a_third_habit_is_said_to_be_elsewhere_and_not_to_be_a_word():
    """Punctuation is one of the habits, and no word."""

    def three(text, seed):
        noise = with_habits(text, seed)
        weights = np.array(noise.weights)
        n = weights.shape[-1]
        rows = np.eye(n, k=1)
        rows[-1, 0] = 1
        weights[0, 1] = 0.1 / n + 0.9 * rows
        return replace(noise, weights=weights.astype(np.float32))

    found = said(profile.compute(records_of(three)))["self-habits"]
    assert found.statement == (
        "In 12 texts, 1 of 4 heads looks mainly at the token before, 1 at the token after and 1 "
        "elsewhere."
    )


def test_no_interval_of_a_share_holds_what_no_share_can_be():
    """Of a habit that one text in eight has, a widened interval would begin below 0."""

    def rarely(text, seed):
        return with_habits(text, seed) if seed % 4 == 0 else random_map(text, layers=1, heads_=4)

    [grid] = profile.compute(records_of(rarely)).grids
    shares = [at for at, name in enumerate(grid.metrics) if name not in NO_SHARES]
    low, high = grid.low[shares], grid.high[shares]
    assert np.nanmin(low) >= 0
    assert np.nanmax(high) <= 1
    assert np.nanmax(grid.high) > 1  # tokens and nats are no shares


def test_a_few_texts_name_no_head():
    found = said(profile.compute(records_of(with_habits, 4)))
    assert found["self-habits"].statement.startswith("It takes 5 unrelated texts to name heads")
    assert "self-unnamed" not in found


@pytest.mark.parametrize("build", [noisy_uniform, with_sinks, with_habits])
def test_no_sentence_has_more_than_25_words(build):
    for finding in profile.compute(records_of(build)).findings:
        assert len(finding.statement.split()) <= 25, finding.statement


def test_a_difference_below_the_floor_does_not_hold():
    def slightly(text, seed):
        even = noisy_uniform(text, seed)
        weights = even.weights * 0.95
        weights[..., -1] += 0.05
        return replace(even, weights=weights.astype(np.float32))

    assert said(profile.compute(records_of(slightly)))["self-rest"].level == "does not hold"


def test_less_than_chance_is_no_difference_for_a_claim_of_more():
    def elsewhere(text, seed):
        even = noisy_uniform(text, seed)
        weights = even.weights.copy()
        weights[..., [0, -1]] *= 0.8
        return replace(even, weights=weights / weights.sum(axis=-1, keepdims=True))

    finding = said(profile.compute(records_of(elsewhere)))["self-rest"]
    assert finding.level == "does not hold"


def test_one_record_is_described_and_not_judged():
    found = profile.compute(records_of(with_sinks, 1)).findings
    assert {finding.level for finding in found} == {"described"}
    assert {finding.interval for finding in found} == {None}
    assert {finding.n for finding in found} == {1}


def test_a_model_without_special_tokens_may_rest_on_the_first():
    def first(text, seed):
        noise = random_map(text, seed=seed, causal=True)
        weights = noise.weights * 0.4
        weights[..., 0] += 0.6
        return replace(noise, weights=weights)

    texts = [" ".join(WORDS[: 5 + i]) for i in range(5)]
    records = record_results([capture(first(text, i)) for i, text in enumerate(texts)])
    finding = said(profile.compute(records))["self-rest"]
    assert finding.statement.startswith(
        "At least 25 points more attention rests on the first token than"
    )
    assert "% in all three layers, against " in finding.statement


def test_an_encoder_decoder_gets_sentences_about_each_part():
    def maps(i):
        source = " ".join(["a", *WORDS[: 3 + i], "</s>"])
        return (
            random_map(source, kind="encoder", seed=i),
            random_map("</s> x y", kind="decoder", causal=True, seed=i),
            random_map("</s> x y", keys=source, kind="cross", seed=i),
        )

    result = profile.compute(record_results([capture(*maps(i)) for i in range(5)]))
    assert list(said(result)) == [
        "encoder-habits", "encoder-rest", "decoder-habits", "cross-rest", "cross-spread",
    ]  # fmt: skip
    assert "decoder heads" in said(result)["decoder-habits"].statement
    assert "cross-attention" in said(result)["cross-rest"].statement
    assert [grid.kind for grid in result.grids] == ["encoder", "decoder", "cross"]
    assert "distance.cross" not in {line.name for line in result.series}


def test_records_are_read_one_at_a_time_and_more_than_once():
    records = records_of(with_sinks, 3)

    class Stream:
        reads = 0

        def __iter__(self):
            Stream.reads += 1
            yield from records

    assert profile.compute(Stream()).findings == profile.compute(records).findings
    assert Stream.reads > 1


@pytest.mark.parametrize("number", [3, 12])
def test_what_is_claimed_is_found_without_the_rest(number):
    records = records_of(with_sinks, number)
    claimed = [one for one in profile.compute(records).findings if one.claim is not None]
    assert profile.claims(records) == tuple(claimed)
    assert claimed


def test_rows_that_are_not_held_give_the_same(monkeypatch):
    records = records_of(with_sinks)
    held = profile.compute(records)
    monkeypatch.setattr(splits.held, "__defaults__", (1000,))
    streamed = profile.compute(records)
    assert streamed.findings == held.findings
    assert streamed.tables == held.tables
    np.testing.assert_array_equal(streamed.grids[0].high, held.grids[0].high)


def test_two_runs_say_the_same():
    first, second = (profile.compute(records_of(with_sinks, 5)) for _ in range(2))
    np.testing.assert_array_equal(first.grids[0].low, second.grids[0].low)
    assert first.findings == second.findings


def test_records_that_failed_are_passed_over():
    records = records_of(with_sinks, 4)
    records.insert(1, (Record("failed", "text"), {}))
    found = said(profile.compute(records))["self-rest"]
    assert found.n == 4


def test_no_record_at_all_gives_an_empty_profile():
    result = profile.compute([])
    assert (result.grids, result.series, result.findings) == ((), (), ())


def test_models_of_two_shapes_under_one_name_are_refused():
    records = record_results([capture(random_map("a b", layers=n), record=f"r{n}") for n in (2, 3)])
    with pytest.raises(InputError, match=r"Record 'r3' has 3 x 2 heads where others .* 2 x 2"):
        profile.compute(records)


def test_long_lists_of_special_tokens_are_not_spelt_out():
    def crowded(text, seed):
        noise = random_map(text, seed=seed)
        added = tuple(Token(f"<{name}>", special=True) for name in "abcd")
        return replace(noise, keys=(*added, *noise.keys[4:]))

    finding = said(profile.compute(records_of(crowded)))["self-rest"]
    assert "rests on special tokens" in finding.statement


@pytest.mark.parametrize(
    ("marked", "run"),
    [
        ([], None),
        ([False], None),
        ([True], (0, 0)),
        ([True, False, True, True, False], (2, 3)),
        ([True, True, False, True, True], (0, 1)),
    ],
)
def test_the_longest_run_is_the_first_of_equals(marked, run):
    assert longest_run(marked) == run


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0.617, "0.62"),
        (0.6, "0.60"),
        (0.05, "0.050"),
        (0.00123, "0.0012"),
        (0.00001, "0"),
        (0.0, "0"),
        (2.34, "2.3"),
        (12.3, "12"),
        (123.0, "123"),
        (-0.5, "−0.50"),
    ],
)
def test_numbers_have_two_significant_digits(number, words):
    assert say(number) == words


def test_counts_and_lists_are_words():
    assert [count(number) for number in (0, 9, 10)] == ["zero", "nine", "10"]
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "a", "a and b", "a, b and c",
    ]  # fmt: skip
    assert sentence("one of two") == "One of two"
