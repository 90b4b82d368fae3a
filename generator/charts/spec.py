"""A chart as the dictionary that a page draws."""

from __future__ import annotations

from typing import Any

import altair as alt

Spec = dict[str, Any]


def spec_of(chart: alt.TopLevelMixin) -> Spec:
    """Return a chart without what Altair adds for its own use: pages have one theme for all.

    Tests hold every chart against the schema of Vega-Lite, so that builds need not.
    """
    spec = chart.to_dict(validate=False)
    return {name: value for name, value in spec.items() if name not in ("config", "datasets")}


def sized_by_page(chart: Any, **params: Any) -> Spec:
    """Return the specification of a chart that the page sizes, with room for axes as padding.

    `params` are its parameters and what they are until the page sets them.
    """
    chart = chart.properties(width=1, height=1, autosize=alt.AutoSizeParams(type="none"))
    if params:
        chart = chart.add_params(*(alt.param(name=name, value=v) for name, v in params.items()))
    return spec_of(chart)
