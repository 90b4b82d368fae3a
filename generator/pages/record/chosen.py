"""Whom a model itself takes a mention for, in a sentence for the opening of a record page. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...analyses.choice import CHOICE, WHO
from ...results.shapes import Result
from ...results.wording import percent


def chosen_words(results: Mapping[str, Result]) -> str:
    """Say whom the model takes to be meant, beside its untrained copies; "" where none was asked.

    Shares are of the candidates alone.
    """
    table = results.get("choice", Result("choice")).tables.get("choice")
    rows: list[dict[str, Any]] = (
        [dict(zip(CHOICE, row, strict=True)) for row in table.rows] if table else []
    )
    asked = [row for row in rows if row["asked"] == WHO and row["share"] is not None]
    if len(asked) < 2:
        return ""
    most = max(asked, key=lambda row: row["share"])
    copies = most["untrained"]
    beside = "" if copies is None else f" (untrained copies: {percent(copies)})"
    return f"The model takes “{most['option']}” to be meant: {percent(most['share'])}{beside}."
