"""The roles of heads as legends show them: a letter and a phrase each."""

from __future__ import annotations

from dataclasses import dataclass

from ..analyses.profile.roles import PHRASES, ROLES

LETTERS = {
    "previous": "p",
    "next": "n",
    "self": "s",
    "first": "f",
    "delimiter": "d",
    "punctuation": ".",
    "duplicate": "=",
    "induction": "i",
    "broad": "b",
    "none": "·",
}
ORDER = tuple(LETTERS)
"""Roles as legends list them."""


@dataclass(frozen=True, slots=True)
class RoleMark:
    """A role as every legend shows it."""

    name: str
    letter: str
    says: str


ROLE_MARKS = {name: RoleMark(name, LETTERS[name], PHRASES[name]) for name in ORDER}

assert set(ORDER) == set(ROLES)
