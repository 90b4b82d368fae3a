"""What the picture of a site shows: all heads of a model on one text. Pure."""

from __future__ import annotations

import base64
import textwrap

import numpy as np

from ..array_types import Bytes
from ..capture import Capture
from ..charts.card import LINE, card
from ..charts.spec import Spec
from .packing import png, pool, quantise
from .plan import Plan
from .record.static_picture import palette

LINES = 4
GAP = 1


def site_card(plan: Plan, capture: Capture) -> Spec:
    """Return the chart of a site's picture, from a text as one of its models read it."""
    attention = capture.maps[-1]
    tiles = tiled(pool(quantise(attention.weights)))
    scale = max(1, 430 // max(tiles.shape))
    picture = base64.b64encode(png(tiles, palette(), scale)).decode()
    longest = max(tiles.shape)
    sides = tiles.shape[1] / longest, tiles.shape[0] / longest
    title = textwrap.wrap(plan.title, LINE, max_lines=LINES, placeholder=" …") or [plan.title]
    texts = "one text" if plan.texts == 1 else f"{plan.texts:,} texts"
    models = "one model" if len(plan.models) == 1 else f"{len(plan.models)} models"
    heads = f"{attention.layers * attention.heads:,} heads of {capture.model.name[:LINE]}"
    return card(
        title, [f"How {models} read {texts}", heads], f"data:image/png;base64,{picture}", sides
    )


def tiled(heads: Bytes) -> Bytes:
    """Return [layer, head, row, column] as one picture, layers down, white between the heads."""
    apart = np.pad(heads, ((0, 0), (0, 0), (0, GAP), (0, GAP)))
    layers, count, rows, columns = apart.shape
    whole = apart.transpose(0, 2, 1, 3).reshape(layers * rows, count * columns)
    return np.ascontiguousarray(whole[:-GAP, :-GAP])
