"""Cross-attention goes by the word that is written: pages read as they are give the gold links."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attnatlas.analyses.alignment import ANALYSIS as ALIGNMENT
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import alignment_links, load_corpus, word_spans
from attnatlas.models import load_model, resolve_model
from attnatlas.pages.packing import in_order, packs_in
from attnatlas.pages.plan import plan as lay_out
from attnatlas.site import render
from attnatlas.site.provenance import collect
from attnatlas.site.writer import Site

LAYERS, HEADS = 3, 4
Pages = list[tuple[Capture, str, dict[str, Any], np.ndarray]]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Return each translation with its page, the data in it, and the weights it draws."""
    settings = Settings(corpora=("translation",), batch_size=16)
    corpus = load_corpus("translation")
    model = load_model(resolve_model("en-fr", settings), settings)
    found = [one for _, one in capture_records(model, corpus.records, settings)]
    captures = {one.record.id: one for one in found if isinstance(one, Capture)}
    plan = lay_out([corpus], [model.info])
    folder: Path = tmp_path_factory.mktemp("translated")
    provenance = collect(plan.title, settings, [corpus], [model.info])
    site = Site(folder, render.shared(plan, provenance, settings))
    read = []
    for page in plan.records[0]:
        capture = captures[page.record.id]
        render.render_record(site, plan, page, capture, {}, [(page.data, 1)])
        text = (folder / page.url).read_text("utf-8")
        island = json.loads(re.search(r'id="atlas-data">(.*?)</script>', text, re.S)[1])
        (cross,) = (part for part in island["maps"] if part["kind"] == "cross")
        script = (folder / f"{page.maps}.cross.js").read_bytes()
        packed = zlib.decompress(packs_in(script)["cross"], 31)
        shape = (LAYERS, HEADS, len(cross["queries"]), len(cross["keys"]))
        stored = in_order(np.frombuffer(packed, np.uint8), shape)
        read.append((capture, text, cross, (stored / 255.0) ** 2))
    return read


def places(tokens: list[dict[str, Any]], words: list[Any]) -> list[int]:
    """Return the word that each token of a page is a piece of, -1 for none, by spelling alone."""
    found, at = [], 0
    for token in tokens:
        start = at + len(token["t"]) - len(token["t"].lstrip())
        at += 0 if token.get("s") else len(token["t"])
        inside = [n for n, word in enumerate(words) if word.start <= start < word.end]
        found.append(inside[0] if inside and not token.get("s") else -1)
    return found


def error_rate(pages: Pages, layer: int, head: int | None) -> float:
    """Return the alignment error rate of the strongest source word in the row of each word."""
    hits = made = sure_links = 0
    for capture, _, cross, weights in pages:
        record = capture.record
        chosen = weights[layer].mean(axis=0) if head is None else weights[layer, head]
        source = word_spans(record.text, record.words)
        target = word_spans(record.target, record.target_words)
        rows, columns = places(cross["queries"], target), places(cross["keys"], source)
        links = alignment_links(record.alignment)
        sure = {(link.source, link.target) for link in links if link.sure}
        possible = {(link.source, link.target) for link in links}
        for word in range(len(target)):
            mine = chosen[[at for at, row in enumerate(rows) if row == word]].mean(axis=0)
            shares = [sum(mine[at] for at, c in enumerate(columns) if c == s)
                      for s in range(len(source))]  # fmt: skip
            link = (int(np.argmax(shares)), word)
            hits += (link in sure) + (link in possible)
            made += 1
        sure_links += len(sure)
    return 1 - hits / (made + sure_links)


def test_rows_read_as_they_are_labelled_give_the_gold_alignment(pages: Pages) -> None:
    assert len(pages) == 79
    assert error_rate(pages, 1, 0) == pytest.approx(0.107, abs=0.01)
    assert error_rate(pages, 1, None) == pytest.approx(0.08, abs=0.01)
    assert error_rate(pages, 2, None) == pytest.approx(0.10, abs=0.01)


def test_the_report_has_the_same_figures(pages: Pages) -> None:
    each = [(one.record, {"alignment": ALIGNMENT.compute(one)}) for one, *_ in pages]
    result = ALIGNMENT.aggregate(each)
    table = result.tables["ways"]
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    rates = {(r["way"], r["reading"], r["links"], r["half"]): r["error_rate"] for r in rows}
    assert rates["L1H0", "written", "argmax", "all"] == pytest.approx(0.107, abs=0.001)
    assert rates["mean of layer 1", "written", "argmax", "all"] == pytest.approx(0.08, abs=0.001)
    assert rates["diagonal", "", "", "all"] == pytest.approx(0.27, abs=0.001)
    assert 0.78 < rates["L1H0", "read", "argmax", "all"] < 0.92
    said = {finding.id: finding for finding in result.findings}
    assert said["cross-alignment-head"].statement.startswith("L1H0 finds source words better")
    assert said["cross-alignment-head"].level == "holds"


def test_beside_each_written_word_stands_the_one_that_was_fed(pages: Pages) -> None:
    for capture, _, cross, _ in pages:
        fed = [token.shown for token in capture.maps[-1].queries]
        assert cross["fed"] == fed
        assert fed[1:] == [token["t"] for token in cross["queries"]][:-1]


def test_without_scripts_the_strongest_links_go_by_the_written_word(pages: Pages) -> None:
    (text,) = (text for capture, text, _, _ in pages if capture.record.id == "white-car")
    links = re.findall(r"<td><bdi>(.*?)</bdi><td><bdi>(.*?)</bdi>", text)
    pairs = {(query.strip(), key.strip()) for query, key in links}
    assert {("voiture", "car"), ("oncle", "uncle")} <= pairs
