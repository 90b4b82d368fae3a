"""The charts of a model page: all heads as a grid, and all layers as a profile.

As in `charts`, each is built once, holds no text of a corpus, and gets rows, sizes and colours
on the page.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from .roles import ORDER
from .spec import Spec, sized_by_page

FRAME = 4
"""Thickness of the graduated frame in pixels."""


def model_charts() -> dict[str, Spec]:
    """Return the charts of a model page by name."""
    return {
        "metric": metric_grid(), "roles": role_grid(), "profile": profile(),
    }  # fmt: skip


def metric_grid() -> Spec:
    """Return a grid of heads, layers down, in the ink of one metric, with its values printed.

    Data: `cells` {layer, head, value, label}, `rings` {layer, head, value} for those that do not
    beat the null, `heads` {head}, `layers` {layer} and `chosen` {layer, head}. Parameters: `low`
    and `top`, the values at the ends of the ramp, which is the diverging one where `low` is below
    zero; `on`, the colour of print on each of the eleven stops of the ramp;
    `size` and `mono`, size and face of print; `ringX`, `ringY`, where a ring lies from the middle
    of its cell; `layer` and `head`, the chosen one.
    """
    fill = alt.Color(
        "value:Q",
        scale=alt.Scale(
            domain=[alt.ExprRef("low"), alt.ExprRef("top")], clamp=True, interpolate="rgb"
        ),
        legend=None,
    )
    paper = alt.ExprRef("on[round(10 * min(1, max(0, (datum.value - low) / (top - low))))]")
    rings = _at_cell(alt.Chart(alt.NamedData(name="rings"))).mark_point(
        shape="circle",
        size=22,
        filled=False,
        strokeWidth=1.25,
        stroke=paper,
        opacity=1,
        xOffset=alt.ExprRef("ringX"),
        yOffset=alt.ExprRef("ringY"),
    )
    return _grid(fill, paper, [rings], low=0, top=1, on=[], ringX=0, ringY=0)


HATCH = "M-1,-0.5L-0.5,-1M-1,0.5L0.5,-1M-0.5,1L1,-0.5M0.5,1L1,0.5"
"""Four slanted lines across a square from -1 to 1."""


def role_grid() -> Spec:
    """Return a grid of heads in the colours and letters of their roles, hatched where they rest.

    Data: `cells` {layer, head, role, place, label} with the place of the role in ROLES, `rests`
    {layer, head, place} for heads that mostly rest, and `heads`, `layers`, `chosen` as above.
    Parameters: `roles` and `on`, the colours of the roles and of the letters on them; `area`, that
    of a cell in square pixels; `size`, `mono`, `layer` and `head`.
    """
    rests = _at_cell(alt.Chart(alt.NamedData(name="rests"))).mark_point(
        shape=HATCH,
        size=alt.ExprRef("area"),
        filled=False,
        stroke=alt.ExprRef("on[datum.place]"),
        strokeWidth=1,
        opacity=0.4,
    )
    colours = [alt.ExprRef(f"roles[{place}]") for place in range(len(ORDER))]
    fill = alt.Color("role:N", scale=alt.Scale(domain=list(ORDER), range=colours), legend=None)
    return _grid(fill, alt.ExprRef("on[datum.place]"), [rests], roles=[], on=[], area=1)


def profile() -> Spec:
    """Return one metric from the first layer to the last: heads, their mean, and the null.

    Data: `heads` {layer, value}, `layers` {layer, mean, low, high, null}. Parameters: `top`, the
    end of the axis, and `last`, the last layer.
    """
    across = alt.X(
        "layer:Q",
        scale=alt.Scale(domain=[-0.3, alt.ExprRef("last + 0.3")], nice=False, zero=False),
        axis=alt.Axis(
            title="layer",
            titleAnchor="end",
            grid=False,
            format="d",
            tickMinStep=1,
            tickCount=alt.ExprRef("min(last, 8)"),
            labelFlush=False,
        ),
    )
    scale = alt.Scale(domain=[0, alt.ExprRef("top")], nice=False, zero=True)
    axis = alt.Axis(title=None, tickCount=3, domain=False, ticks=False)

    def down(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    heads = alt.Chart(alt.NamedData(name="heads"))
    layers = alt.Chart(alt.NamedData(name="layers"))
    null = layers.mark_line(
        stroke=alt.ExprRef("nullBand"), strokeWidth=9, strokeCap="round", interpolate="linear"
    ).encode(x=across, y=down("null"))
    band = layers.mark_area(fill=alt.ExprRef("ramp[4]"), opacity=0.35).encode(
        x=across, y=down("low"), y2="high:Q"
    )
    dots = heads.mark_point(
        filled=True, size=16, fill=alt.ExprRef("ramp[6]"), stroke=None, opacity=0.6
    ).encode(x=across, y=down("value"))
    mean = layers.mark_line(
        stroke=alt.ExprRef("ramp[10]"),
        strokeWidth=2,
        point=alt.OverlayMarkDef(filled=True, fill=alt.ExprRef("ramp[10]"), size=14),
    ).encode(x=across, y=down("mean"))
    return sized_by_page(alt.layer(null, band, dots, mean), top=1, last=1)


def _grid(fill: alt.Color, print_on: alt.ExprRef, extra: list[alt.Chart], **params: Any) -> Spec:
    """Return a grid of heads inside its graduated frame."""
    cells = _at_cell(alt.Chart(alt.NamedData(name="cells")))
    layers = [
        cells.mark_rect(stroke=alt.ExprRef("paper"), strokeWidth=1.5).encode(color=fill),
        cells.mark_text(
            fontSize=alt.ExprRef("size"), font=alt.ExprRef("mono"), color=print_on
        ).encode(text="label:N"),
        *extra,
        *_frame(),
        _at_cell(alt.Chart(alt.NamedData(name="chosen"))).mark_rect(
            fill=None, stroke=alt.ExprRef("accent"), strokeWidth=2.5
        ),
    ]
    values = {"layer": -1, "head": -1, "size": 11, "mono": "monospace", **params}
    return sized_by_page(alt.layer(*layers), **values)


def _at_cell(chart: alt.Chart) -> alt.Chart:
    """Place rows at their head (across) and layer (down)."""
    return chart.encode(x=_axis("head"), y=_axis("layer"))


def _axis(field: str) -> Any:
    """Return the place of a head across, or of a layer down, counted from 0."""
    across = field == "head"
    style: dict[str, Any] = {
        "orient": "top" if across else "left",
        "title": None,
        "domain": False,
        "ticks": False,
        "labelAngle": 0,
        "labelOverlap": True,
        "labelPadding": FRAME + 6,
        "labelColor": alt.ExprRef(f"datum.value === {field} ? accent : ink"),
    }
    channel = alt.X if across else alt.Y
    scale = alt.Scale(paddingInner=0, paddingOuter=0)
    return channel(f"{field}:O", axis=alt.Axis(**style), scale=scale)


def _frame() -> list[alt.Chart]:
    """Return four rows of black and white segments that count heads and layers."""
    before, below, beside = f"-{FRAME}", "height + 1", "width + 1"
    return [
        _segments("head", y=alt.ExprRef(before), height=FRAME),
        _segments("head", y=alt.ExprRef(below), height=FRAME),
        _segments("layer", x=alt.ExprRef(before), width=FRAME),
        _segments("layer", x=alt.ExprRef(beside), width=FRAME),
    ]


def _segments(field: str, **place: Any) -> alt.Chart:
    """Return one side of the frame; the segment of the chosen head or layer stands out."""
    colour = f"datum.{field} === {field} ? accent : datum.{field} % 2 ? ground : rule"
    chart: alt.Chart = alt.Chart(alt.NamedData(name=f"{field}s")).mark_rect(
        fill=alt.ExprRef(colour), stroke=alt.ExprRef("rule"), strokeWidth=0.6, **place
    )
    encoded: alt.Chart = chart.encode(**{"x" if field == "head" else "y": _axis(field)})
    return encoded
