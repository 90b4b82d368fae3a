"""Tables that a data file brings are as builds write them, or are refused."""

from __future__ import annotations

from typing import Any

import pytest
from attnatlas.pages.record.erased import erased
from attnatlas.results.codec import result_from_json, result_to_json
from attnatlas.results.shapes import Result, Table

CURVES = ("order", "k", "share", "comprehensiveness", "sufficiency")
ROW = ("rollout", 1, 0.5, 0.25, None)


@pytest.mark.parametrize(
    "rows",
    [
        [["rollout", 1, 0.5, float("nan"), 0.1]],
        [["rollout", 1, 0.5, 0.1, float("inf")]],
        [["rollout", 1, [0.5], 0.1, 0.1]],
        [["rollout", 1, 0.5, 0.1]],
        ["abcde"],
        {},
    ],
    ids=["NaN", "infinite", "a list", "too short", "a text", "no list"],
)
def test_an_odd_row_is_refused(rows: Any) -> None:
    plain = result_to_json(Result("faithfulness", tables={"curves": Table(CURVES, (ROW,))}))
    assert result_from_json(plain, {}).tables["curves"].rows == (ROW,)
    plain["tables"]["curves"] = {"columns": CURVES, "rows": rows}
    with pytest.raises((TypeError, ValueError)):
        result_from_json(plain, {})


def test_one_place_of_a_curve_is_not_drawn_twice() -> None:
    asked = Table(("full", "measure"), ((0.9, "probability"),))
    row = ("rollout", 1, 0.5, 0.25, 0.1)
    result = Result("faithfulness", tables={"asked": asked, "curves": Table(CURVES, (row, row))})
    with pytest.raises(ValueError, match=r"faithfulness\.curves has an order and a share twice"):
        erased({"faithfulness": result})
