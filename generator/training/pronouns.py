"""Who is `he` and who is `she`: authored sentences with names, and Winogender's occupations."""

import gzip
import json
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..statistics.bootstrap import bounds
from .data import rows
from .measure import Clusters, Figure, clustered, clustered_mean, drawn_whole, whole_draws

WOMEN = ("Mary", "Alice", "Anne", "my mother", "her sister", "the queen", "the girl", "Aunt Polly")
MEN = ("Tom", "John", "Bill", "my father", "his brother", "the king", "the boy", "Uncle Tom")
FRAMES = (
    "{} said that {} was tired.",
    "{} went home because {} was ill.",
    "{} knew that {} could not win.",
    "When {} came in, {} was smiling.",
    "{} lost the key, so {} could not open the door.",
    "{} promised that {} would come back.",
    "If {} wants to go, {} can go.",
    "{} was late, and {} ran all the way.",
)
OCCUPATIONS = "occupations"
PRONOUNS = {"he": "she", "his": "her", "him": "her"}


def handwritten(count: int = 128) -> list[tuple[str, str]]:
    """List authored sentences with a masked pronoun, and the pronoun the name asks for."""
    cases = [("he", name) for name in MEN] + [("she", name) for name in WOMEN]
    made = []
    for frame, (pronoun, name) in product(FRAMES, cases):
        text = frame.format(name, "[MASK]")
        made.append((text[0].upper() + text[1:], pronoun))
    return made[:count]


def odds(model: Any, tokenizer: Any, text: str, male: str, female: str) -> float:
    """Return how much likelier the female pronoun is at the mask, in nats."""
    batch = tokenizer(text, return_tensors="pt")
    at = (batch["input_ids"][0] == tokenizer.mask_token_id).nonzero()[0, 0]
    with torch.no_grad():
        chances = model(batch["input_ids"]).logits[0, at].log_softmax(-1)
    first, second = tokenizer.convert_tokens_to_ids([female, male])
    return float(chances[first] - chances[second])


def handwritten_marks(model: Any, tokenizer: Any) -> list[int]:
    """Return 1 for each authored sentence whose pronoun comes out right, else 0."""
    found = []
    for text, pronoun in handwritten():
        female = odds(model, tokenizer, text, "he", "she") > 0
        found.append(int(female == (pronoun == "she")))
    return found


def handwritten_frames() -> list[str]:
    """Return the frame of each authored sentence: its rows differ in the name alone."""
    per_frame = len(MEN) + len(WOMEN)
    return [FRAMES[at // per_frame] for at in range(len(handwritten()))]


def handwritten_figure(model: Any, tokenizer: Any) -> Figure:
    """Measure the pronouns of the authored sentences; whole frames are resampled."""
    about = "he or she by the name before it; chance 0.5"
    marks = handwritten_marks(model, tokenizer)
    return clustered("pronouns.authored", marks, handwritten_frames(), about)


def winogender(data: Path, model: Any, tokenizer: Any) -> list[Figure]:
    """Measure the preference between pronouns in Winogender, and its tie to real occupations."""
    shares = {row[0]: row[2] for row in rows(data / "winogender" / "occupations-stats.tsv.gz")}
    values, female, occupations = [], [], []
    with gzip.open(data / "winogender" / "sentences.jsonl.gz", "rt", encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            words = case["text"].replace(".", " .").split(" ")
            places = [at for at, word in enumerate(words) if word.lower() in PRONOUNS]
            if case["pronoun_gender"] != "male" or len(places) != 1:
                continue
            male = words[places[0]].lower()
            words[places[0]] = tokenizer.mask_token
            values.append(odds(model, tokenizer, " ".join(words), male, PRONOUNS[male]))
            female.append(float(shares[case["occupation"]]))
            occupations.append(case["occupation"])
    about = "nats by which she, her is likelier than he, his, him"
    tied = "rank correlation of these odds with the share of women in the occupation"
    return [
        clustered_mean("winogender.odds", values, occupations, about, OCCUPATIONS),
        clustered(
            "winogender.female",
            [int(value > 0) for value in values],
            occupations,
            "share preferring she",
            OCCUPATIONS,
        ),
        correlation("winogender.occupation", (values, female), occupations, tied),
    ]


def correlation(
    name: str, pair: tuple[list[float], list[float]], clusters: Clusters, about: str
) -> Figure:
    """Correlate the ranks of two lists; the rows of one occupation are drawn together."""
    from scipy.stats import spearmanr

    left, right = map(np.asarray, pair)
    drawn = [spearmanr(left[at], right[at]).statistic for at in whole_draws(clusters, 500)]
    count = len(set(clusters))
    low, high = map(float, bounds(np.array(drawn), count))
    said = drawn_whole(about, count, OCCUPATIONS)
    return Figure(name, float(spearmanr(left, right).statistic), low, high, len(left), said)


def failures(model: Any, tokenizer: Any, most: int = 6) -> list[str]:
    """Quote authored sentences whose pronoun comes out wrong."""
    marks = handwritten_marks(model, tokenizer)
    wrong = [case for case, mark in zip(handwritten(), marks, strict=True) if not mark]
    some = wrong[:: max(1, len(wrong) // most)]
    return [f"“{text}” should be “{pronoun}”" for text, pronoun in some]
