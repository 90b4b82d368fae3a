"""The words of the authored English-French grammar: one entry a line."""

from ..analyses.translation.french import ADJECTIVES as ADJECTIVES
from ..analyses.translation.french import NOUNS as NOUNS
from ..analyses.translation.french import PERSONS as PERSONS

VOWELS = "aeiouhéèêâîôûœ"


BEFORE = {
    "young",
    "bad",
    "new",
    "pretty",
    "beautiful",
    "good",
    "small",
    "big",
    "old",
    "long",
    "excellent",
    "tall",
}

PLACES = {
    "person": {
        "happy",
        "American",
        "young",
        "bad",
        "new",
        "French",
        "good",
        "famous",
        "important",
        "English",
        "excellent",
        "dangerous",
        "intelligent",
        "rich",
        "poor",
        "old",
        "strange",
    },
}


# English singular and plural, French singular and plural
TRANSITIVE = """
is_behind are_behind est_derrière sont_derrière
is_under are_under est_sous sont_sous
is_on are_on est_sur sont_sur
is_in_front_of are_in_front_of est_devant sont_devant
is_in are_in est_dans sont_dans
is_with are_with est_avec sont_avec
"""
