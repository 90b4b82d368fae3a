"""What a result looks like that no template of its own draws: a chart for each shape.

As in `record`, each is built once, holds no text of a corpus, and gets its rows and size on the
page. Words of tokens come as the parameters `across` and `down`, lists that axes look up by place.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt

from .spec import Spec, spec_of


@cache
def shape_charts() -> dict[str, Spec]:
    """Return the chart of each shape by name."""
    return {
        "shape-series": series(),
        "shape-scores": scores(),
        "shape-grid": squares("head", "layer", "head", "layer"),
        "shape-matrix": squares("key", "query", "", "", words=True),
        "shape-distances": squares("head", "other", "head, layer by layer", ""),
    }


def series() -> Spec:
    """Return lines with their intervals, and chance dashed.

    Data: `rows` {name, x, y, low, high, null}.
    """
    rows = alt.Chart(alt.NamedData(name="rows")).encode(x=alt.X("x:Q", title=None))
    tint: dict[str, Any] = {"stroke": alt.ExprRef("accent"), "strokeWidth": 1.5}
    band = rows.mark_area(opacity=0.18, fill=alt.ExprRef("accent")).encode(
        y=alt.Y("low:Q", title=None, scale=alt.Scale(zero=False)), y2="high:Q", detail="name:N"
    )
    line = rows.mark_line(**tint).encode(y=alt.Y("y:Q", title=None), detail="name:N")
    dots = rows.mark_point(filled=True, size=18, fill=alt.ExprRef("accent"), opacity=1).encode(
        y=alt.Y("y:Q", title=None)
    )
    chance = rows.mark_line(stroke=alt.ExprRef("muted"), strokeDash=[4, 3]).encode(
        y=alt.Y("null:Q", title=None), detail="name:N"
    )
    return _finished(alt.layer(band, chance, line, dots), {})


def scores() -> Spec:
    """Return a bar for each token, signed.

    Data: `rows` {place, value}. Parameter: `down`, the tokens by place.
    """
    bars = (
        alt.Chart(alt.NamedData(name="rows"))
        .mark_bar(fill=alt.ExprRef("accent"), height={"band": 0.7})
        .encode(x=alt.X("value:Q", title=None), y=alt.Y("place:O", axis=_axis("", "down")))
    )
    return _finished(bars, {"down": []})


def squares(across: str, down: str, below: str, beside: str, words: bool = False) -> Spec:
    """Return squares in the ink of their values.

    Data: `rows` {[across], [down], value}. Parameters: `low` and `top`, the values at the ends of
    the ramp, which is the diverging one where `low` is below zero; and, where `words` says so,
    `across` and `down`, the tokens by place.
    """
    x = alt.X(f"{across}:O", axis=_axis(below, "across" if words else "", -90))
    y = alt.Y(f"{down}:O", axis=_axis(beside, "down" if words else ""))
    ends = alt.Scale(domain=[alt.ExprRef("low"), alt.ExprRef("top")], interpolate="rgb")
    ink = alt.Color("value:Q", scale=ends, legend=alt.Legend(title=None))
    cells = alt.Chart(alt.NamedData(name="rows")).mark_rect().encode(x=x, y=y, color=ink)
    more: dict[str, Any] = {"across": [], "down": []} if words else {}
    return _finished(cells, {"low": 0, "top": 1, **more})


def _axis(title: str, words: str = "", angle: int = 0) -> alt.Axis:
    """Return an axis of places; `words` names the parameter that has what each is called."""
    if not words:
        return alt.Axis(title=title or None, labelAngle=0)
    return alt.Axis(
        title=None,
        labelExpr=f"{words}[datum.value]",
        labelAngle=angle,
        labelLimit=90,
        labelOverlap=False,
    )


def _finished(chart: Any, params: dict[str, Any]) -> Spec:
    sized = alt.AutoSizeParams(type="fit", contains="padding")
    chart = chart.properties(width=1, height=1, autosize=sized)
    if params:
        chart = chart.add_params(*(alt.param(name=name, value=v) for name, v in params.items()))
    return spec_of(chart)
