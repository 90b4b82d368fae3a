"""Read the training and test sets: gzipped tab-separated files, one folder per set."""

import csv
import gzip
import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SENTIMENT_SETS = ("uci_sentiment", "sentence_polarity", "product_reviews", "pros_cons")
PARAGRAPH_WORDS = 80


class Labelled(NamedTuple):
    """A review sentence, its label (0 negative, 1 positive) and the set it comes from."""

    text: str
    label: int
    source: str


def rows(file: Path) -> Iterator[list[str]]:
    """Yield the cells of each row of a gzipped tab-separated file."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)


def pairs(data: Path, split: str, folder: str = "tatoeba_enfr") -> list[tuple[str, str]]:
    """Read sentence pairs (English, French)."""
    return [(row[0], row[1]) for row in rows(data / folder / f"{split}.tsv.gz")]


def labelled(data: Path, folder: str, split: str) -> list[Labelled]:
    """Read the review sentences of one set, leaving out those with mixed labels."""
    found = rows(data / folder / f"{split}.tsv.gz")
    return [Labelled(row[1], int(row[0]), folder) for row in found if row[0] in ("0", "1")]


def sentences(data: Path, split: str) -> list[str]:
    """Read the English side of the sentence pairs, each sentence once."""
    return list(dict.fromkeys(english for english, _ in pairs(data, split)))


def reviews(data: Path, split: str, folders: tuple[str, ...] = SENTIMENT_SETS) -> list[str]:
    """Read the text of the review sets, whatever its label."""
    return [row[1] for name in folders for row in rows(data / name / f"{split}.tsv.gz")]


def books(data: Path, split: str) -> list[str]:
    """Read the novels in pieces of at most 80 words; one paragraph in a hundred is for testing."""
    pieces = []
    for _, paragraph in rows(data / "standardebooks" / "paragraphs.tsv.gz"):
        bucket = hashlib.md5(paragraph.encode(), usedforsecurity=False).digest()[0] % 100
        if (bucket == 0) == (split == "test"):
            words = paragraph.split(" ")
            starts = range(0, len(words), PARAGRAPH_WORDS)
            pieces += [" ".join(words[at : at + PARAGRAPH_WORDS]) for at in starts]
    return pieces


def english(data: Path, split: str) -> dict[str, list[str]]:
    """Read all English text for language modelling, by kind."""
    return {
        "sentences": sentences(data, split),
        "reviews": reviews(data, split),
        "films": reviews(data, split, ("movie_reviews_weak",)),
        "books": books(data, split),
    }


def mixture(texts: dict[str, list[str]], shares: dict[str, float], seed: int) -> list[str]:
    """Draw a shuffled epoch: each kind of text repeated or sampled to its share."""
    chance = random.Random(seed)  # noqa: S311
    drawn = []
    for kind, share in shares.items():
        whole, rest = divmod(share, 1)
        drawn += texts[kind] * int(whole)
        drawn += chance.sample(texts[kind], int(rest * len(texts[kind])))
    chance.shuffle(drawn)
    return drawn
