"""Links to the glossary: a term is one the first time it stands in the running text of a page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from ..pages.glossary import GLOSSARY, Term

WHOLE = r'<svg\b.*?</svg>|<table class="(?:head-metrics|pairs)">.*?</table>'
"""Drawings, and tables of tokens and numbers, most of the page of a head: no term is in them."""
TAG = re.compile(rf"({WHOLE}|<[^>]*>)", re.DOTALL)
"""What is whole counts as one tag."""
NAME = re.compile(r"</?([a-z0-9]+)")
PROSE = frozenset(("p", "li", "dd", "td", "caption", "figcaption"))
"""Elements that hold running text."""
APART = frozenset(
    ("a", "bdi", "button", "code", "label", "noscript", "pre", "script", "style", "summary")
)
"""Elements in which nothing is linked: other links, names and texts of users, controls, code."""
OWNED = re.compile(r"\s(data-[a-z]|hidden\b|aria-hidden)|class=\"cite\"")
"""What a script fills or shows is left as it is, and so are titles of works."""
SHORTEST = 2
"""No term is as short as this."""
VOID = frozenset(("br", "img", "input", "meta", "link", "hr", "wbr", "col"))


@dataclass(frozen=True, slots=True)
class Tag:
    """A start or end tag: its name, and what it makes of the text inside."""

    name: str
    ends: bool
    prose: bool
    apart: bool


@lru_cache(maxsize=4096)
def read_tag(text: str) -> Tag | None:
    """Return what a tag says; None for one that holds nothing."""
    found = NAME.match(text)
    if not found or found[1] in VOID or text.endswith("/>"):
        return None
    name = found[1]
    apart = name in APART or OWNED.search(text) is not None
    return Tag(name, text.startswith("</"), name in PROSE, apart)


class Prose:
    """Where in a page a piece of text stands: within running text, and within nothing apart.

    Elements are counted by name, which is enough in pages that close whatever they open.
    """

    def __init__(self) -> None:
        self.depth = 0
        self.apart, self.apart_depth = "", 0

    def pass_by(self, tag: Tag) -> None:
        """Go past a start or end tag."""
        step = -1 if tag.ends else 1
        if tag.prose:
            self.depth += step
        if tag.name == self.apart:
            self.apart_depth += step
            if not self.apart_depth:
                self.apart = ""
        elif tag.apart and not tag.ends and not self.apart:
            self.apart, self.apart_depth = tag.name, 1


def link_terms(html: str, root: str) -> str:
    """Return the markup with a link to the glossary at each term's first place in running text."""
    place, missing = Prose(), set(linked().values())
    parts = TAG.split(html)  # a text, a tag, a text, ...
    for at in range(1, len(parts), 2):
        tag = read_tag(parts[at]) if parts[at].count("<") == 1 else None
        if tag and (tag.prose or tag.apart or tag.name == place.apart):
            place.pass_by(tag)
        if place.depth > 0 and not place.apart and len(parts[at + 1]) > SHORTEST:
            parts[at + 1] = _linked(parts[at + 1], root, missing)
    return "".join(parts)


def _linked(text: str, root: str, missing: set[Term]) -> str:
    """Return a piece of text, already escaped, with links at the terms that are still missing."""

    if missing.isdisjoint(_named(text)):
        return text

    def link(found: re.Match[str]) -> str:
        term = linked()[found[0].lower()]
        if term not in missing:
            return found[0]
        missing.remove(term)
        return f'<a href="{root}about.html#{term.anchor}">{found[0]}</a>'

    return _pattern().sub(link, text)


@lru_cache(maxsize=1 << 15)
def _named(text: str) -> frozenset[Term]:
    """Return the terms in a text; the pages of a site have most of their texts in common."""
    return frozenset(linked()[found.lower()] for found in _pattern().findall(text))


@cache
def linked() -> dict[str, Term]:
    """Return the terms that pages lead to, by every way in which they are written, lowercase."""
    return {way.lower(): term for term in GLOSSARY if term.linked for way in term.written}


@cache
def _pattern() -> re.Pattern[str]:
    """Return what finds a term, the longest that fits."""
    ways = sorted(linked(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ways))})(?![\w-])", re.IGNORECASE)
