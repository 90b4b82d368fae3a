"""The one rule that decides the word beside a sentence, case by case."""

import pytest
from attnatlas.results.levels import Claim, bar, beyond, judge

NULL = (-0.1, 0.1)


@pytest.mark.parametrize(
    ("value", "interval", "level"),
    [
        (0.5, (0.4, 0.6), "holds"),
        (0.5, None, "described"),  # too few texts
        (0.12, (0.05, 0.2), "undecided"),  # meets the end of chance
        (0.3, (0.15, 0.4), "undecided"),  # beyond chance, but it meets the floor
        (0.05, (0.0, 0.09), "does not hold"),
        (0.15, (0.12, 0.19), "does not hold"),  # more than chance, by less than the floor
        (-0.5, (-0.6, -0.4), "does not hold"),
    ],
)
def test_a_claim_is_judged_by_its_interval_chance_and_floor(value, interval, level):
    assert judge(value, interval, NULL, 0.2) == level
    mirrored = interval and (-interval[1], -interval[0])
    assert judge(-value, mirrored, NULL, 0.2, side="less") == level


@pytest.mark.parametrize(
    ("twin", "level"),
    [
        ((), "holds"),
        ((0.0, 0.19), "holds"),
        ((0.0, 0.21), "described"),  # passes the same bar
        ((0.0, 0.7), "described"),
        ((-0.9, -0.9), "holds"),  # far off in the other direction
    ],
)
def test_what_an_untrained_copy_reaches_is_described(twin, level):
    assert judge(0.5, (0.4, 0.6), NULL, 0.2, twin) == level
    assert judge(-0.5, (-0.6, -0.4), NULL, 0.2, [-x for x in twin], "less") == level


def test_an_untrained_copy_changes_nothing_where_the_claim_falls_short():
    assert judge(0.0, (-0.05, 0.05), NULL, 0.2, (0.5,)) == "does not hold"
    assert judge(0.2, (0.1, 0.3), NULL, 0.2, (0.15,)) == "undecided"
    assert judge(0.2, (0.1, 0.3), NULL, 0.2, (0.25,)) == "described"


def test_the_bar_is_the_end_of_chance_or_its_middle_plus_the_floor():
    assert bar((0.1, 0.3), 0.05) == 0.3
    assert bar((0.1, 0.3), 0.25) == pytest.approx(0.45)
    assert bar((0.1, 0.3), 0.25, "less") == pytest.approx(-0.05)


def test_rows_of_tables_say_whether_they_lie_beyond_chance():
    claims = [Claim(0.5, ends, NULL, 0.2) for ends in ((0.4, 0.6), (0.1, 0.9), (0.0, 0.1), None)]
    assert [beyond(one.level()) for one in claims] == ["yes", "open", "no", "open"]
