"""A dot plot: one axis, and down it a row each with estimate, 95% interval and chance."""

from __future__ import annotations

from typing import Any

import altair as alt

from .model import fixed_size
from .spec import Spec, spec_of

LABEL = 320
"""The most pixels that the name of a row takes."""


def dots() -> Spec:
    """Return rows on one axis: a filled dot beyond chance, a hollow one that is not.

    Data: `rows` {name, value, low, high, null_low, null_high, open}, in order. Parameters: `from`
    and `to`, the ends of the axis, `says`, its title, and `sans`.
    """
    rows = alt.Chart(alt.NamedData(name="rows"))
    style: dict[str, Any] = {"title": None, "domain": False, "ticks": False}
    down = alt.Y(
        "name:N",
        sort=None,
        axis=alt.Axis(
            labelLimit=LABEL, labelPadding=8, labelFont=alt.ExprRef("sans"), labelFontSize=12,
            labelColor=alt.ExprRef("ink"), labelOverlap=False, **style,
        ),
    )  # fmt: skip

    def across(field: str) -> alt.X:
        axis = alt.Axis(tickCount=5, **style)
        ends = [alt.ExprRef("from"), alt.ExprRef("to")]
        return alt.X(f"{field}:Q", scale=alt.Scale(domain=ends, nice=False), axis=axis)

    colour = alt.ExprRef("datum.open ? muted : yes")
    band = rows.mark_bar(height=11, fill=alt.ExprRef("nullBand"), stroke=None, cornerRadius=0)
    interval = rows.mark_rule(strokeWidth=2.25, color=colour)
    dot = rows.mark_point(
        shape="circle",
        size=48,
        strokeWidth=1.75,
        opacity=1,
        filled=False,
        stroke=colour,
        fill=alt.ExprRef("datum.open ? ground : yes"),
    )
    layers = [
        band.encode(y=down, x=across("null_low"), x2="null_high:Q"),
        interval.encode(y=down, x=across("low"), x2="high:Q"),
        dot.encode(y=down, x=across("value")),
    ]
    chart = alt.layer(*layers).properties(width=1, height=1, autosize=fixed_size())
    values = {"from": 0, "to": 1, "sans": "sans-serif"}
    chart = chart.add_params(*(alt.param(name=key, value=one) for key, one in values.items()))
    return spec_of(chart)
