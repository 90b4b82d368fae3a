"""How often a gap is found: of a planted gender rule, of shuffled labels, of fresh weights.

`python -m benchmarks.gaps` prints a row for each, in about two minutes.
"""

from __future__ import annotations

from collections import Counter

import torch

from tests.analyses.controls.gendered import gap

SEEDS = 20
KINDS = (("planted", 60), ("shuffled", 60), ("shuffled", 240), ("untrained", 0))
"""What classifiers were trained on, and for how many steps."""


def verdicts() -> list[tuple[str, int, Counter[str]]]:
    """Return how often each word stands beside the gap, over the seeds."""
    torch.set_num_threads(1)
    return [
        (kind, steps, Counter(gap(kind, seed, steps).level for seed in range(SEEDS)))
        for kind, steps in KINDS
    ]


if __name__ == "__main__":
    for kind, steps, words in verdicts():
        print(kind, steps, dict(words))
