"""Head pages of a built site: one for every head, with numbers counted again from the data."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from attnatlas.pages import head_rows
from attnatlas.pages.head_rows import paged
from attnatlas.site.writer import decimal
from safetensors import safe_open


class Cells(HTMLParser):
    """The rows of every table of a page: (attributes of the row, its cells)."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[tuple[dict[str, str | None], list[str]]] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append((dict(attrs), []))
        elif tag in ("td", "th") and self.rows:
            self.rows[-1][1].append("")
        self.inside = tag in ("td", "th") or (self.inside and tag not in ("tr", "table"))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th", "table")

    def handle_data(self, data: str) -> None:
        if self.inside and self.rows and self.rows[-1][1]:
            self.rows[-1][1][-1] += data


def captures(folder: Path) -> list[tuple[np.ndarray, list[dict[str, object]]]]:
    """Return weights [layer, head, query, key] and tokens of each data file."""
    found = []
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "numpy") as file:
            tokens = json.loads(file.metadata()["attnatlas"])["tokens"]["self"]["queries"]
            found.append((file.get_tensor("attention.self").astype(np.float64), tokens))
    return found


def test_every_head_has_a_page_that_the_index_names(built):
    atlas = json.loads((built.output / "atlas.json").read_text())
    counts = []
    for model in atlas["models"]:
        pages = model["head_pages"]
        counts.append(len(pages))
        assert all((built.output / page).is_file() for page in pages)
        assert len(set(pages)) == len(pages)
    tables = [built.output / "data" / Path(m["page"]).stem / "heads.csv" for m in atlas["models"]]
    assert counts == [len(table.read_text().splitlines()) - 1 for table in tables]
    assert built.pages == len(list(built.output.rglob("*.html")))


@pytest.mark.parametrize(("layer", "head"), [(0, 1), (2, 3)])
def test_a_head_page_holds_what_is_counted_again(built, layer, head):
    text = (built.output / f"heads/bert/self-L{layer}H{head}.html").read_text()
    rows = Cells(text).rows
    found = captures(built.output / "data" / "bert")
    metrics = {cells[0]: cells for _, cells in rows if len(cells) == 6}
    before = [weights[layer, head].diagonal(-1).mean() for weights, _ in found]
    assert metrics["Attention to the token before"][1] == decimal(float(np.mean(before)), 3)
    chance = [np.mean([1 / len(tokens)] * (len(tokens) - 1)) for _, tokens in found]
    assert metrics["Attention to the token before"][3] == decimal(float(np.mean(chance)), 3)
    others = [np.mean([weights[layer, other].diagonal(-1).mean() for weights, _ in found])
              for other in range(found[0][0].shape[1]) if other != head]  # fmt: skip
    assert metrics["Attention to the token before"][4] == decimal(float(np.mean(others)), 3)
    assert metrics["Attention to the token before"][-1] == "3"

    pairs: dict[tuple[str, str], list[float]] = {}
    for weights, tokens in found:
        for (q, query), (k, key) in product(enumerate(tokens), repeat=2):
            if not (query["special"] or key["special"]):
                name = (str(query["text"]).strip(), str(key["text"]).strip())
                excess = weights[layer, head, q, k] - 1 / len(tokens)
                pairs.setdefault(name, []).append((weights[layer, head, q, k], excess))
    best = max(pairs, key=lambda name: sum(excess for _, excess in pairs[name]))
    first = next(cells for attrs, cells in rows if len(cells) == 5 and cells[0] != "From")
    weight = np.mean([weight for weight, _ in pairs[best]])
    assert tuple(first[:2]) == best
    assert (first[2], first[4]) == (decimal(float(weight)), str(len(pairs[best])))


def test_examples_lead_to_the_head_in_its_text(built):
    text = (built.output / "heads/bart/cross-L1H2.html").read_text()
    links = re.findall(r'class="example" href="([^"]+)"', text)
    assert len(links) == 3
    for link in links:
        path, _, place = link.partition("#")
        assert (built.output / "heads" / "bart" / path).resolve().is_file()
        assert place == "layer=1&amp;head=2&amp;kind=cross"


def test_of_very_many_heads_the_strongest_of_each_role_get_a_page(monkeypatch):
    monkeypatch.setattr(head_rows, "MOST", 3)
    roles = ["none", "previous", "none", "previous", "next", "none"]
    rows = [
        {"kind": "self", "layer": 0, "head": head, "role": role, "margin": 0.3 + head / 10}
        for head, role in enumerate(roles)
    ]
    assert [head for _, _, head in paged(rows)] == [0, 3, 4]
    monkeypatch.setattr(head_rows, "MOST", 6)
    assert len(paged(rows)) == 6
