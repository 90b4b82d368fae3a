"""One translation of each sentence that has several: the one most like the others.

Taught several, a small model spreads its odds over all of them; taught one, it keeps to it.
"""

import math
import re
from collections import Counter
from itertools import pairwise

Grams = Counter[tuple[str, ...]]

FAMILIAR = 0.02
"""What a nat of familiarity weighs beside likeness, so that it decides between two only."""


def central(pairs: list[tuple[str, str]]) -> list[int]:
    """List where each source text stands with its most central translation, in order."""
    counts = Counter(word for _, target in pairs for word in words(target))
    places: dict[str, list[int]] = {}
    for at, (source, _) in enumerate(pairs):
        places.setdefault(source, []).append(at)
    return [some[most_central([pairs[at][1] for at in some], counts)] for some in places.values()]


def most_central(texts: list[str], counts: Counter[str]) -> int:
    """Find the text most like the others; of two, the one with the more familiar words."""
    if len(texts) == 1:
        return 0
    found = [grams(text) for text in texts]
    likeness = [
        sum(alike(one, other) for other in found) + FAMILIAR * familiar(text, counts)
        for one, text in zip(found, texts, strict=True)
    ]
    return likeness.index(max(likeness))


def words(text: str) -> list[str]:
    """Split a text into lower-case words and marks."""
    return re.findall(r"\w+|[^\w\s]", text.lower())


def grams(text: str) -> Grams:
    """Count the words and pairs of words of a text."""
    found = words(text)
    return Counter([(word,) for word in found] + list(pairwise(found)))


def alike(one: Grams, other: Grams) -> float:
    """Return the share of words and pairs that two texts have in common (Dice), 0 to 1."""
    return 2 * (one & other).total() / (one.total() + other.total())


def familiar(text: str, counts: Counter[str]) -> float:
    """Return the mean log count (nats) of the words of a text."""
    found = words(text)
    return sum(math.log(counts[word]) for word in found) / len(found)
