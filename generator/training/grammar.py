"""Write English-French sentences whose adjectives, nouns and articles must agree."""

import hashlib
import random
from dataclasses import dataclass

from ..analyses.translation.french import english_plural, french_plural
from .lexicon import ADJECTIVES, BEFORE, NOUNS, PERSONS, PLACES, TRANSITIVE, VOWELS

HELD_OUT = 6  # percent of all adjective-noun combinations, chosen by hash


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun in both languages; the gender is the French one."""

    english: str
    french: str
    feminine: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase in both languages, and the French words that must agree in it."""

    english: str
    french: str
    agreeing: tuple[str, ...]
    combination: tuple[str, str]
    held_out: bool


def table(text: str) -> list[list[str]]:
    """Read one entry a line, cells between spaces, underscores for spaces."""
    return [[cell.replace("_", " ") for cell in line.split()] for line in text.split("\n") if line]


def nouns() -> list[Noun]:
    """List the things."""
    return [Noun(english, french, gender == "f") for english, french, gender in table(NOUNS)]


def persons() -> list[Noun]:
    """List the person nouns, each once for men and once for women."""
    both = table(PERSONS)
    men = [Noun(english, male, False) for english, male, _ in both]
    return men + [Noun(english, female, True) for english, _, female in both]


def held_out(adjective: str, noun: str) -> bool:
    """Tell whether this combination is kept for testing: never trained on, whatever the frame."""
    digest = hashlib.md5(f"{adjective} {noun}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big") % 100 < HELD_OUT


def inflect(adjective: list[str], feminine: bool, plural: bool, vowel: bool) -> str:
    """Choose the French form: beau, bel (before a vowel), belle, beaux, belles."""
    _, male, female, liaison = adjective
    masculine = liaison if vowel and not plural and liaison != "-" else male
    form = female if feminine else masculine
    return french_plural(form) if plural else form


def determiner(name: str, feminine: bool, plural: bool, word: str, before: bool) -> str:
    """Return the French determiner, with its space unless it is elided."""
    vowel, at = word[0] in VOWELS, 2 if plural else int(feminine)
    if name == "the" and vowel and not plural:
        return "l'"
    if name == "a" and plural:
        return ("d'" if vowel else "de ") if before else "des "
    if vowel and not plural and name in ("my", "his", "her"):
        return {"my": "mon ", "his": "son ", "her": "son "}[name]
    if name == "this" and vowel and not plural and not feminine:
        return "cet "
    forms = {
        "the": "le la les",
        "a": "un une -",
        "this": "ce cette ces",
        "my": "mon ma mes",
        "his": "son sa ses",
        "her": "son sa ses",
        "our": "notre notre nos",
    }
    return forms[name].split()[at] + " "


def english_determiner(name: str, plural: bool, word: str) -> str:
    """Return the English determiner, with its space."""
    if name == "a":
        return "" if plural else ("an " if word[0] in "aeiouAE" else "a ")
    return {"this": "these "}.get(name, name + " ") if plural else name + " "


