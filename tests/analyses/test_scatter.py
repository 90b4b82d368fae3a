"""Words scatter where the source makes no sense: corrupted texts against good ones, really read."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from attnatlas.analyses.alignment.pairs import pair_of_capture
from attnatlas.analyses.translation.spread import scattered, spread
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, load_corpus
from attnatlas.models import load_model, resolve_model

TEXTS = 20


def corrupted(record: Record, draw: random.Random) -> Record:
    """Return a record whose words have their letters in random order."""
    words = (draw.sample(word, len(word)) for word in record.text.rstrip(".").split())
    return replace(record, text=f"{' '.join(map(''.join, words))}.")


@pytest.fixture(scope="module")
def weights() -> dict[str, list[np.ndarray]]:
    """Return what words look at, [target, source], in good and in corrupted texts."""
    draw, settings = random.Random(11), Settings(batch_size=20)
    rows = load_corpus("translation").records[:TEXTS]
    bare = {"target": None, "words": (), "target_words": (), "alignment": None}
    good = [replace(row, **bare) for row in rows]
    model = load_model(resolve_model("en-fr", settings), settings)
    found = {}
    for name, records in (("good", good), ("bad", [corrupted(row, draw) for row in good])):
        read = [one for _, one in capture_records(model, records, settings)]
        pairs = [pair_of_capture(one) for one in read if isinstance(one, Capture)]
        found[name] = [pair.attention["written"][-1] for pair in pairs if pair and pair.target]
    return found


def area(good: list[float], bad: list[float]) -> float:
    """Return how often a bad text has more than a good one, ties half: the area under the curve."""
    return float(np.mean([(b > g) + 0.5 * (b == g) for g in good for b in bad]))


@pytest.mark.parametrize("measure", [spread, lambda part: float(scattered(part).mean())])
def test_corrupted_texts_spread_more_than_good_ones(weights, measure):
    good, bad = ([measure(part) for part in weights[name]] for name in ("good", "bad"))
    assert len(good) == len(bad) == TEXTS
    draw = np.random.default_rng(0)
    drawn = [
        area(list(draw.choice(good, TEXTS)), list(draw.choice(bad, TEXTS))) for _ in range(400)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    found = area(good, bad)
    print(f"AUC {found:.2f} ({low:.2f} to {high:.2f})")
    assert found > 0.8
    assert low > 0.65
