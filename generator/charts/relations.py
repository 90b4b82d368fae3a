"""The charts of syntax on a model page: relations with their best heads, and heads by two scores.

As in `charts.model`, each is built once and gets rows, sizes and colours on the page.
"""

from __future__ import annotations

import altair as alt

from .dots import estimates, names_down
from .roles import ORDER
from .spec import Spec, sized_by_page


def relation_charts() -> dict[str, Spec]:
    """Return the charts of syntax by name."""
    return {"relations": relations(), "scores": scores()}


def relations() -> Spec:
    """Return a row a relation: what its best head finds, with interval, chance, fixed offset.

    Data: `rows` {name, head, accuracy, low, high, fixed, null_low, null_high, beyond}, in order.
    Parameter: `mono`, the face of the heads' names.
    """
    rows = alt.Chart(alt.NamedData(name="rows"))
    down = names_down(labelLimit=210)

    def across(field: str) -> alt.X:
        axis = alt.Axis(title=None, format="%", tickCount=5, domain=False, ticks=False)
        scale = alt.Scale(domain=[0, 1], nice=False, zero=True)
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    band, interval, dot = estimates(rows, hollow="datum.beyond !== 'yes'", height=13, size=64)
    fixed = rows.mark_tick(thickness=2, size=15, color=alt.ExprRef("ink"), opacity=1)
    name = rows.mark_text(
        align="left",
        x=alt.ExprRef("width + 10"),
        fontSize=11,
        font=alt.ExprRef("mono"),
        color=alt.ExprRef("ink2"),
    )
    layers = [
        band.encode(y=down, x=across("null_low"), x2="null_high:Q"),
        interval.encode(y=down, x=across("low"), x2="high:Q"),
        fixed.encode(y=down, x=across("fixed")),
        dot.encode(y=down, x=across("accuracy")),
        name.encode(y=down, text="head:N"),
    ]
    return sized_by_page(alt.layer(*layers), mono="monospace", sans="sans-serif")


def scores() -> Spec:
    """Return every head by syntactic (across) and semantic score (up), in the colour of its role.

    Data: `heads` {head, syntactic, semantic, role, place, letter, label}, `chance` {low, high} of
    the semantic score, and `fixed` {value} of the best fixed offset. Parameters: `roles` and
    `on`, the colours of the roles and of the letters on them; `right`, `least` and `most`, the
    ends of the axes; `dot`, the size of a head, `mono`.
    """
    ends = [alt.ExprRef("least"), alt.ExprRef("most")]

    def across(field: str) -> alt.X:
        scale = alt.Scale(domain=[0, alt.ExprRef("right")], nice=False, zero=True)
        axis = alt.Axis(
            title="words joined to their head in the tree", titleAnchor="end", format="%",
            tickCount=5, grid=False, ticks=False,
        )  # fmt: skip
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    def up(field: str) -> alt.Y:
        scale = alt.Scale(domain=ends, nice=False, zero=False)
        axis = alt.Axis(title=None, tickCount=5, domain=False, ticks=False)
        return alt.Y(f"{field}:Q", scale=scale, axis=axis)

    colours = [alt.ExprRef(f"roles[{place}]") for place in range(len(ORDER))]
    fill = alt.Fill("role:N", scale=alt.Scale(domain=list(ORDER), range=colours), legend=None)
    heads = alt.Chart(alt.NamedData(name="heads"))
    chance = alt.Chart(alt.NamedData(name="chance")).mark_rect(fill=alt.ExprRef("nullBand"))
    fixed = alt.Chart(alt.NamedData(name="fixed")).mark_rule(
        strokeWidth=1.5, strokeDash=[4, 3], color=alt.ExprRef("ink")
    )
    dots = heads.mark_point(
        filled=True,
        shape="circle",
        size=alt.ExprRef("dot"),
        opacity=1,
        stroke=alt.ExprRef("rule"),
        strokeWidth=0.75,
    )
    letters = heads.mark_text(
        fontSize=10,
        fontWeight="bold",
        font=alt.ExprRef("mono"),
        color=alt.ExprRef("on[datum.place]"),
    )
    names = heads.mark_text(
        align="left", dx=9, dy=-7, fontSize=10.5, font=alt.ExprRef("mono"), color=alt.ExprRef("ink")
    )
    layers = [
        chance.encode(y=up("low"), y2="high:Q"),
        fixed.encode(x=across("value")),
        dots.encode(x=across("syntactic"), y=up("semantic"), fill=fill),
        letters.encode(x=across("syntactic"), y=up("semantic"), text="letter:N"),
        names.encode(x=across("syntactic"), y=up("semantic"), text="label:N"),
    ]
    return sized_by_page(
        alt.layer(*layers),
        roles=[], on=[], right=1, least=-1, most=1, dot=150, mono="monospace",
    )  # fmt: skip
