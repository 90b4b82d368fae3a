"""The charts of heads that are alike: a map of them, and their distances in the order of groups.

As in `charts`, each is built once, holds no text of a corpus, and gets rows, sizes and colours
on the page.
"""

from __future__ import annotations

from typing import Any

import altair as alt

from .record import boxes, drawing, finished, labels, pictures
from .roles import ORDER
from .spec import Spec


def similarity_charts() -> dict[str, Spec]:
    """Return the charts by name."""
    return {"alike": head_map(), "pairwise": pairwise()}


def head_map() -> Spec:
    """Return a map of heads as dots in the colours of their roles, groups joined by lines.

    Data: `heads` {x, y, role, head}, `joined` {x, y, x2, y2} within groups, `names` and `scale`
    (text and lines in pixels) and `chosen` (boxes in pixels); x and y are pixels. Parameters:
    `roles`, the colours of the roles, and `dot`, the area of a dot.
    """
    joined = drawing("joined", "rule", stroke=alt.ExprRef("muted"), strokeWidth=1).encode(
        x=_pixels("x"), y=_pixels("y"), x2="x2:Q", y2="y2:Q"
    )
    colours = [alt.ExprRef(f"roles[{place}]") for place in range(len(ORDER))]
    dots = drawing(
        "heads",
        "circle",
        size=alt.ExprRef("dot"),
        opacity=1,
        stroke=alt.ExprRef("rule"),
        strokeWidth=0.75,
        tooltip=alt.TooltipContent("data"),
    ).encode(
        x=_pixels("x"),
        y=_pixels("y"),
        fill=alt.Fill("role:N", scale=alt.Scale(domain=list(ORDER), range=colours), legend=None),
    )
    layers = [joined, dots, boxes("scale"), labels("names"), boxes("chosen")]
    return finished(layers, roles=[], dot=60)


def pairwise() -> Spec:
    """Return the distances between heads in the order of the groups, as one image.

    Data: `pictures` {url}, `groups` and `chosen` (boxes in pixels), `names` (text in pixels). In a
    file of its own `rows` {row, column, first, second, distance} go with it.
    """
    return finished([pictures(), boxes("groups"), labels("names"), boxes("chosen")])


def _pixels(field: str) -> Any:
    channel = alt.X if field == "x" else alt.Y
    return channel(f"{field}:Q", scale=None, axis=None)
