"""Formats in which the field publishes its data sets, each told by its content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..options import ReadOptions
from ..table import RawTable
from . import alignments, aspects, gap, minimal_pairs, winobias, winogender


@dataclass(frozen=True, slots=True)
class Published:
    """One format: what to call it, whether a text is written in it, and its reader."""

    title: str
    recognises: Callable[[str], bool]
    read: Callable[[str, ReadOptions], RawTable]


PUBLISHED: dict[str, Published] = {
    "winogender": Published("Winogender", winogender.recognises, winogender.read),
    "winobias": Published("WinoBias", winobias.recognises, winobias.read),
    "gap": Published("GAP", gap.recognises, gap.read),
    "blimp": Published("BLiMP", minimal_pairs.is_blimp, minimal_pairs.read_blimp),
    "pairs": Published("minimal pairs", minimal_pairs.are_pairs, minimal_pairs.read_pairs),
    "semeval": Published("SemEval aspects", aspects.recognises, aspects.read),
    "pharaoh": Published("Pharaoh", alignments.is_pharaoh, alignments.read_pharaoh),
    "naacl": Published("NAACL alignments", alignments.is_naacl, alignments.read_naacl),
}
for name in ("pharaoh", "naacl"):
    for first in alignments.COUNTED_FROM:
        PUBLISHED[f"{name}-{first}"] = replace(PUBLISHED[name], recognises=lambda _: False)


def recognised(content: str) -> str | None:
    """Return the name of the published format that a text is written in, None where it is none."""
    return next((name for name, one in PUBLISHED.items() if one.recognises(content)), None)
