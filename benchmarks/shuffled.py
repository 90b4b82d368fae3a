"""Corpora whose words stand in random order: what a reader would understand of a text is gone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from attnatlas.corpus import Corpus, Record, corpus_from_records
from attnatlas.corpus.alignment import alignment_links
from attnatlas.corpus.spans import word_spans


def shuffled_corpus(corpus: Corpus) -> Corpus:
    """Return a corpus whose texts, and their translations, have their words in random order."""
    made = corpus_from_records([shuffled_record(one) for one in corpus.records])
    return replace(made, name=corpus.name)


def shuffled_record(record: Record) -> Record:
    """Return a record with its words in an order of its own, always the same one.

    Trees and links move with the words. What is marked by where it stands (a mention, its
    candidates, aspects) may be torn apart, and is left out.
    """
    drawn = random.Random(record.id)
    words, order = _shuffled(record.text, record.words, drawn)
    target, moved = _shuffled(record.target or "", record.target_words, drawn)
    links = [
        f"{order.index(one.source)}{'-' if one.sure else 'p'}{moved.index(one.target)}"
        for one in alignment_links(record.alignment or "")
    ]
    return Record(
        id=record.id,
        text=" ".join(words),
        target=" ".join(target) or None,
        label=record.label,
        tags=record.tags,
        contrast=record.contrast,
        group=record.group,
        variant=record.variant,
        alignment=" ".join(links) or None,
        words=tuple(words) if record.words else (),
        target_words=tuple(target) if record.target_words else (),
        upos=tuple(record.upos[at] for at in order) if record.upos else (),
        head=_heads(record.head, order) if record.head else (),
        deprel=tuple(record.deprel[at] for at in order) if record.deprel else (),
    )


def _shuffled(text: str, words: Sequence[str], drawn: random.Random) -> tuple[list[str], list[int]]:
    """Return the words of a text in random order, and the former place of each."""
    found = [span.text for span in word_spans(text, words)]
    order = drawn.sample(range(len(found)), len(found))
    return [found[at] for at in order], order


def _heads(heads: Sequence[int], order: Sequence[int]) -> tuple[int, ...]:
    """Return the heads of words in a new order; words are counted from 1, and 0 is the root."""
    return tuple(order.index(heads[at] - 1) + 1 if heads[at] else 0 for at in order)
