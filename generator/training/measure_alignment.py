"""Word alignment by cross-attention, against gold links: alignment error rate."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..array_types import Doubles, Integers
from ..corpus import alignment_links, group_of, load_corpus
from ..statistics.splits import Group, GroupSplitter
from .measure import RESAMPLES, Figure, interval
from .measure_heads import translation_maps

Span = tuple[int, int]


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


def probe_gold(data: Path) -> list[Gold]:
    """Read the gold links of the adjective-noun probe."""
    file = data / "authored_adjnoun" / "test_align.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        cases = [json.loads(line) for line in lines]
    return [
        Gold(case["en"], case["fr"], case["en_words"], case["fr_words"], links, links)
        for case in cases
        for links in [{(source, target) for source, target in case["align"]}]
    ]


def spans(text: str, words: list[str]) -> list[Span]:
    """Find the words in the text, one after the other."""
    found, at = [], 0
    for word in words:
        start = text.lower().index(word.lower(), at)
        at = start + len(word)
        found.append((start, at))
    return found


def membership(tokenizer: Any, text: str, words: list[str]) -> Doubles:
    """Tell which tokens belong to which word: [word, token], each row summing to 1."""
    offsets = tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
    table = np.zeros((len(words), len(offsets)))
    for row, (start, end) in enumerate(spans(text, words)):
        for column, (begin, stop) in enumerate(offsets):
            table[row, column] = max(0, min(end, stop) - max(start, begin)) > 0
    return table


def links(model: Any, tokenizer: Any, gold: Gold, predicting: bool) -> Integers:
    """Choose each target word's source word by each head and layer mean: [layer, head + 1, word].

    Attention is taken where the word's tokens are predicted, or one place later, where they are
    read; the last entry of `head` is the mean of the layer's heads.
    """
    cross = translation_maps(model, tokenizer, gold.source, gold.target)[-1].weights
    cross = np.concatenate([cross, cross.mean(axis=1, keepdims=True)], axis=1)
    if not predicting:
        cross = np.concatenate([cross[:, :, 1:], cross[:, :, -1:]], axis=2)
    read = membership(tokenizer, gold.source, gold.source_words)
    said = membership(tokenizer, gold.target, gold.target_words)
    said = said / np.maximum(said.sum(axis=1, keepdims=True), 1)
    words = np.einsum("tq,lhqk,sk->lhts", said, cross, read)
    chosen: Integers = words.argmax(axis=-1)
    return chosen


def diagonal(gold: Gold) -> Integers:
    """Choose for each target word the source word at the same relative place: [word]."""
    last = len(gold.source_words) - 1
    steps = max(1, len(gold.target_words) - 1)
    return np.array([round(at * last / steps) for at in range(len(gold.target_words))])


def counts(gold: Gold, chosen: Integers) -> Integers:
    """Tally the links that give each target word one source word."""
    return tally(gold, {(int(source), target) for target, source in enumerate(chosen)})


def tally(gold: Gold, made: set[tuple[int, int]]) -> Integers:
    """Count sure hits, possible hits, links made and sure links, [4]."""
    return np.array([len(made & gold.sure), len(made & gold.possible), len(made), len(gold.sure)])


def error_rate(found: Integers) -> Any:
    """Return the alignment error rate of counts [..., 4]."""
    return 1 - (found[..., 0] + found[..., 1]) / (found[..., 2] + found[..., 3])


def figure(name: str, found: Integers, about: str) -> Figure:
    """Pool the counts of sentences [sentence, 4]; bootstrap over sentences."""
    at = np.random.default_rng(0).integers(0, len(found), (RESAMPLES, len(found)))
    low, high = interval(error_rate(found[at].sum(axis=1)))
    return Figure(name, float(error_rate(found.sum(axis=0))), low, high, len(found), about)


def tables(model: Any, tokenizer: Any, cases: list[Gold], predicting: bool) -> Integers:
    """Count links of every head and layer mean: [layer, head + 1, sentence, 4]."""
    per = []
    for gold in cases:
        chosen = links(model, tokenizer, gold, predicting)
        per.append([[counts(gold, row) for row in layer] for layer in chosen])
    return np.moveaxis(np.array(per), 0, 2)


def split_half(cases: list[Gold]) -> tuple[list[int], list[int]]:
    """Deal sentences to two halves in turn; near copies go where the first of them went."""
    splitter = GroupSplitter()
    parts = [int(splitter.part(gold.group)[0]) for gold in cases]
    first, second = ([at for at, part in enumerate(parts) if part == half] for half in (0, 1))
    return first, second


def alignment_figures(name: str, model: Any, tokenizer: Any, cases: list[Gold]) -> list[Figure]:
    """Choose the best head on one half of the sentences; report all on the other."""
    choosing, telling = split_half(cases)
    predicting = tables(model, tokenizer, cases, True)
    reading = tables(model, tokenizer, cases, False)
    flat = np.array([counts(gold, diagonal(gold)) for gold in cases])
    found = []
    for label, table in (("predicting", predicting), ("reading", reading)):
        rates = error_rate(table[:, :-1, choosing].sum(axis=2))
        layer, head = np.unravel_index(rates.argmin(), rates.shape)
        about = f"L{layer}H{head}, chosen on the other half"
        found.append(figure(f"aer.{name}.{label}.head", table[layer, head, telling], about))
        for layer in range(table.shape[0]):
            about = f"mean of the heads of layer {layer}"
            found.append(figure(f"aer.{name}.{label}.L{layer}", table[layer, -1, telling], about))
    return [*found, figure(f"aer.{name}.diagonal", flat[telling], "same relative place")]
