"""One page as a browser would read it: its policy, what it loads, where it leads, what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
LOADS = ("src", "data-src", "poster", "srcset", "action", "formaction", "background", "manifest")
"""Attributes whose address is loaded, or sent to, without a reader's asking."""
SILENT = frozenset({"canonical", "license", "author", "alternate", "help", "next", "prev"})
"""What a <link> may be without anything being loaded."""


@dataclass(slots=True)
class Verdict:
    """A line of verdict as the page prints it: its mark and its sentence."""

    mark: str
    said: str = ""


@dataclass(slots=True)
class Page:
    """What was found on a page. `leads` are links of readers, `loads` what the page loads."""

    policies: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    loads: list[tuple[str, str]] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    unsafe: list[str] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    text: str = ""
    policy_first: bool = True


class Reader(HTMLParser):
    """Reads a page into `page`."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[str] = []
        self._words: list[str] = []
        self._line: Verdict | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element is, loads and leads to."""
        known = {name: value or "" for name, value in attrs}
        self._note(tag, known)
        classes = known.get("class", "").split()
        inside = self._open[-1] if self._open else ""
        if tag in ("td", "tr", "details"):
            self._line = None  # a cell need not be closed: it ends where the next begins
        if tag == "ol" and "verdicts" in classes:
            tag = "verdicts"
        elif tag == "li" and inside == "verdicts":
            tag, mark = "verdict", " ".join(classes)
            self.page.verdicts.append(Verdict(mark))
        elif tag == "p" and inside == "verdict":
            tag, self._line = "said", self.page.verdicts[-1]
        elif tag == "table" and "measured" in classes:
            tag = "measured"
        elif tag == "span" and "vd" in classes and "measured" in self._open:
            self.page.verdicts.append(Verdict(" ".join(sorted(set(classes) - {"vd"}))))
        elif tag == "td" and "said" in classes and "measured" in self._open:
            self._line = self.page.verdicts[-1]
        elif tag == "span" and "where" in classes and self._line:
            tag = "where"
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close what is open, as far as it was opened."""
        names = {
            "ol": "verdicts",
            "li": "verdict",
            "p": "said",
            "span": "where",
            "table": "measured",
        }
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place] in (tag, names.get(tag)):
                if "said" in self._open[place:]:
                    self._line = None
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        """Note text that a reader sees."""
        inside = self._open[-1] if self._open else ""
        if inside in ("script", "style"):
            return
        self._words.append(data)
        if self._line and "where" not in self._open:
            self._line.said += data

    def close(self) -> None:
        """End the page."""
        super().close()
        self.page.text = squeezed("".join(self._words))
        for line in self.page.verdicts:
            line.said = squeezed(line.said)

    def _note(self, tag: str, known: dict[str, str]) -> None:
        page = self.page
        page.unsafe += [f"{tag} {name}" for name in known if name.startswith("on")]
        if "id" in known:
            page.ids.append(known["id"])
        if tag == "meta" and known.get("http-equiv", "").lower() == "content-security-policy":
            page.policies.append(known.get("content", ""))
        elif tag == "meta" and "http-equiv" in known:
            page.unsafe.append(f"meta {known['http-equiv']}")
        if tag == "script" and not page.policies:
            page.policy_first = False
        if tag in ("base", "object", "embed", "iframe", "frame", "applet"):
            page.unsafe.append(tag)
        page.loads += [(tag, known[name]) for name in LOADS if name in known]
        self._link(tag, known)

    def _link(self, tag: str, known: dict[str, str]) -> None:
        """Note where `href` leads: something to load in a <link>, else something to go to."""
        if "href" not in known:
            return
        if tag == "link" and not set(known.get("rel", "").lower().split()) <= SILENT:
            self.page.loads.append((tag, known["href"]))
        elif tag in ("a", "area"):
            self.page.leads.append(known["href"])
        elif tag != "link":
            self.page.loads.append((tag, known["href"]))


def read_page(text: str) -> Page:
    """Return what is on a page."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader.page


def squeezed(text: str) -> str:
    """Return a text with one space between its words."""
    return " ".join(text.split())
