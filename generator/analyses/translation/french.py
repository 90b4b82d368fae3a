"""A small English-French lexicon of adjectives and nouns with their genders, one entry a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

# English, French masculine, feminine, masculine before a vowel where it differs
ADJECTIVES = """
heavy lourd lourde -
black noir noire -
strange étrange étrange -
happy heureux heureuse -
American américain américaine -
young jeune jeune -
red rouge rouge -
bad mauvais mauvaise -
new nouveau nouvelle nouvel
French français française -
white blanc blanche -
interesting intéressant intéressante -
pretty joli jolie -
empty vide vide -
yellow jaune jaune -
round rond ronde -
beautiful beau belle bel
clean propre propre -
good bon bonne -
small petit petite -
expensive cher chère -
quiet tranquille tranquille -
famous célèbre célèbre -
big grand grande -
old vieux vieille vieil
gray gris grise -
wet mouillé mouillée -
green vert verte -
important important importante -
blue bleu bleue -
English anglais anglaise -
long long longue -
excellent excellent excellente -
dangerous dangereux dangereuse -
broken cassé cassée -
open ouvert ouverte -
intelligent intelligent intelligente -
rich riche riche -
poor pauvre pauvre -
tall grand grande -
"""

NOUNS = """
house maison f
car voiture f
table table f
door porte f
window fenêtre f
dress robe f
shirt chemise f
flower fleur f
apple pomme f
city ville f
street rue f
box boîte f
chair chaise f
river rivière f
mountain montagne f
island île f
shoe chaussure f
key clé f
girl fille f
woman femme f
room chambre f
kitchen cuisine f
bottle bouteille f
picture image f
letter lettre f
song chanson f
story histoire f
idea idée f
question question f
school école f
church église f
road route f
plate assiette f
spoon cuillère f
lamp lampe f
clock horloge f
skirt jupe f
jacket veste f
cow vache f
bag sac m
dog chien m
cat chat m
hat chapeau m
book livre m
garden jardin m
tree arbre m
bird oiseau m
boat bateau m
bed lit m
coat manteau m
pencil crayon m
train train m
village village m
horse cheval m
cake gâteau m
wall mur m
boy garçon m
man homme m
country pays m
restaurant restaurant m
hotel hôtel m
bridge pont m
knife couteau m
glass verre m
phone téléphone m
computer ordinateur m
umbrella parapluie m
newspaper journal m
animal animal m
office bureau m
"""

# English, French for men, French for women
PERSONS = """
student étudiant étudiante
friend ami amie
singer chanteur chanteuse
nurse infirmier infirmière
neighbor voisin voisine
cousin cousin cousine
dancer danseur danseuse
lawyer avocat avocate
driver conducteur conductrice
musician musicien musicienne
artist artiste artiste
journalist journaliste journaliste
cook cuisinier cuisinière
worker ouvrier ouvrière
director directeur directrice
player joueur joueuse
swimmer nageur nageuse
teacher professeur professeure
writer écrivain écrivaine
pupil élève élève
baker boulanger boulangère
client client cliente
patient patient patiente
president président présidente
secretary secrétaire secrétaire
actor acteur actrice
liar menteur menteuse
child enfant enfant
"""


@dataclass(frozen=True, slots=True)
class Form:
    """A French word that agrees: its gender (m, f, or both), whether plural, and its English."""

    genders: str
    plural: bool
    english: str


def english_plural(word: str) -> str:
    """Return the plural of an English noun of the lexicon."""
    irregular = {"woman": "women", "man": "men", "child": "children", "knife": "knives"}
    if word in irregular:
        return irregular[word]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def french_plural(word: str) -> str:
    """Return the plural of a French noun or adjective of the lexicon."""
    if word.endswith(("s", "x", "z")):
        return word
    if word.endswith("al"):
        return word[:-2] + "aux"
    return word + ("x" if word.endswith("eau") else "s")


@cache
def adjectives() -> dict[str, tuple[Form, ...]]:
    """Return what each French form of an adjective may be."""
    return _gathered(_adjective_forms())


@cache
def nouns() -> dict[str, tuple[Form, ...]]:
    """Return what each French form of a noun may be."""
    return _gathered(_noun_forms())


def _adjective_forms() -> Iterator[tuple[str, Form]]:
    for line in ADJECTIVES.split("\n"):
        if line:
            english, male, female, liaison = line.split()
            yield from _both(male, female, english)
            if liaison != "-":
                yield liaison, Form("m", False, english)


def _noun_forms() -> Iterator[tuple[str, Form]]:
    for line in NOUNS.split("\n"):
        if line:
            english, french, gender = line.split()
            yield french, Form(gender, False, english)
            yield french_plural(french), Form(gender, True, english)
    for line in PERSONS.split("\n"):
        if line:
            english, male, female = line.split()
            yield from _both(male, female, english)


def _both(male: str, female: str, english: str) -> Iterator[tuple[str, Form]]:
    """Yield the forms of both genders, those that are the same for both as such."""
    for plural in (False, True):
        forms = [french_plural(one) if plural else one for one in (male, female)]
        if forms[0] == forms[1]:
            yield forms[0], Form("mf", plural, english)
        else:
            yield forms[0], Form("m", plural, english)
            yield forms[1], Form("f", plural, english)


def _gathered(forms: Iterator[tuple[str, Form]]) -> dict[str, tuple[Form, ...]]:
    found: dict[str, dict[Form, None]] = {}
    for word, form in forms:
        found.setdefault(word, {})[form] = None
    return {word: tuple(known) for word, known in found.items()}
