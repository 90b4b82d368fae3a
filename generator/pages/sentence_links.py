"""What a sentence leads to: the heads in it, and the models that it names. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from ..names import slug
from ..results.shapes import Finding

HEAD = r"\bL(\d{1,3})H(\d{1,3})\b"
QUOTED = r"“[^”]*”"
"""Words of a text, in which nothing is named."""
KIND = re.compile(r"-(self|encoder|decoder|cross)-")
"""Where the id of a finding says which kind of attention it is about; names come before it."""
CROSS = ("translation",)
"""Reports that are about the attention of what is written to the source."""


class Part(NamedTuple):
    """A piece of a sentence: its text, what it is, and where it leads."""

    text: str
    names: Literal["", "head", "model"] = ""
    link: str = ""


def sentence_parts(
    finding: Finding, models: Mapping[str, str] | None = None, text: str | None = None
) -> list[Part]:
    """Cut a sentence at heads and names of models; each leads to the page of the model.

    `models` has the addresses of models by name, for a page on which they have to be told apart;
    without it names are left as they are. A head leads to the page of the finding where that is a
    model's, else to that of the one model it can be of; where several are named, nowhere.
    """
    known, text = models or {}, finding.sentence if text is None else text
    page = _page_of_heads(finding, known)
    parts, at = [], 0
    for match in _pattern(tuple(known)).finditer(text):
        found = _part(match, finding, page, known)
        if found:
            parts += [Part(text[at : match.start()]), found]
            at = match.end()
    parts.append(Part(text[at:]))
    return [part for part in parts if part.text]


def _part(
    match: re.Match[str], finding: Finding, page: str, known: Mapping[str, str]
) -> Part | None:
    layer, head, model = match.groups()
    if model:
        return Part(model, "model", known[model])
    if not layer:
        return None  # quoted
    link = f"{page}#layer={layer}&head={head}{_kind(finding)}" if page else ""
    return Part(match.group(), "head", link)


def _page_of_heads(finding: Finding, known: Mapping[str, str]) -> str:
    own = finding.page.partition("#")[0]
    if not known or own in known.values():
        return own
    return known.get(finding.model, "")


def _kind(finding: Finding) -> str:
    """Return the kind of attention as an address has it, nothing where there is but one."""
    default = ["cross" if finding.analysis in CROSS else "self"]
    own = finding.id.replace(slug(finding.model), "", 1)  # a model's name may hold a kind, too
    [*_, said] = default + KIND.findall(own)
    return "" if said == "self" else f"&kind={said}"


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds a quotation, a head, or one of the names, the longest that fits."""
    ways = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    named = rf"(?<![\w/.-])({ways})(?![\w/-]|\.\w)" if names else "(?!)()"
    return re.compile(f"{QUOTED}|{HEAD}|{named}")
