"""Texts to show: records, the files they come from, and the corpora that come with the package."""

from __future__ import annotations

from .alignment import Link, alignment_links
from .chat import BETWEEN, Message
from .distinct import distinct, files_apart, given_once, names_apart, tails
from .groups import GroupKey, across_corpora, group_key
from .load import TASKS, corpus_from_records, load_corpora, load_corpus
from .options import PLAIN, ReadOptions, read_options
from .record import (
    Corpus,
    Record,
    Skipped,
    cluster_of,
    group_of,
    record_from_json,
    record_to_json,
)
from .sources import bundled_corpora
from .spans import RecordError, Span, Window, find_span, word_spans
from .windows import cut_record, scoped, whole_id

__all__ = [
    "BETWEEN",
    "PLAIN",
    "TASKS",
    "Corpus",
    "GroupKey",
    "Link",
    "Message",
    "ReadOptions",
    "Record",
    "RecordError",
    "Skipped",
    "Span",
    "Window",
    "across_corpora",
    "alignment_links",
    "bundled_corpora",
    "cluster_of",
    "corpus_from_records",
    "cut_record",
    "distinct",
    "files_apart",
    "find_span",
    "given_once",
    "group_key",
    "group_of",
    "load_corpora",
    "load_corpus",
    "names_apart",
    "read_options",
    "record_from_json",
    "record_to_json",
    "scoped",
    "tails",
    "whole_id",
    "word_spans",
]
