"""Write review sentences with negation and contrast; training and test rows share no template."""

import random
import re
from dataclasses import dataclass

from .data import Labelled
from .phrases import ALIKE, FRAGMENTS, NEGATED, OPPOSED, PLAIN, TEST, TEST_WORDS, TRAIN_WORDS

NEGATION, CONTRAST, SHORT = 0.6, 0.5, 0.25


def lines(listing: str) -> list[str]:
    """Read one entry a line."""
    return [line for line in listing.split("\n") if line]


def written(text: str) -> str:
    """Put `an` before vowels, drop doubled spaces and start with a capital."""
    text = re.sub(r"\b([Aa]) (?=[aeiou])", r"\1n ", " ".join(text.split()))
    return text[0].upper() + text[1:]


class Reviews:
    """A seeded source of training sentences: clauses, negated or not, joined or alone."""

    def __init__(self, seed: int, words: dict[str, str] = TRAIN_WORDS) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.words = {name: text.split(", ") for name, text in words.items()}

    def clause(self, positive: bool, negation: float = NEGATION) -> str:
        """Compose a clause of the given sign: a negated one holds words of the other sign."""
        negated = self.chance.random() < negation
        words = self.words["positive" if positive != negated else "negative"]
        first, second = self.chance.sample(words, 2)
        thing, other = self.chance.sample(self.words["things"], 2)
        subject = self.chance.choice(self.words["subjects"]).format(s=thing, t=other)
        degree = self.chance.choice(["", self.chance.choice(self.words["degrees"])])
        text = self.chance.choice(lines(NEGATED if negated else PLAIN))
        clause = text.format(u=subject, w=first, v=second, s=thing, i=degree)
        return f"{clause} {self.chance.choice(self.words['tails'])}".strip()

    def fragment(self, positive: bool) -> str:
        """Compose a short sentence that sets words of one sign against words of the other."""
        same, other = ("positive", "negative") if positive else ("negative", "positive")
        (w, v), (x, y) = (self.chance.sample(self.words[sign], 2) for sign in (same, other))
        thing, second = self.chance.sample(self.words["things"], 2)
        subject = self.chance.choice(self.words["subjects"]).format(s=thing, t=second)
        text = self.chance.choice(lines(FRAGMENTS))
        degree = self.chance.choice(self.words["degrees"])
        return text.format(w=w, v=v, x=x, y=y, s=thing, u=subject, i=degree)

    def sentence(self, positive: bool) -> str:
        """Compose a fragment, or one clause or two; the sign is that of the second."""
        if self.chance.random() < SHORT:
            return written(self.fragment(positive) + self.chance.choice([".", "!", ""]))
        text = self.clause(positive)
        if self.chance.random() < CONTRAST:
            opposed = self.chance.random() < 0.7
            join = self.chance.choice(lines(OPPOSED if opposed else ALIKE))
            text = join.format(a=self.clause(positive != opposed), b=text)
        return written(text + self.chance.choice([".", ".", ".", "!", ""]))

    def draw(self, count: int) -> list[Labelled]:
        """Draw sentences, half of them positive."""
        signs = [at % 2 for at in range(count)]
        return [Labelled(self.sentence(bool(sign)), sign, "authored") for sign in signs]


def reworded_rows(count: int, seed: int) -> list[Labelled]:
    """Compose negation and contrast in training frames with words that training never saw."""
    unseen = {"positive": "p", "negative": "n", "things": "s", "degrees": "i"}
    words = TRAIN_WORDS | {name: TEST_WORDS[slot] for name, slot in unseen.items()}
    reviews, found = Reviews(seed, words), []
    for at in range(count):
        positive = bool(at % 2)
        other = reviews.clause(not positive, 0.5)
        joined = reviews.chance.choice(lines(OPPOSED)).format(a=other, b=reviews.clause(positive))
        negated, fragment = reviews.clause(positive, 1.0), reviews.fragment(positive)
        text = (negated, joined, fragment)[at // 2 % 3]
        found.append(Labelled(written(text + "."), at % 2, "authored"))
    return found


@dataclass(frozen=True, slots=True)
class Template:
    """A test sentence with slots: {p} {q} positive, {n} {m} negative, {s} thing, {i} degree."""

    kind: str
    label: int
    text: str


def templates(listing: str) -> list[Template]:
    """Read templates: kind, sign, text."""
    cells = [line.split(" ", 2) for line in lines(listing)]
    return [Template(kind, int(sign == "+"), text) for kind, sign, text in cells]


def fill(template: Template, words: dict[str, list[str]], chance: random.Random) -> str:
    """Fill the slots with different words."""
    (p, q), (n, m) = chance.sample(words["p"], 2), chance.sample(words["n"], 2)
    thing, degree = chance.choice(words["s"]), chance.choice(words["i"])
    return written(template.text.format(p=p, q=q, n=n, m=m, s=thing, i=degree))


def unseen_rows(count: int, seed: int, listing: str = TEST) -> list[tuple[Template, Labelled]]:
    """Draw different test sentences with their templates, going round the templates."""
    chance, choices = random.Random(seed), templates(listing)  # noqa: S311
    words = {slot: text.split(", ") for slot, text in TEST_WORDS.items()}
    found: dict[str, tuple[Template, Labelled]] = {}
    for turn in range(20 * count):
        template = choices[turn % len(choices)]
        text = fill(template, words, chance)
        found.setdefault(text, (template, Labelled(text, template.label, "authored")))
        if len(found) == count:
            break
    return list(found.values())
