"""SemEval's aspect-based sentiment in XML, of 2014 (`aspectTerm`) and of 2015 and 2016 (`Opinion`).

Pontiki et al. 2014, https://doi.org/10.3115/v1/S14-2004. The polarity of each aspect stands in the
note: it is none of the whole sentence. The sentences of one review are cut from one text: a frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...results.wording import counted
from ..options import ReadOptions
from ..table import FileProblem, Placed, RawTable

ROOTS = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>\s*)*"
    r"<(sentences|Reviews)\b",
    re.DOTALL,
)


def recognises(content: str) -> bool:
    """Say whether the text is XML with a root of SemEval's."""
    return ROOTS.match(content[:5_000]) is not None


def read(content: str, options: ReadOptions) -> RawTable:
    """Read sentences with the aspects that are marked in them."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", content))
    except ParseError as error:
        raise FileProblem(f"not valid XML ({error}); correct it there") from error
    except (DefusedXmlException, ValueError) as error:
        raise FileProblem(
            "it declares entities of its own, which are not read; write out what they stand for"
        ) from error
    reviews = {one: of.get("rid") for of in root.iter("Review") for one in of.iter("sentence")}
    rows = [
        _row(f"sentence {number}", one, reviews.get(one))
        for number, one in enumerate(root.iter("sentence"), 1)
    ]
    implied = sum("aspects" in one.row and not one.row["aspects"] for one in rows)
    notes = (f"{counted(implied, 'sentence')} without a marked aspect",) if implied else ()
    return RawTable(rows, {"task": "sentiment"}, form="SemEval aspects", notes=notes)


def _row(place: str, sentence: Any, review: str | None) -> Placed:
    text = sentence.findtext("text") or ""
    marked = [*sentence.iter("aspectTerm"), *sentence.iter("Opinion")]
    spans, said = {}, []
    for one in marked:
        term = one.get("term") or one.get("target") or "NULL"
        polarity = one.get("polarity") or "no polarity"
        named = term if term != "NULL" else one.get("category") or "the whole"
        said.append(f"{named}: {polarity}")
        start = one.get("from") or ""
        if term == "NULL":
            continue
        if not re.fullmatch(r"\d{1,7}", start) or not text.startswith(term, int(start)):
            return Placed(place, {}, f"the aspect {term!r} does not start at {start!r}")
        spans[int(start), term] = {"text": term, "start": int(start)}
    said += [f"{c.get('category')}: {c.get('polarity')}" for c in sentence.iter("aspectCategory")]
    identity = {"id": sentence.get("id")} if sentence.get("id") else {}
    tags = list(dict.fromkeys(_polarities(sentence)))
    identity |= {"frame": review} if review else {}
    about = {"aspects": list(spans.values()), "note": "; ".join(said), "tags": tags}
    return Placed(place, {**identity, "text": text, **about})


def _polarities(sentence: Any) -> Iterator[str]:
    for name in ("aspectTerm", "Opinion", "aspectCategory"):
        for one in sentence.iter(name):
            if one.get("polarity"):
                yield one.get("polarity")
