"""Word alignment by cross-attention, against gold links: alignment error rate."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..analyses.alignment.pairs import word_attention
from ..array_types import Integers
from ..corpus import Span, alignment_links, group_of, load_corpus
from ..statistics.alignment import Gold as GoldLinks
from ..statistics.alignment import chosen, diagonal, error_rate, pooled, tally
from ..statistics.splits import Group
from .grammar import frame_of
from .measure import Clusters, Figure, alone, drawn_whole, halves
from .measure_heads import translation_maps


@dataclass(frozen=True, slots=True)
class Gold:
    """A sentence pair with its words and its sure and possible links (source, target)."""

    source: str
    target: str
    source_words: list[str]
    target_words: list[str]
    sure: set[tuple[int, int]]
    possible: set[tuple[int, int]]
    group: Group | None = None

    @property
    def links(self) -> GoldLinks:
        """Return its links alone."""
        return GoldLinks(frozenset(self.sure), frozenset(self.possible))


def corpus_gold(name: str = "translation") -> list[Gold]:
    """Read the gold links of a bundled corpus."""
    found = []
    for record in load_corpus(name).records:
        if record.target and record.alignment:
            links = alignment_links(record.alignment)
            both = {(link.source, link.target) for link in links}
            sure = {(link.source, link.target) for link in links if link.sure}
            words = list(record.words) or record.text.split()
            said = list(record.target_words) or record.target.split()
            found.append(
                Gold(record.text, record.target, words, said, sure, both, group_of(record))
            )
    return found


def probe_cases(data: Path) -> list[dict[str, Any]]:
    """Read the adjective-noun probe: sentence pairs, their words and links."""
    file = data / "authored_adjnoun" / "test_align.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def probe_gold(data: Path) -> list[Gold]:
    """Read the gold links of the adjective-noun probe."""
    return [
        Gold(case["en"], case["fr"], case["en_words"], case["fr_words"], links, links, group)
        for case in probe_cases(data)
        for links in [{(source, target) for source, target in case["align"]}]
        for group in [("frame", frame_of(case["en"]))]
    ]


def spans(text: str, words: list[str]) -> tuple[Span, ...]:
    """Find the words in the text, one after the other, whatever their case."""
    found, at = [], 0
    for word in words:
        start = text.lower().index(word.lower(), at)
        at = start + len(word)
        found.append(Span(text[start:at], start))
    return tuple(found)


def counted(model: Any, tokenizer: Any, gold: Gold, predicting: bool) -> Integers:
    """Count the links of each head and layer mean in one sentence: [layer, head + 1, 4].

    A target word goes by the rows in which its tokens are predicted, or by those that read them.
    """
    cross = translation_maps(model, tokenizer, gold.source, gold.target)[-1]
    source, target = spans(gold.source, gold.source_words), spans(gold.target, gold.target_words)
    reading = "written" if predicting else "read"
    weights = word_attention(cross, source, target, reading)[:-1]  # but the mean of all heads
    found = np.stack([tally(gold.links, chosen(way)) for way in weights])
    heads = cross.layers * cross.heads
    parts = found[:heads].reshape(cross.layers, cross.heads, 4), found[heads:, None]
    both: Integers = np.concatenate(parts, axis=1)
    return both


def figure(name: str, found: Integers, clusters: Clusters, about: str) -> Figure:
    """Pool the counts of sentences [sentence, 4]; clusters of them are drawn whole."""
    rate = pooled(list(found), clusters)
    if rate.interval is None:
        raise ValueError(f"{name}: fewer than five clusters have no interval")
    said = about if rate.clusters == rate.n else drawn_whole(about, rate.clusters, "frames")
    return Figure(name, rate.value, *rate.interval, rate.n, said)


def tables(model: Any, tokenizer: Any, cases: list[Gold], predicting: bool) -> Integers:
    """Count links of every head and layer mean: [layer, head + 1, sentence, 4]."""
    per = [counted(model, tokenizer, gold, predicting) for gold in cases]
    return np.stack(per, axis=2)


def alignment_figures(name: str, model: Any, tokenizer: Any, cases: list[Gold]) -> list[Figure]:
    """Choose the best head on one half of the sentences; report all on the other."""
    choosing, telling = halves([gold.group for gold in cases])
    every = alone([gold.group for gold in cases])
    clusters = [every[at] for at in telling]
    predicting = tables(model, tokenizer, cases, True)
    reading = tables(model, tokenizer, cases, False)
    flat = np.array(
        [
            tally(gold.links, diagonal(len(gold.source_words), len(gold.target_words)))
            for gold in cases
        ]
    )
    found = []
    for label, table in (("predicting", predicting), ("reading", reading)):
        rates = error_rate(table[:, :-1, choosing].sum(axis=2))
        layer, head = divmod(int(rates.argmin()), rates.shape[1])
        about = f"L{layer}H{head}, chosen on the other half"
        counts = table[layer, head, telling]
        found.append(figure(f"aer.{name}.{label}.head", counts, clusters, about))
        for layer in range(table.shape[0]):
            about = f"mean of the heads of layer {layer}"
            counts = table[layer, -1, telling]
            found.append(figure(f"aer.{name}.{label}.L{layer}", counts, clusters, about))
    return [*found, figure(f"aer.{name}.diagonal", flat[telling], clusters, "same relative place")]
