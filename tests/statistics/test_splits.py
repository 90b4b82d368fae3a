"""Near copies of a text stay on one side: they must not judge the head that they chose."""

import numpy as np
import pytest
from attnatlas.corpus import Record, group_of
from attnatlas.corpus.spans import Window
from attnatlas.statistics.best_of_many import best_heads
from attnatlas.statistics.splits import GroupSplitter


def record(number, **fields):
    return Record(str(number), "text", **fields)


def test_near_copies_are_a_group_or_the_windows_of_a_text():
    window = Window("whole", 1, 2, 0, 4)
    assert group_of(record(1)) is None
    one, same, other = (group_of(record(1, group=name)) for name in "ggh")
    assert one == same != other
    assert group_of(record(1, window=window)) == ("text", "whole")
    assert group_of(record(1, group="whole")) != group_of(record(2, window=window))


def test_records_that_stand_alone_take_turns_and_groups_follow_the_first():
    splitter = GroupSplitter(3)
    given = [None, ("group", "a"), None, None, ("group", "a"), ("group", "b"), ("group", "b")]
    assert [int(splitter.part(one)[0]) for one in given] == [0, 1, 2, 0, 1, 1, 1]


def test_each_measure_is_split_among_the_records_that_have_it():
    splitter, rare = GroupSplitter(), [True, False, True, True]
    parts = [splitter.part(None, np.array([True, has])).tolist() for has in rare]
    assert [part[0] for part in parts] == [0, 1, 0, 1]
    assert [part[1] for part, has in zip(parts, rare, strict=True) if has] == [0, 1, 0]
    splitter, one = GroupSplitter(), ("group", "a")
    assert splitter.part(one, np.array([True, False])).tolist() == [0, 0]
    splitter.part(None, np.array([False, True]))
    assert splitter.part(one, np.array([True, True])).tolist() == [0, 1]  # the first with the other


class Copies:
    """Texts in pairs of copies, each pair with a favourite head of its own."""

    def __init__(self, pairs, heads, grouped):
        rng = np.random.default_rng(0)
        self.values = np.repeat(rng.normal(size=(pairs, heads)), 2, axis=0)
        self.names = [("group", f"pair {at // 2}") if grouped else None for at in range(2 * pairs)]

    def grouped(self):
        for name, values in zip(self.names, self.values, strict=True):
            yield name, values[None]


def test_chance_that_copies_share_looks_like_skill_unless_they_stay_together():
    [apart] = best_heads(Copies(20, 60, grouped=False))
    [together] = best_heads(Copies(20, 60, grouped=True))
    assert apart.value == pytest.approx(apart.chosen)  # every pair chooses and judges
    assert together.value < together.chosen / 2
    assert together.chosen_n + together.n == 40
