"""Where the order of the words that a page opens with stands among random orders."""

from __future__ import annotations

import pytest
from attnatlas.analyses.faithfulness.tables import AOPC, ASKED, CHANCE, CURVES
from attnatlas.analyses.word_erasure.tables import ANSWER
from attnatlas.pages.record.erased import erased
from attnatlas.pages.record.standing import Standing, named_by, standing
from attnatlas.results.shapes import Result, Table


def results(*methods: tuple[str, float], by: str = "the mask token") -> dict[str, Result]:
    """Return results of a text whose random orders cost 0.00 to 0.49; the first method is named."""
    answer = ("positive", "probability", 0.97, methods[0][0], methods[0][1], by, None, None)
    random = tuple((n, n / 100, 0.1, None, None) for n in range(50))
    tables = {
        "asked": Table(ASKED, (("positive", 0.97, "probability", by, 50, 300),)),
        "aopc": Table(AOPC, tuple((name, fall, 0.1, None, None) for name, fall in methods)),
        "random": Table(AOPC, random),
    }
    erased = Result("word_erasure", tables={"answer": Table(ANSWER, (answer,))})
    return {"faithfulness": Result("faithfulness", tables=tables), "word_erasure": erased}


def found(*methods: tuple[str, float], by: str = "the mask token") -> Standing:
    one = standing(results(*methods, by=by))
    assert one is not None
    return one


def test_the_random_orders_that_cost_less_are_counted() -> None:
    assert found(("occlusion", 0.405)).beaten == 41
    assert found(("occlusion", 0.4)).beaten == 40  # one that costs as much is not beaten
    assert found(("occlusion", -0.1)).beaten == 0
    assert found(("occlusion", 0.6), ("rollout", 0.9)).beaten == 50  # of the named method


@pytest.mark.parametrize(("tried", "needed"), [(1, 48), (2, 49), (3, 50)])
def test_the_best_of_several_methods_must_beat_more(tried: int, needed: int) -> None:
    assert Standing("occlusion", needed, 50, tried, "hiding").beats
    below = Standing("occlusion", needed - 1, 50, tried, "hiding")
    assert not below.beats
    assert below.needs.endswith(f"needs {needed}")


def test_only_signed_methods_are_picked_from() -> None:
    assert found(("occlusion", 0.6), ("gradient", 0.1), ("rollout", 0.2)).tried == 1
    assert found(("occlusion", 0.6), ("integrated_gradients", 0.1)).tried == 2


def test_figure_and_opening_say_the_same_verdict() -> None:
    good = found(("occlusion", 0.6))
    assert good.verdict == (
        "Better than chance: hiding the words that occlusion ranks first costs the answer more "
        "than each of 50 random orders."
    )
    weak = found(("occlusion", 0.405), ("gradient_x_input", 0.1), by="deletion")
    assert weak.verdict == (
        "Not beyond luck: deleting the words that occlusion ranks first costs the answer more "
        "than 41 of 50 random orders. The best of two methods needs 49: do not rely on this order "
        "from this text alone."
    )
    for one in (good, weak):
        start = one.verdict.split(":")[0]
        assert one.opening.startswith(
            f"{start}: {one.verb} words in this order costs the answer more than"
        )
        assert one.among in one.opening
        for said in (*one.verdict.split(". "), *one.opening.split(". ")):
            assert len(said.split()) <= 25
    assert "none of 50" in found(("occlusion", -1.0)).verdict


@pytest.mark.parametrize("cost", [-0.1, 0.2, 0.465, 0.475, 0.485, 0.489, 0.49, 0.491, 0.6])
@pytest.mark.parametrize("others", [(), ("gradient_x_input",), ("gradient_x_input", "occlusion")])
def test_the_figure_draws_what_the_verdict_is_about(cost: float, others: tuple[str, ...]) -> None:
    more = tuple((name, 0.1) for name in (*others, "rollout"))
    every = results(("integrated_gradients", cost), *more)
    every["faithfulness"].tables.update(
        {"curves": Table(CURVES, ()), "chance": Table(CHANCE, ())}  # type: ignore[attr-defined]
    )
    means = erased(every)["means"]
    high, low = means["random"]  # from what costs least to the last that must be beaten
    assert high == pytest.approx(0.97)
    judged = standing(every)
    assert judged is not None
    assert (means["integrated_gradients"] < low) == judged.beats
    assert means["rollout"] == pytest.approx(0.87)
    assert "gradient_x_input" not in means  # which is not drawn


def test_without_words_or_without_erasure_there_is_no_standing() -> None:
    every = results(("occlusion", 0.6))
    assert standing({"word_erasure": every["word_erasure"]}) is None
    assert standing({"faithfulness": every["faithfulness"]}) is None
    assert named_by(every) == "occlusion"
    assert named_by({}) == "integrated_gradients"
