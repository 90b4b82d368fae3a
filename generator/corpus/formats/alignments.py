"""Gold word alignments: in Pharaoh's format, and as the shared tasks of NAACL 2003 and ACL 2005 do.

Mihalcea & Pedersen 2003, https://aclanthology.org/W03-0301. The texts stand in the same lines
(`source ||| target ||| 0-0 1-2`) or in two files beside, named by `--column text=FILE` and
`--column target=FILE`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ...errors import InputError
from ...results.wording import counted
from ..decoding import decoded, unpacked
from ..objects import lines_of
from ..options import ReadOptions
from ..sources import open_source
from ..table import FileProblem, Placed, RawTable

BARS = "|||"
LINKS = re.compile(r"\s*(\d{1,6}[^\s\d]\d\S*\s*)*")
"""What stands where links do, well written or not."""
PHARAOH = re.compile(r"(\d{1,6})([-p])(\d{1,6})")
NAACL = re.compile(r"(\d+)\s+(\d{1,6})\s+(\d{1,6})(?:\s+([SP]))?(?:\s+[\d.]+)?")
NUMBERED = re.compile(r"\s*<s snum=\"?0*(\d+)\"?>(.*?)</s>\s*")

COUNTED_FROM: tuple[Literal[0, 1], ...] = (0, 1)
"""From what words may be counted; `--format pharaoh-1` says so where a file does not tell."""
Link = tuple[int, int, bool]
"""A source word, a target word, and whether the link is sure."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """One pair of sentences with its links, as they are counted in the file."""

    place: str
    name: str
    text: str
    target: str
    links: tuple[Link, ...]
    problem: str | None = None


def is_pharaoh(content: str) -> bool:
    """Say whether the first lines are source and target, and links where some have them."""
    lines = [line.split(BARS) for _, line in lines_of(content[:20_000])][:20]
    own = [p for p in lines if len(p) > 2 or (len(p) == 2 and p[0].strip() and p[1].strip())]
    if 2 * len(own) <= len(lines):
        return False
    linked = [parts[2] for parts in own if len(parts) > 2]
    return all(LINKS.fullmatch(part) for part in linked)


def is_naacl(content: str) -> bool:
    """Say whether the first lines are a sentence's number, two words' numbers, and S or P."""
    lines = [line.strip() for _, line in lines_of(content[:2_000])][:5]
    return bool(lines) and all((found := NAACL.fullmatch(line)) and found[4] for line in lines)


def read_pharaoh(content: str, options: ReadOptions) -> RawTable:
    """Read one pair of sentences a line: with its texts, or with those of two files beside."""
    if any(BARS in line for _, line in lines_of(content)):
        return _table(
            [_barred(number, line) for number, line in lines_of(content)], "Pharaoh", options
        )
    sources, targets = _texts(options)
    lines = content.removesuffix("\n").split("\n")
    if not len(lines) == len(sources) == len(targets):
        lengths = f"{len(lines):,} lines of links, {len(sources):,} texts, {len(targets):,} targets"
        raise FileProblem(f"{lengths}; the three files must be equally long")
    every = zip(lines, sources.values(), targets.values(), strict=True)
    return _table(
        [
            _aligned(f"line {number}", str(number), source, target, links)
            for number, (links, source, target) in enumerate(every, 1)
        ],
        "Pharaoh",
        options,
    )


def read_naacl(content: str, options: ReadOptions) -> RawTable:
    """Read links, one a line, of the sentences in two files beside."""
    sources, targets = _texts(options)
    links: dict[str, dict[tuple[int, int], bool]] = {}
    broken = []
    for number, line in lines_of(content):
        found = NAACL.fullmatch(line.strip())
        if found is None:
            problem = "no link; write: sentence source target, and S or P"
            broken.append(Aligned(f"line {number}", "", "", "", (), problem))
            continue
        own, ends = links.setdefault(str(int(found[1])), {}), (int(found[2]), int(found[3]))
        own[ends] = own.get(ends, False) or found[4] != "P"
    pairs = [
        Aligned(
            f"sentence {name}", name, sources.get(name, ""), targets.get(name, ""),
            tuple((*ends, sure) for ends, sure in own.items()),
            None if name in sources and name in targets else "no text or no target of this number",
        )
        for name, own in links.items()
    ]  # fmt: skip
    return _table([*pairs, *broken], "NAACL alignments", options)


def _texts(options: ReadOptions) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the sentences of both files beside, by their number."""
    named = dict(options.columns)
    if not {"text", "target"} <= set(named):
        raise FileProblem(
            "it holds links alone; name the files of the texts, one sentence a line, with "
            "--column text=FILE --column target=FILE"
        )
    return _sentences(named["text"], options), _sentences(named["target"], options)


