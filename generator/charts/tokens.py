"""The charts of a record page with a bar for each token, or a line over shares of the text.

As in `charts`, each is built once, holds no text of a corpus, and gets rows, sizes and colours
on the page.
"""

from __future__ import annotations

import altair as alt

from .record import boxes, drawing, finished, labels
from .spec import Spec, spec_of


def token_charts() -> dict[str, Spec]:
    """Return the charts by name."""
    return {"bars": bars(), "curve": curve()}


def bars() -> Spec:
    """Return bars side by side, a row for each token.

    Data: `rows` {row, side, value, start, end, tone, filled} with start and end as shares of the
    width, `washes` (boxes in pixels) and `labels`. Parameter: `count`, the rows.
    """
    down = alt.Scale(domain=[-0.5, alt.ExprRef("count - 0.5")], nice=False, zero=False)
    across = alt.Scale(domain=[0, 1], nice=False)
    shown = drawing(
        "rows",
        "rect",
        height=alt.ExprRef("height / count * 0.55"),
        fill=alt.ExprRef("datum.filled ? colours[datum.tone] : ground"),
        stroke=alt.ExprRef("colours[datum.tone]"),
        strokeWidth=1,
    ).encode(
        x=alt.X("start:Q", scale=across, axis=None),
        x2="end:Q",
        y=alt.Y("row:Q", scale=down, sort="descending", axis=None),
    )
    return finished([boxes("washes"), shown, labels()], count=0)


def curve() -> Spec:
    """Return how likely the answer is against the share of the tokens, with the range of chance.

    Data: `random` {share, low, high} and `lines` {order, share, value, tone, dashed}; beside the
    axis, `spread` {low, high, says} of random orders and `means` {value, tone}. Parameters: `low`
    and `high`, the ends of the axis down, `most`, that of the axis across, and `beside`, the width
    that is left for the means.
    """
    ends = alt.Scale(
        domain=[0, alt.ExprRef("most")], range=[0, alt.ExprRef("width - beside")], nice=False
    )
    axis = alt.Axis(title=None, format="%", grid=False, tickCount=4, labelFlush=True)
    across = alt.X("share:Q", scale=ends, axis=axis)
    scale = alt.Scale(domain=[alt.ExprRef("low"), alt.ExprRef("high")], nice=False, zero=False)
    left = alt.Axis(title=None, tickCount=3, domain=False, ticks=False)

    def down(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=scale, axis=left)

    band = drawing("random", "area", fill=alt.ExprRef("nullBand"), opacity=1, line=_edge())
    band = band.encode(x=across, y=down("low"), y2="high:Q")
    tone = alt.Color("tone:N", scale=_tones(), legend=None)
    lines = drawing("lines", "line", strokeWidth=2).encode(
        x=across, y=down("value"), color=tone, detail="order:N", strokeDash=_dashes()
    )
    dots = drawing("lines", "point", filled=True, size=22, opacity=1).encode(
        x=across, y=down("value"), color=tone
    )
    apart = alt.value(alt.ExprRef("width - beside / 2"))
    spread = drawing("spread", "rule", stroke=alt.ExprRef("nullBand"), strokeWidth=12)
    spread = spread.encode(x=apart, y=down("low"), y2="high:Q")
    named = drawing(
        "spread", "text", baseline="top", fontSize=11, dy=8, font=alt.ExprRef("fonts.data"),
        color=alt.ExprRef("muted"),
    )  # fmt: skip
    named = named.encode(x=apart, y=alt.value(alt.ExprRef("height")), text="says:N")
    means = drawing("means", "point", filled=True, size=38, opacity=1).encode(
        x=apart, y=down("value"), color=tone
    )
    chart = alt.layer(band, lines, dots, spread, named, means).properties(
        width=1, height=1, autosize=alt.AutoSizeParams(type="none")
    )
    values = {"low": 0, "high": 1, "most": 0.5, "beside": 0}
    chart = chart.add_params(*(alt.param(name=name, value=v) for name, v in values.items()))
    return spec_of(chart)


def _edge() -> alt.OverlayMarkDef:
    """Return the line along the band, so that one random order alone can be seen, too."""
    return alt.OverlayMarkDef(stroke=alt.ExprRef("nullBand"), strokeWidth=6, strokeCap="round")


def _dashes() -> alt.StrokeDash:
    """Return dashes for gradient-weighted relevance, which has the colour of rollout."""
    scale = alt.Scale(domain=[False, True], range=[[1, 0], [4, 3]])
    return alt.StrokeDash("dashed:N", scale=scale, legend=None)


def _tones() -> alt.Scale:
    names = ["ink", "yes", "muted"]
    return alt.Scale(domain=names, range=[alt.ExprRef(name) for name in names])
