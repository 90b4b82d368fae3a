"""What the search of the home page finds reports by. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..analyses.analysis import Analysis

LEAST = 4
"""Letters of a word that is likely to say something by itself."""
WORD = re.compile(rf"[^\W\d_]{{{LEAST},}}")


def report_entries(reports: Iterable[tuple[str, str, Analysis]]) -> list[list[str]]:
    """Return [title, address, words] of each report (label, address, analysis), each word once."""
    return [[analysis.title, url, _words(label, analysis)] for label, url, analysis in reports]


def _words(label: str, analysis: Analysis) -> str:
    said = " ".join((label, analysis.title, analysis.about, analysis.reading)).lower()
    return " ".join(dict.fromkeys(WORD.findall(said)))
