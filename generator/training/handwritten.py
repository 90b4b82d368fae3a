"""Write review sentences with negation and contrast; training and test rows share no template."""

import random
import re
from dataclasses import dataclass

from .data import Labelled
from .frames import ALIKE, FILLERS, FRAGMENTS, NEGATED, OPPOSED, PLAIN, SUBJECTS, TAILS, TRAIN_WORDS
from .phrases import TEST, TEST_WORDS

NEGATION = 0.55
SHORT, ALONE, CONTRAST = 0.27, 0.36, 0.3
FILLED, PHRASES = 0.12, 0.15
CHOICE = re.compile(r"\(([^()]*)\)")
PREDICATE = re.compile(r"(was|is|isn't|wasn't|been|be|being|not|never|hardly|called|call) {w}")


def lines(listing: str) -> list[str]:
    """Read one entry a line."""
    return [line for line in listing.split("\n") if line]


def written(text: str) -> str:
    """Put `an` before vowels, drop doubled spaces and start with a capital."""
    text = re.sub(r" (?=[,;.])", "", " ".join(text.split()))
    text = re.sub(r"\b([Aa]) (?=[aeio]|u(?!ni(?!n)|se))", r"\1n ", text)
    return text[0].upper() + text[1:]


class Reviews:
    """A seeded source of training sentences: clauses, negated or not, joined or alone."""

    def __init__(self, seed: int, words: dict[str, str] = TRAIN_WORDS) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.words = {name: text.split(", ") for name, text in words.items()}
        self.frames: dict[str, str] = {}  # of each list, the frame that was chosen last

    def expand(self, listing: str) -> str:
        """Choose a frame of a list, then one of each of its choices, the inner ones first."""
        known = [line for line in lines(listing) if "like" in self.words or "{l}" not in line]
        text = self.frames[listing] = self.chance.choice(known)
        while CHOICE.search(text):
            text = CHOICE.sub(lambda found: self.chance.choice(found[1].split("|")), text)
        return text

    def judgements(self, positive: bool, text: str) -> list[str]:
        """Draw two words of one sign, now and then a phrase where the frame has room for it."""
        words = self.chance.sample(self.words["positive" if positive else "negative"], 2)
        if PREDICATE.search(text) and self.chance.random() < PHRASES:
            words[0] = self.chance.choice(self.words["praise" if positive else "blame"])
        return words

    def filled(self, text: str, positive: bool, **clauses: str) -> str:
        """Fill the slots of a frame: {w} and {v} are of the given sign, {x} and {y} are not."""
        (w, v), (x, y) = self.judgements(positive, text), self.judgements(not positive, "")
        thing, other, third = self.chance.sample(self.words["things"], 3)
        subject = self.expand(SUBJECTS).format(s=other, t=third)
        degree = self.chance.choice(["", self.chance.choice(self.words["degrees"])])
        verb = self.chance.choice(self.words.get("like" if positive else "hate", [""]))
        slots = {"u": subject, "s": thing, "t": other, "i": degree, "l": verb, **clauses}
        return text.format(w=w, v=v, x=x, y=y, **slots)

    def clause(self, positive: bool, negation: float = NEGATION) -> str:
        """Compose a clause of the given sign: a negated one holds words of the other sign."""
        negated = self.chance.random() < negation
        text = self.expand(NEGATED if negated else PLAIN)
        return f"{self.filled(text, positive != negated)} {self.expand(TAILS)}".strip()

    def joined(self, listing: str, first: bool, second: bool) -> str:
        """Join a clause of each sign; the later one decides."""
        clauses = {"a": self.clause(first), "b": self.clause(second)}
        return self.filled(self.expand(listing), second, **clauses)

    def sentence(self, positive: bool) -> str:
        """Compose a fragment, or one clause or two; the sign is that of the second."""
        draw = self.chance.random()
        if draw < SHORT:
            text = self.filled(self.expand(FRAGMENTS), positive)
        elif draw < SHORT + ALONE:
            text = self.clause(positive)
        elif draw < SHORT + ALONE + CONTRAST:
            text = self.joined(OPPOSED, not positive, positive)
        else:
            text = self.joined(ALIKE, positive, positive)
        if self.chance.random() < FILLED:
            text = f"{self.expand(FILLERS)} {text}"
        return written(text + self.chance.choice([".", ".", ".", "!", ""]))

    def draw(self, count: int) -> list[Labelled]:
        """Draw sentences, half of them positive."""
        signs = [at % 2 for at in range(count)]
        return [Labelled(self.sentence(bool(sign)), sign, "authored") for sign in signs]


def count(listing: str) -> int:
    """Count the different frames that a list stands for."""

    def ways(text: str) -> set[str]:
        inner = CHOICE.search(text)
        if not inner:
            return {text}
        before, after = text[: inner.start()], text[inner.end() :]
        return set().union(*(ways(before + choice + after) for choice in inner[1].split("|")))

    return len(set().union(*map(ways, lines(listing))))


def reworded_rows(count: int, seed: int) -> list[tuple[str, Labelled]]:
    """Compose negation and contrast in training frames with words that training never saw.

    Each row with the frame that decides its sign: of the clause, of what joins two, or of the
    fragment.
    """
    slots = {"positive": "p", "negative": "n", "praise": "p", "blame": "n"}
    slots |= {"things": "s", "degrees": "i"}
    reviews = Reviews(seed, {name: TEST_WORDS[slot] for name, slot in slots.items()})
    found = []
    for at in range(count):
        positive = bool(at % 2)
        texts = {
            OPPOSED: reviews.joined(OPPOSED, not positive, positive),
            NEGATED: reviews.clause(positive, 1.0),
            FRAGMENTS: reviews.filled(reviews.expand(FRAGMENTS), positive),
        }
        listing = (NEGATED, OPPOSED, FRAGMENTS)[at // 2 % 3]
        row = Labelled(written(texts[listing] + "."), at % 2, "authored")
        found.append((reviews.frames[listing], row))
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
