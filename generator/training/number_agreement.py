"""Number agreement across a noun of the other number: *the keys to the cabinet are*, not *is*.

Linzen, Dupoux & Goldberg 2016, "Assessing the Ability of LSTMs to Learn Syntax-Sensitive
Dependencies". The sentences are written for this project.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from .measure import Figure, clustered

VERBS = (("is", "are"), ("was", "were"))
NOUNS = (
    ("key", "keys", "to the {}", "door", "doors"),
    ("letter", "letters", "from the {}", "friend", "friends"),
    ("house", "houses", "near the {}", "river", "rivers"),
    ("picture", "pictures", "of the {}", "horse", "horses"),
    ("man", "men", "with the {}", "dog", "dogs"),
    ("window", "windows", "of the {}", "room", "rooms"),
    ("book", "books", "about the {}", "king", "kings"),
    ("tree", "trees", "behind the {}", "wall", "walls"),
    ("boy", "boys", "beside the {}", "girl", "girls"),
    ("story", "stories", "about the {}", "soldier", "soldiers"),
)
"""A subject in both numbers, what stands between it and the verb, and the noun in that."""


@dataclass(frozen=True, slots=True)
class Case:
    """A beginning, the verb that agrees with its subject, the other one, and its frame."""

    text: str
    right: str
    wrong: str
    frame: int


def cases(across: bool) -> list[Case]:
    """List both numbers of each frame, the noun between of the other number, or of the same."""
    found = []
    for frame, (one, many, between, near, nears) in enumerate(NOUNS):
        for singular, plural in VERBS:
            for subject, plain, right, wrong in (
                (one, near, singular, plural),
                (many, nears, plural, singular),
            ):
                other = {near: nears, nears: near}[plain] if across else plain
                text = f"The {subject} {between.format(other)}"
                found.append(Case(text, right, wrong, frame))
    return found


def marks(model: Any, tokenizer: Any, rows: list[Case]) -> list[int]:
    """Return 1 for each case whose verb is likelier in the right number, else 0."""
    return [int(_right(model, tokenizer, row)) for row in rows]


def _right(model: Any, tokenizer: Any, row: Case) -> bool:
    mask = tokenizer.mask_token
    text = f"{row.text} {mask} old." if mask else row.text
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    at = int((ids[0] == tokenizer.mask_token_id).nonzero()[0, 0]) if mask else -1
    space = "" if mask else " "
    right, wrong = (_number(tokenizer, f"{space}{verb}") for verb in (row.right, row.wrong))
    with torch.no_grad():
        logits = model(ids).logits[0, at]
    return bool(logits[right] > logits[wrong])


def _number(tokenizer: Any, word: str) -> int:
    [number] = tokenizer(word, add_special_tokens=False)["input_ids"]
    return int(number)


def figures(model: Any, tokenizer: Any) -> list[Figure]:
    """Measure agreement with a noun of the other number between, and with one of the same."""
    sides = (("across", True, "other"), ("beside", False, "same"))
    return [
        clustered(
            f"agreement.{name}",
            marks(model, tokenizer, rows),
            [str(row.frame) for row in rows],
            f"verb in the number of its subject, a noun of the {number} number between; chance 0.5",
        )
        for name, across, number in sides
        for rows in [cases(across)]
    ]
