"""Record pages from made-up attention: no model, no weights, the same numbers every time.

Run as a script to look at one: `python tests/browser/synthetic.py OUT --tokens 24`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from attnatlas.analyses import chosen
from attnatlas.analyses.analysis import RecordAnalysis
from attnatlas.capture import AttentionMap, Capture, Family, ModelInfo, Token
from attnatlas.config import Settings
from attnatlas.corpus import Corpus, Record, corpus_from_records
from attnatlas.pages.model.page_data import roles_script
from attnatlas.pages.plan import RecordPage
from attnatlas.pages.plan import plan as lay_out
from attnatlas.pages.record.page_data import roles_at
from attnatlas.results.shapes import Result
from attnatlas.site import render
from attnatlas.site.provenance import collect
from attnatlas.site.writer import Site

TEXT = "The doctor told the nurse that she had read the chart, but the tests were missing."
TARGET = "La rive du fleuve est boueuse et la banque est fermée."


@dataclass(frozen=True)
class Shape:
    """The extent of a made-up model, and of its texts (None: as long as they are)."""

    family: Family = "encoder"
    layers: int = 3
    heads: int = 4
    tokens: int | None = None
    window: int | None = None


@dataclass(frozen=True)
class Made:
    """A site of record pages: where each page lies, and the capture behind it."""

    folder: Path
    pages: dict[str, RecordPage]
    captures: dict[str, Capture]

    def path(self, record: str) -> Path:
        """Return the file of a record's page."""
        return self.folder / self.pages[record].url


def tokens(text: str, count: int | None = None) -> tuple[Token, ...]:
    """Split at blanks and round full stops and hyphens, between [CLS] and [SEP].

    With `count`, split at blanks alone and repeat up to so many.
    """
    pieces = re.findall(r" ?[^ .-]+| ?[.-]", text)
    if count is not None:
        pieces = [f" {word}" for word in _repeated(text, count - 2)]
    found, place = [Token("[CLS]", 101, special=True)], 0
    for number, piece in enumerate(pieces):
        piece = piece.lstrip() if number == 0 else piece
        found.append(Token(piece, 5 + number, start=place, end=place + len(piece)))
        place += len(piece)
    return (*found, Token("[SEP]", 102, special=True))


def _repeated(text: str, count: int) -> list[str]:
    words = text.split(" ")
    return [words[number % len(words)] for number in range(max(1, count))]


KEPT = {(0, 1): 1, (1, 2): -1}
"""What two heads do in every text: how many tokens behind them they look."""


def weights(
    shape: tuple[int, int, int, int], seed: int, causal: bool = False, window: int | None = None
) -> np.ndarray:
    """Return attention [layer, head, query, key] with a few habits among its heads."""
    rng = np.random.default_rng(seed)
    layers, heads, queries, keys = shape
    behind = np.arange(queries)[:, None] - np.arange(keys)
    attention = np.empty(shape, np.float32)
    for layer, head in np.ndindex(layers, heads):
        scores = rng.normal(0, 1.3, (queries, keys)) + _habit(rng, behind)
        if (layer, head) in KEPT:
            scores = scores + 9.0 * (behind == KEPT[layer, head])
        if causal:
            scores[behind < 0] = -np.inf
        if window:
            scores[np.abs(behind) >= window] = -np.inf
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        attention[layer, head] = shares / shares.sum(-1, keepdims=True)
    return attention


def _habit(rng: np.random.Generator, behind: np.ndarray) -> np.ndarray:
    """Return scores that make a head look at the token before, after, itself, the last or none."""
    pick = rng.random()
    if pick < 0.32:
        return 6.5 * (behind == (1 if pick < 0.15 else -1 if pick < 0.25 else 0))
    return 6 * rng.random() * (np.arange(behind.shape[1]) == behind.shape[1] - 1) * (pick < 0.6)


