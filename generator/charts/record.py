"""Result shapes as Vega-Lite charts.

A chart depends on the shape of a result, never on a record: each is built once per build, holds
no corpus text, and gets its rows, labels, sizes and colours on the page. Colours are parameters
that the page fills in from its theme: one of each name (`ink`, `accent`, ...), `colours` with all
of them, and the ramps `ramp` and `diverging`.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from .spec import Spec, sized_by_page, spec_of


def record_charts() -> dict[str, Spec]:
    """Return the charts of a record page by name."""
    return {"heatmap": heatmap(), "lines": lines(), "panels": panels()}


def heatmap() -> Spec:
    """Return a map of weights: query tokens down, key tokens across.

    Data: `cells` {query, key, weight, ink} with ink the place on the ramp, or one row of
    `pictures` for all of them; `frame` and `chosen` (boxes in pixels) and `labels`.
    Parameters: `queries` and `keys`, the counts of tokens.
    """
    layers = [pictures(), _cells(), boxes("frame"), labels(), boxes("chosen")]
    return finished(layers, queries=0, keys=0)


def lines() -> Spec:
    """Return lines from the query tokens on the left to the key tokens on the right.

    Data: `links` {query, key, weight, path, width, opacity}, strongest last, `labels` and
    `values`. Parameter: `lit`, the query token whose lines stand out.
    """
    lit = "datum.query === lit"
    links = drawing("links", "point", filled=False, size=4, opacity=1, strokeCap="round").encode(
        x=alt.value(0),
        y=alt.value(0),
        shape=alt.Shape("path:N", scale=None, legend=None),
        stroke=alt.value(alt.ExprRef(f"{lit} ? accent : ramp[8]")),
        strokeWidth=alt.StrokeWidth("width:Q", scale=None, legend=None),
        strokeOpacity=alt.value(alt.ExprRef(f"{lit} ? .35 + .65 * datum.ink : datum.opacity")),
    )
    return finished([links, labels(), labels("values")], lit=0)


def panels() -> Spec:
    """Return a small map for every layer and head: what a picture of all of them was made from.

    Data: `rows` {layer, head, query, key, weight}.
    """
    chart = (
        alt.Chart(alt.NamedData(name="rows"), width=60, height=60)
        .mark_rect()
        .encode(
            x=alt.X("key:O", axis=None),
            y=alt.Y("query:O", axis=None),
            color=alt.Color("weight:Q", scale=alt.Scale(type="sqrt", domain=[0, 1])),
        )
        .facet(row="layer:O", column="head:O", spacing=4)
    )
    return spec_of(chart)


def pictures() -> alt.Chart:
    """All numbers, or what may not be seen, as images over the whole map."""
    return drawing(
        "pictures",
        "image",
        align="left",
        baseline="top",
        aspect=False,
        smooth=False,
        width=alt.ExprRef("width"),
        height=alt.ExprRef("height"),
    ).encode(x=alt.value(0), y=alt.value(0), url="url:N")


def _cells() -> alt.Chart:
    def place(count: str) -> alt.Scale:
        end = alt.ExprRef(f"{count} - 0.5")
        return alt.Scale(domain=[-0.5, end], nice=False, zero=False)

    across = alt.X("key:Q", scale=place("keys"), axis=None)
    down = alt.Y("query:Q", scale=place("queries"), sort="descending", axis=None)
    scale = alt.Scale(domain=[0, 1], type="linear", interpolate="rgb")
    return drawing(
        "cells",
        "rect",
        width=alt.ExprRef("width / keys"),
        height=alt.ExprRef("height / queries"),
        invalid="show",
        tooltip=alt.TooltipContent("data"),
    ).encode(x=across, y=down, color=alt.Color("ink:Q", scale=scale, legend=None))


def boxes(data: str) -> alt.Chart:
    """Boxes in pixels {x, y, width, height, fill, stroke, line}, coloured by a theme's names."""
    return drawing(
        data,
        "rect",
        align="left",
        baseline="top",
        width=alt.ExprRef("datum.width"),
        height=alt.ExprRef("datum.height"),
        fill=alt.ExprRef("colours[datum.fill]"),
        stroke=alt.ExprRef("colours[datum.stroke]"),
        strokeWidth=alt.ExprRef("datum.line"),
    ).encode(**_at())


def labels(data: str = "labels") -> alt.Chart:
    """Text in pixels {x, y, text, angle, align, size, limit, hot, dim, mono}."""
    return drawing(
        data,
        "text",
        baseline="middle",
        align=alt.ExprRef("datum.align"),
        fontSize=alt.ExprRef("datum.size"),
        fontWeight=alt.ExprRef("datum.hot ? 600 : 400"),
        color=alt.ExprRef("datum.hot ? accent : datum.dim ? muted : ink"),
        font=alt.ExprRef("datum.mono ? fonts.data : fonts.sans"),
        angle=alt.ExprRef("datum.angle"),
        limit=alt.ExprRef("datum.limit"),
    ).encode(text="text:N", **_at())


def _at() -> dict[str, Any]:
    return {
        "x": alt.X("x:Q", scale=None, axis=None),
        "y": alt.Y("y:Q", scale=None, axis=None),
    }


def drawing(data: str, mark: Any, **properties: Any) -> alt.Chart:
    """Return a chart of one kind of mark, with data that the page provides."""
    return alt.Chart(
        alt.NamedData(name=data), mark=alt.MarkDef(type=mark, aria=False, **properties)
    )


def finished(layers: list[alt.Chart], **params: Any) -> Spec:
    """Return the specification of layers, each on scales of its own."""
    chart: Any = alt.layer(*layers).resolve_scale(x="independent", y="independent")
    return sized_by_page(chart, **params)
