"""Which word of a text a model that reads from left to right is asked about. Pure.

What follows a final full stop is mostly the end of the text, which nobody asks about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..corpus import Record

ENDS = tuple(".!?…。！？؟।")
"""What ends a sentence."""
CLOSING = " \t\r\n\"'”’»)]}"
WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
_SAY_LITTLE = """
a about above after again against all also am an and any are as at be because been before being
below between both but by can could did do does down each even every few for from had has have he
her here hers herself him himself his how i if in into is it its itself just me more most much
must my myself no nor not now of off on once one only or other our ours out over own per rather
same she should so some such than that the their theirs them themselves then there these they this
those though through to too under until up upon us very was we were what when where which while
who whom whose why will with would yet you your yours aren't can't couldn't didn't doesn't don't
hadn't hasn't haven't isn't wasn't weren't won't wouldn't
"""
FUNCTION_WORDS = frozenset(_SAY_LITTLE.split())
"""English words that say little alone; elsewhere every word counts."""


def ends_a_sentence(text: str) -> bool:
    """Return whether a text is closed, so that what follows belongs to another."""
    return text.rstrip(CLOSING).endswith(ENDS)


def content_words(record: Record) -> Iterator[tuple[int, int]]:
    """Yield where words lie that say something, from the last to the first: code points."""
    for found in reversed(list(WORD.finditer(record.text))):
        if found.group().lower().replace("’", "'") not in FUNCTION_WORDS:
            yield found.span()
