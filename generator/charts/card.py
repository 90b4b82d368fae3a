"""The picture by which a site is known where its address is shared: its map of all heads."""

from __future__ import annotations

from typing import Any

import altair as alt

from .spec import Spec

WIDTH, HEIGHT = 1200, 630
"""Pixels, as services that show addresses want them."""
MAP = 430
LEFT = 80
LINE = 24
"""Characters of a title that fit on a line beside the map."""


def card(title: list[str], says: list[str], picture: str, sides: tuple[float, float]) -> Spec:
    """Return a card: a title and a few lines beside a picture, given as a data address.

    `sides` are width and height of the picture, as shares of the square it stands in.
    """
    width, height = (MAP * side for side in sides)
    map_ = _at(LEFT + width / 2, HEIGHT / 2, {"url": picture}).mark_image(
        width=width, height=height, aspect=False
    )
    left = LEFT + MAP + 60
    top = HEIGHT / 2 - 34 * len(title)
    texts = [
        _line(line, left, top + 62 * place, 52, "#15212e", "serif")
        for place, line in enumerate(title)
    ]
    below = top + 62 * len(title) + 6
    texts += [
        _line(line, left, below + 36 * place, 25, "#43505d", "sans-serif")
        for place, line in enumerate(says)
    ]
    chart = alt.layer(map_.encode(url="url:N"), *texts).properties(width=WIDTH, height=HEIGHT)
    plain = chart.configure_view(stroke="transparent", strokeWidth=0).configure(
        background="#f7f8f7", padding=0
    )
    found: dict[str, Any] = plain.to_dict(validate=False)
    return found


def _at(x: float, y: float, row: dict[str, str]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=[row])).encode(x=alt.value(x), y=alt.value(y))


def _line(text: str, x: float, y: float, size: int, colour: str, font: str) -> alt.Chart:
    mark = _at(x, y, {"text": text}).mark_text(
        align="left", baseline="middle", fontSize=size, color=colour, font=font
    )
    found: alt.Chart = mark.encode(text="text:N")
    return found
