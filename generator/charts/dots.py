"""A dot plot: one axis, and down it a row each with estimate, 95% interval and chance."""

from __future__ import annotations

from typing import Any

import altair as alt

from .spec import Spec, sized_by_page

LABEL = 320
"""The most pixels that the name of a row takes."""


def dots() -> Spec:
    """Return rows on one axis: a filled dot beyond chance, a hollow one that is not.

    Data: `rows` {name, value, low, high, null_low, null_high, open}, in order. Parameters: `from`
    and `to`, the ends of the axis, `says`, its title, `few`, whether there are too few texts to
    tell, so that no dot is either, and `sans`.
    """
    rows = alt.Chart(alt.NamedData(name="rows"))
    style: dict[str, Any] = {"title": None, "domain": False, "ticks": False}
    down = names_down(labelLimit=LABEL, labelOverlap=False)

    def across(field: str) -> alt.X:
        axis = alt.Axis(tickCount=5, **style)
        ends = [alt.ExprRef("from"), alt.ExprRef("to")]
        return alt.X(f"{field}:Q", scale=alt.Scale(domain=ends, nice=False), axis=axis)

    band, interval, dot = estimates(rows, hollow="datum.open", plain="few", height=11, size=48)
    layers = [
        band.encode(y=down, x=across("null_low"), x2="null_high:Q"),
        interval.encode(y=down, x=across("low"), x2="high:Q"),
        dot.encode(y=down, x=across("value")),
    ]
    return sized_by_page(
        alt.layer(*layers), **{"from": 0, "to": 1, "few": False, "sans": "sans-serif"}
    )


def names_down(**look: Any) -> alt.Y:
    """Return the axis of rows in their order, each with its name before it."""
    axis = alt.Axis(
        title=None, domain=False, ticks=False, labelPadding=8, labelFont=alt.ExprRef("sans"),
        labelFontSize=12, labelColor=alt.ExprRef("ink"), **look,
    )  # fmt: skip
    return alt.Y("name:N", sort=None, axis=axis)


def estimates(
    rows: alt.Chart, hollow: str, height: int, size: int, plain: str = "false"
) -> tuple[alt.Chart, alt.Chart, alt.Chart]:
    """Return band of chance, interval and dot of each row; grey and hollow where `hollow` holds.

    Where `plain` holds there is nothing to tell apart: dots are dark.
    """
    colour = alt.ExprRef(f"{plain} ? ink2 : {hollow} ? muted : yes")
    band = rows.mark_bar(height=height, fill=alt.ExprRef("nullBand"), stroke=None, cornerRadius=0)
    interval = rows.mark_rule(strokeWidth=2.25, color=colour)
    dot = rows.mark_point(
        shape="circle",
        size=size,
        strokeWidth=1.75,
        opacity=1,
        filled=False,
        stroke=colour,
        fill=alt.ExprRef(f"{plain} ? ink2 : {hollow} ? ground : yes"),
    )
    return band, interval, dot