def _sentences(name: str, options: ReadOptions) -> Mapping[str, str]:
    try:
        data = open_source(str(Path(name)), any_kind=True).data
    except InputError as error:
        raise FileProblem(f"its texts: {error.message.rstrip('.')}") from error
    content, _ = decoded(unpacked(data), options.encoding)
    lines = content.removesuffix("\n").split("\n")
    numbered = [NUMBERED.fullmatch(line) for line in lines]
    if all(numbered):
        return {found[1]: found[2].strip() for found in numbered if found}
    return {str(number): line.strip() for number, line in enumerate(lines, 1)}


def _barred(number: int, line: str) -> Aligned:
    place, parts = f"line {number}", [part.strip() for part in line.split(BARS)]
    if len(parts) == 2:
        parts.append("")
    if len(parts) != 3:
        problem = f"{counted(len(parts), 'part')}, not source {BARS} target {BARS} links"
        return Aligned(place, str(number), "", "", (), problem)
    return _aligned(place, str(number), *parts)


def _aligned(place: str, name: str, source: str, target: str, links: str) -> Aligned:
    found = _pharaoh(links)
    problem = None if found is not None else "links are written as 0-0, possible ones as 0p1"
    return Aligned(place, name, source.strip(), target.strip(), found or (), problem)


def _pharaoh(links: str) -> tuple[Link, ...] | None:
    found = [PHARAOH.fullmatch(piece) for piece in links.split()]
    if not all(found):
        return None
    own: dict[tuple[int, int], bool] = {}
    for link in found:
        if link:
            ends = int(link[1]), int(link[3])
            own[ends] = own.get(ends, False) or link[2] == "-"
    return tuple((*ends, sure) for ends, sure in own.items())


def _table(pairs: Sequence[Aligned], form: str, options: ReadOptions) -> RawTable:
    """Return the rows, their links counted from 0, and say from what they were counted."""
    usual: Literal[0, 1] = 0 if form == "Pharaoh" else 1
    first, why, nulls = _asked(pairs, options.format) or _first(pairs, usual, form)
    rows = [
        Placed(pair.place, {} if pair.problem else _row(pair, first), pair.problem)
        for pair in pairs
    ]
    linked = any(pair.links for pair in pairs)
    notes = [f"words are counted from {first} in it ({why})" if linked else "no word is linked"]
    notes += [f"{counted(nulls, 'link')} to no word left out"] if nulls else []
    return RawTable(rows, {"task": "translation"}, form=form, notes=tuple(notes))


def _asked(pairs: Iterable[Aligned], asked: str | None) -> tuple[int, str, int] | None:
    """Return from what words are counted if that was asked, and what speaks against it."""
    first = next((one for one in COUNTED_FROM if (asked or "").endswith(f"-{one}")), None)
    if first is None:
        return None
    zeros, ends = _told(pairs)
    against = ", though a link names word 0, which is then none" if first and zeros else ""
    if not first and ends:
        against = f", though {counted(ends, 'link')} then name a word after the last"
    return first, f"as asked{against}", zeros if first else 0


def _first(pairs: Iterable[Aligned], usual: Literal[0, 1], form: str) -> tuple[int, str, int]:
    """Return whether words are counted from 0 or 1, what tells so, and how many links name none."""
    zeros, ends = _told(pairs)
    if zeros and not ends:
        return 0, "a link names word 0", 0
    if ends and (not zeros or usual):
        return 1, "a link names the last word so", zeros
    name = form.split()[0].lower()
    other = f"if it is wrong, every link is: --format {name}-{1 - usual} reads it otherwise"
    return usual, f"as is usual; no link tells; {other}" if not zeros else "a link names word 0", 0


def _told(pairs: Iterable[Aligned]) -> tuple[int, int]:
    """Return how many links name word 0, and how many the one that is last if counted from 1."""
    zeros = ends = 0
    for pair in pairs:
        counts = len(pair.text.split()), len(pair.target.split())
        for source, target, _ in () if pair.problem else pair.links:
            zeros += source == 0 or target == 0
            ends += source == counts[0] or target == counts[1]
    return zeros, ends


def _row(pair: Aligned, first: int) -> dict[str, object]:
    links = [
        f"{source - first}{'-' if sure else 'p'}{target - first}"
        for source, target, sure in pair.links
        if source >= first and target >= first
    ]
    return {"id": pair.name, "text": pair.text, "target": pair.target, "alignment": " ".join(links)}
