"""Write review sentences with negation and contrast; training and test rows share no template."""

import random
import re
from dataclasses import dataclass

from .data import Labelled
from .phrases import TEST, TEST_WORDS, TRAIN, TRAIN_WORDS


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with slots: {p} positive word, {n} negative word, {s} {t} things, {i} degree."""

    kind: str
    label: int
    text: str


def templates(listing: str) -> list[Template]:
    """Read one template a line: kind, sign, text."""
    found = []
    for line in filter(None, listing.split("\n")):
        kind, sign, text = line.split(" ", 2)
        found.append(Template(kind, int(sign == "+"), text))
    return found


def fill(template: Template, words: dict[str, list[str]], chance: random.Random) -> str:
    """Fill the slots with different words and start with a capital."""
    chosen = {slot: chance.sample(words[slot], 2) for slot in "pnsi"}
    text = template.text.format(
        p=chosen["p"][0],
        q=chosen["p"][1],
        n=chosen["n"][0],
        m=chosen["n"][1],
        s=chosen["s"][0],
        t=chosen["s"][1],
        i=chosen["i"][0],
    )
    text = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", text)
    return text[0].upper() + text[1:]


def training_rows(count: int, seed: int) -> list[Labelled]:
    """Draw training sentences evenly from the training templates."""
    return [row for _, row in draw(TRAIN, TRAIN_WORDS, count, seed)]


def unseen_rows(count: int, seed: int) -> list[tuple[str, Labelled]]:
    """Draw test sentences with their kind, from templates and words that training never sees."""
    return draw(TEST, TEST_WORDS, count, seed)


def draw(listing: str, words: dict[str, str], count: int, seed: int) -> list[tuple[str, Labelled]]:
    """Draw different sentences, going round the templates."""
    chance, choices = random.Random(seed), templates(listing)  # noqa: S311
    slots = {slot: text.split(", ") for slot, text in words.items()}
    found: dict[str, tuple[str, Labelled]] = {}
    for turn in range(20 * count):
        template = choices[turn % len(choices)]
        text = fill(template, slots, chance)
        found.setdefault(text, (template.kind, Labelled(text, template.label, "authored")))
        if len(found) == count:
            break
    return list(found.values())