def phrase(name: str, adjective: list[str], noun: Noun, plural: bool) -> Phrase:
    """Build one noun phrase in both languages."""
    before = adjective[0] in BEFORE
    thing = french_plural(noun.french) if plural else noun.french
    form = inflect(adjective, noun.feminine, plural, before and noun.french[0] in VOWELS)
    words = [form, thing] if before else [thing, form]
    article = determiner(name, noun.feminine, plural, words[0], before)
    things = english_plural(noun.english) if plural else noun.english
    english = f"{english_determiner(name, plural, adjective[0])}{adjective[0]} {things}"
    combination = (adjective[0], noun.english)
    unseen = held_out(*combination)
    return Phrase(english, article + " ".join(words), (form, thing), combination, unseen)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence pair with its kind, the French words a right translation must hold, its frame."""

    english: str
    french: str
    kind: str
    agreeing: tuple[str, ...]
    held_out: bool
    frame: str


class Grammar:
    """A seeded source of sentence pairs."""

    def __init__(self, seed: int, avoid: frozenset[tuple[str, str]] = frozenset()) -> None:
        self.chance, self.avoid = random.Random(seed), avoid  # noqa: S311
        self.nouns, self.persons = nouns(), persons()
        self.adjectives = table(ADJECTIVES)

    def noun_phrase(self, names: str, plural: bool) -> Phrase:
        """Draw a noun phrase about a thing."""
        pick = self.chance.choice
        return phrase(pick(names.split()), pick(self.adjectives), pick(self.nouns), plural)

    def plural(self) -> Sentence:
        """Draw a sentence about several things."""
        found = self.noun_phrase("the a this my our", True)
        frames = [
            ("I like {}.", "J'aime {}."),
            ("We saw {}.", "Nous avons vu {}."),
            ("She has {}.", "Elle a {}."),
            ("They want {}.", "Ils veulent {}."),
            ("Where are {}?", "Où sont {} ?"),
        ]
        choices = frames[1:4] if found.french.startswith(("de", "d'")) else frames
        return self.fill(self.chance.choice(choices), [found], "plural")

    def person(self) -> Sentence:
        """Draw a sentence whose pronoun decides the gender of a person noun."""
        pick, plural = self.chance.choice, self.chance.random() < 0.3
        noun = pick(self.persons)
        adjective = pick([entry for entry in self.adjectives if entry[0] in PLACES["person"]])
        found = phrase("a", adjective, noun, plural)
        subject = ("She", "Elle") if noun.feminine else ("He", "Il")
        if plural:
            several = ("women", "femmes") if noun.feminine else ("men", "hommes")
            frame = (f"The {several[0]} are {{}}.", f"Les {several[1]} sont {{}}.")
            return self.fill(frame, [found], "person")
        frame = pick(
            [
                (f"{subject[0]} is {{}}.", f"{subject[1]} est {{}}."),
                (f"{subject[0]} was {{}}.", f"{subject[1]} était {{}}."),
            ]
        )
        return self.fill(frame, [found], "person")

    def two(self) -> Sentence:
        """Draw a sentence with two noun phrases."""
        plural = self.chance.random() < 0.25
        first = self.noun_phrase("the this my", plural)
        second = self.noun_phrase("the a his her", self.chance.random() < 0.25)
        verb = self.chance.choice(table(TRANSITIVE))[int(plural) :: 2]
        frame = (f"{{}} {verb[0]} {{}}.", f"{{}} {verb[1]} {{}}.")
        return self.fill(frame, [first, second], "two")

    def fill(self, frame: tuple[str, str], found: list[Phrase], kind: str) -> Sentence:
        """Put noun phrases into a frame and start with a capital."""
        english = frame[0].format(*(part.english for part in found))
        french = frame[1].format(*(part.french for part in found))
        agreeing = tuple(word for part in found for word in part.agreeing)
        unseen = any(part.held_out or part.combination in self.avoid for part in found)
        first, second = (text[0].upper() + text[1:] for text in (english, french))
        return Sentence(first, second, kind, agreeing, unseen, frame[0])

    def draw(self, count: int, unseen: bool) -> list[Sentence]:
        """Draw different sentences, an equal number of each kind, seen or held-out combinations."""
        found: dict[str, Sentence] = {}
        makers = [self.plural, self.person, self.two]
        for maker in makers:
            goal = len(found) + count // len(makers)
            while len(found) < goal:
                sentence = maker()
                if sentence.held_out == unseen:
                    found[sentence.english] = sentence
        return list(found.values())


def frame_of(english: str) -> str:
    """Return what is left of a sentence without the adjectives and nouns of its combinations."""
    found = {word for pair in combinations(english) for word in pair}
    words = english.replace(".", " .").replace("?", " ?").split()
    return " ".join("_" if word in found else word.lower() for word in words)


def combinations(english: str) -> set[tuple[str, str]]:
    """Find the adjective-noun combinations of the lexicon in a sentence."""
    words = set(english.replace(".", " ").replace("?", " ").split())
    adjectives = [entry[0] for entry in table(ADJECTIVES) if entry[0] in words]
    things = [noun.english for noun in nouns() + persons() if noun.english in words]
    return {(adjective, thing) for adjective in adjectives for thing in things}
