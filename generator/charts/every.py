"""Every chart of every page. Altair is imported here only when they are asked for."""

from __future__ import annotations

from typing import Any


def every_chart() -> dict[str, dict[str, Any]]:
    """Return the Vega-Lite specification of each chart by name: the same for every site."""
    from . import dots, model, record, relations, shapes, similarity, tokens

    return {
        **record.record_charts(),
        **tokens.token_charts(),
        **model.model_charts(),
        **similarity.similarity_charts(),
        **relations.relation_charts(),
        "dots": dots.dots(),
        **shapes.shape_charts(),
    }
