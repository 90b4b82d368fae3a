"""Links to the glossary: a term is one the first time it stands in the running text of a page."""

from __future__ import annotations

import re
from functools import cache

from ..pages.glossary import GLOSSARY, Term

TAG = re.compile(r"(<[^>]*>)")
NAME = re.compile(r"</?([a-z0-9]+)")
PROSE = frozenset(("p", "li", "dd", "td", "caption", "figcaption"))
"""Elements that hold running text."""
APART = frozenset(
    ("a", "bdi", "button", "code", "label", "noscript", "pre", "script", "style", "summary", "svg")
)
"""Elements in which nothing is linked: other links, names and texts of users, controls, code."""
OWNED = re.compile(r"\s(data-[a-z]|hidden\b|aria-hidden)")
"""What a script fills or shows is left as it is."""
VOID = frozenset(("br", "img", "input", "meta", "link", "hr", "wbr", "col"))


class Prose:
    """Where in a page a piece of text stands: within running text, and within nothing apart."""

    def __init__(self) -> None:
        self.open: list[tuple[str, bool, bool]] = []

    def tag(self, tag: str) -> None:
        """Go past a start or end tag."""
        found = NAME.match(tag)
        if not found or found[1] in VOID or tag.endswith("/>"):
            return
        name = found[1]
        if tag.startswith("</"):
            self._close(name)
            return
        _, prose, apart = self.open[-1] if self.open else ("", False, False)
        apart = apart or name in APART or OWNED.search(tag) is not None
        self.open.append((name, prose or name in PROSE, apart))

    def _close(self, name: str) -> None:
        if any(name == held for held, _, _ in self.open):
            while self.open.pop()[0] != name:
                pass

    @property
    def running(self) -> bool:
        """Return whether what follows is running text of the page."""
        return bool(self.open) and self.open[-1][1] and not self.open[-1][2]


def link_terms(html: str, root: str) -> str:
    """Return the markup with a link to the glossary at each term's first place in running text."""
    place, missing, pieces = Prose(), set(linked().values()), []
    for part in TAG.split(html):
        if part.startswith("<"):
            place.tag(part)
        elif missing and place.running and part.strip():
            part = _linked(part, root, missing)
        pieces.append(part)
    return "".join(pieces)


def _linked(text: str, root: str, missing: set[Term]) -> str:
    """Return a piece of text, already escaped, with links at the terms that are still missing."""

    def link(found: re.Match[str]) -> str:
        term = linked()[found[0].lower()]
        if term not in missing:
            return found[0]
        missing.remove(term)
        return f'<a class="term" href="{root}about.html#{term.anchor}">{found[0]}</a>'

    return _pattern().sub(link, text)


@cache
def linked() -> dict[str, Term]:
    """Return the terms that pages lead to, by every way in which they are written, lowercase."""
    return {way.lower(): term for term in GLOSSARY if term.linked for way in term.written}


@cache
def _pattern() -> re.Pattern[str]:
    """Return what finds a term, the longest that fits."""
    ways = sorted(linked(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ways))})(?![\w-])", re.IGNORECASE)
