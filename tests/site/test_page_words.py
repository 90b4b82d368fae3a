"""The words of the pages: plain ones, the same for the same thing wherever a reader sees them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

READ_OUT = {"aria-label", "aria-roledescription", "title", "alt", "placeholder", "data-says"}
RETIRED = re.compile(r"\b(plates?|gazetteer|null)\b", re.IGNORECASE)
"""Words that pages have given up: text, all heads and chance are what a reader knows."""
SCRIPTS = Path(__file__).parents[2] / "templates" / "static" / "js"
STRING = re.compile(r'"[^"\n]*"|`[^`\n]*`')


class Words(HTMLParser):
    """What a page shows or has read out, piece by piece."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.hidden = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style")
        self.pieces += [value for name, value in attrs if name in READ_OUT and value]

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


def test_no_page_says_a_retired_word(built):
    pages = sorted(built.output.rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        for piece in Words(page.read_text("utf-8")).pieces:
            assert not RETIRED.search(piece), f"{page.name}: {piece}"


def spaced(text: str) -> bool:
    """Say whether a string is more than one word, so that it may stand on a page."""
    return " " in text


def test_no_script_writes_a_retired_word() -> None:
    for path in SCRIPTS.rglob("*.js"):
        code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        for text in filter(spaced, STRING.findall(code)):
            shown = re.sub(r"\$\{[^{}]*\}", "", text)
            assert not re.search(r"\b(plates?|gazetteer)\b", shown, re.IGNORECASE), (path, text)
