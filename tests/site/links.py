"""Every link, script, style and image of a built site leads to a file of the site."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

REFERENCES = {"href", "src", "data-src", "poster", "action"}
OUTSIDE = {"https"}
"""Citations may lead to papers; nothing else leaves the site."""


class Page(HTMLParser):
    """The references and the ids of one page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.references: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in REFERENCES:
                self.references.append((tag, value or ""))
            if name == "id":
                self.ids.append(value or "")


def broken_links(site: Path) -> list[str]:
    """Return what is wrong: a sentence for each reference that leads nowhere."""
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    wrong = []
    for path, page in pages.items():
        where = path.relative_to(site)
        if len(set(page.ids)) < len(page.ids):
            wrong.append(f"{where}: an id is used twice")
        for tag, reference in page.references:
            wrong += [f"{where}: {tag} {p}" for p in _problem(site, path, pages, tag, reference)]
    return wrong


def _problem(
    site: Path, path: Path, pages: dict[Path, Page], tag: str, reference: str
) -> list[str]:
    parts = urlsplit(reference)
    if parts.scheme:
        fine = parts.scheme == "data" or (parts.scheme in OUTSIDE and tag == "a")
        return [] if fine else [f"{reference} leaves the site"]
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not target.is_relative_to(site.resolve()) or not target.is_file():
        return [f"{reference} leads nowhere"]
    fragment = parts.fragment
    if fragment and "=" not in fragment and target in pages and fragment not in pages[target].ids:
        return [f"{reference} names a place that is not there"]
    return []