def capture(model: ModelInfo, record: Record, shape: Shape) -> Capture:
    """Return a made-up capture of a record."""
    make = partial(weights, seed=sum(map(ord, record.id)))
    source = tokens(record.text, shape.tokens)
    size = (model.layers, model.heads)
    if shape.family != "encoder-decoder":
        causal = shape.family == "decoder"
        values = make((*size, len(source), len(source)), causal=causal, window=shape.window)
        window = (shape.window,) * model.layers if shape.window else None
        part = AttentionMap("self", source, source, values, causal=causal, window=window)
        return Capture(model, record, (part,), _said(shape.family))
    target = tokens(record.target or TARGET)
    maps = (
        AttentionMap("encoder", source, source, make((*size, len(source), len(source)))),
        AttentionMap(
            "decoder", target, target, make((*size, len(target), len(target)), causal=True), True
        ),
        AttentionMap(
            "cross",
            target,
            source,
            make((*size, len(target), len(source))),
            predicted=(*target[1:], target[-1]),
        ),
    )
    said = {"task": "translation", "text": record.target or TARGET, "teacher_forced": False}
    return Capture(model, record, maps, said)


def _said(family: Family) -> dict[str, object]:
    if family == "decoder":
        words = (" again", 0.31), (" now", 0.12), (".", 0.08)
        return {"task": "causal-lm", "next": [{"text": t, "id": 1, "score": s} for t, s in words]}
    scores = {"negative": 0.93, "positive": 0.07}
    return {"task": "classification", "label": "negative", "score": 0.93, "labels": scores}


def records() -> Corpus:
    """Return three records: plain, with a note and a label, and hostile."""
    rows = [
        {"id": "plain", "text": TEXT, "label": "negative"},
        {"id": "noted", "text": "The well-known bank is muddy.", "note": "Look at 'bank'."},
        {"id": HOSTILE_ID, "text": HOSTILE, "note": HOSTILE, "label": HOSTILE},
    ]
    return replace(corpus_from_records(rows), name="made", title="Made up", licence="CC0-1.0")


HOSTILE = (
    "</script><img src=x onerror=alert(1)> {{7*7}} \u202eevil\u202c ${x} \u05e9\u05dc\u05d5\u05dd"
)
HOSTILE_ID = "<b>hostile"


def build(
    folder: Path,
    shape: Shape,
    corpus: Corpus | None = None,
    cache: Path | None = None,
    also: Callable[[Capture], dict[str, Result]] | None = None,
) -> Made:
    """Write the record pages of a made-up model; `also` adds results."""
    corpus = corpus or records()
    architecture = "BertForSequenceClassification"
    model = ModelInfo("made-up", shape.family, architecture, "bert", shape.layers, shape.heads)
    plan = lay_out([corpus], [model])
    provenance = collect(plan.title, Settings(corpora=("made",)), [corpus], [model])
    site = Site(folder, render.shared(plan, provenance, Settings()))
    site.assets(cache or folder / ".cache", print)
    found = {page.record.id: capture(model, page.record, shape) for page in plan.records[0]}
    for page in plan.records[0]:
        said = found[page.record.id]
        alone = chosen(RecordAnalysis)
        results = {analysis.name: analysis.compute(said) for analysis in alone}
        results |= also(said) if also else {}
        results = {name: result for name, result in results.items() if not result.empty}
        render.render_record(site, plan, page, said, results, [(page.data, 123_456)])
    site.bytes(roles_at(plan.models[0]), roles_script({}))
    return Made(folder, {page.record.id: page for page in plan.records[0]}, found)


def main() -> None:
    """Build a site to look at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--family", default="encoder")
    parser.add_argument("--corpus")
    for name, value in (("layers", 12), ("heads", 12), ("tokens", None), ("window", None)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    shape = Shape(given.family, given.layers, given.heads, given.tokens, given.window)
    corpus = None
    if given.corpus:
        from attnatlas.corpus import load_corpus

        corpus = load_corpus(given.corpus)
    made = build(given.output, shape, corpus, Path("/tmp/attnatlas-assets"))
    for page in made.pages:
        print(made.path(page))


if __name__ == "__main__":
    main()
