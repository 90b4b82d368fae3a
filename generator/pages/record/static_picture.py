"""What a record page shows where no script runs: one picture and its strongest links. Pure."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from ...array_types import Bytes
from ...capture import Capture
from ..packing import png, pool, quantise

SIDE = 128
"""Longest side of the picture, in weights."""
STEPS = 64
"""Colours of the picture: more are not told apart, and would be half of its bytes."""
LINKS = 10


@dataclass(frozen=True, slots=True)
class StaticPicture:
    """A picture as a data address, what it shows, and (query, key, weight) of the strongest."""

    src: str
    says: str
    links: tuple[tuple[str, str, float], ...]


def static_picture(capture: Capture) -> StaticPicture:
    """Return the mean of the heads of the last layer, special tokens left out of the links."""
    attention = capture.maps[-1]
    mean = attention.weights[-1].mean(axis=0)
    steps = np.rint(pool(quantise(mean), SIDE) / 255 * (STEPS - 1)).astype(np.uint8)
    image = png(steps, palette()[np.linspace(0, 255, STEPS).round().astype(int)])
    queries, keys = (
        np.array([not token.special for token in tokens], dtype=bool)
        for tokens in (attention.rows, attention.keys)
    )
    shown = np.where(queries[:, None] & keys, mean, -1)
    order = np.argsort(shown, axis=None)[::-1][:LINKS]
    links = tuple(
        (attention.rows[q].text, attention.keys[k].text, float(mean[q, k]))
        for q, k in (divmod(int(at), mean.shape[1]) for at in order)
        if shown[q, k] > 0
    )
    says = (
        f"Mean attention of the {attention.heads} heads of layer {attention.layers - 1}: "
        f"{mean.shape[0]} tokens that look, down, by {mean.shape[1]} looked at, across."
    )
    return StaticPicture(f"data:image/png;base64,{base64.b64encode(image).decode()}", says, links)


@cache
def palette() -> Bytes:
    """Return the light ramp of the style sheet, [256, 3]."""
    style = files("attnatlas.templates").joinpath("static/css/shared/tokens.css").read_text("utf-8")
    stops = dict(reversed(re.findall(r"--seq-(\d+): #([0-9a-f]{6})", style)))  # the first is light
    colours = np.array([list(bytes.fromhex(stops[str(i)])) for i in range(11)], dtype=float)
    places = np.linspace(0, 10, 256)
    return np.stack(
        [np.interp(places, range(11), colours[:, channel]).round() for channel in range(3)], axis=-1
    ).astype(np.uint8)
