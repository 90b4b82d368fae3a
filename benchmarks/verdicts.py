"""Verdicts by word: on trained models, on copies with fresh weights, on words in random order.

`python -m benchmarks.verdicts` prints the table, and every sentence that holds where nothing was
learnt. The fresh copies are drawn with other seeds than those that stand beside the findings of
every model: each of them is judged beside two copies it does not equal.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import get_args

from attnatlas.names import Kind
from attnatlas.results.levels import Level
from attnatlas.results.shapes import Finding

from benchmarks.shuffled import shuffled_corpus

MADE_FOR = {
    "english": ("showcase", "syntax", "coreference"),
    "sentiment": ("showcase", "reviews"),
    "en-fr": ("showcase", "translation"),
    "stories": ("showcase", "syntax"),
}
"""The bundled corpora that each embedded model reads."""
FRESH = (2, 3)
"""Seeds of the fresh copies; 0 and 1 stand beside the findings."""
TRAINED, SHUFFLED = "trained", "trained, words of each text in random order"
CONDITIONS = (TRAINED, *(f"fresh weights, seed {seed}" for seed in FRESH), SHUFFLED)
WORDS: tuple[Level, ...] = ("holds", "does not hold", "undecided", "described")

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A finding of a model, and under what condition it was made."""

    condition: str
    model: str
    finding: Finding

    @property
    def alone(self) -> Level:
        """Return what it would be with no untrained copy beside it."""
        claim = self.finding.claim
        return claim.level((), self.finding.discovered) if claim else "described"


def everything_said(work: Path, model: str, condition: str, limit: int | None) -> Iterator[Said]:
    """Yield all findings about a model under a condition: on its page, and in reports."""
    from attnatlas.config import Settings
    from attnatlas.corpus import load_corpus
    from attnatlas.corpus.options import ReadOptions
    from attnatlas.engine import compute
    from attnatlas.report import Silence
    from attnatlas.sources import gather

    corpora = [load_corpus(name, options=ReadOptions(limit=limit)) for name in MADE_FOR[model]]
    if condition == SHUFFLED:
        corpora = [shuffled_corpus(corpus) for corpus in corpora]
    settings = Settings(store=work / "store", models=(named(work, model, condition),))
    kept = compute(gather(settings, corpora), settings, Silence())
    said = partial(Said, condition, model)
    for info in kept.models:
        for result in kept.model(info).results.values():
            yield from map(said, result.findings)
    for result in kept.everything().results.values():
        yield from map(said, result.findings)


def named(work: Path, model: str, condition: str) -> str:
    """Return what to call a model under a condition, and where it lies."""
    seed = condition.rpartition("seed ")[2]
    if condition in (TRAINED, SHUFFLED):
        return model
    folder = work / f"{model}-{seed}"
    if not folder.exists():
        write_fresh(model, int(seed), folder)
    return f"{model}={folder}"


def write_fresh(model: str, seed: int, folder: Path) -> None:
    """Write an embedded model with the weights that its config begins with."""
    from attnatlas.config import Settings
    from attnatlas.models import load_model, resolve_model
    from attnatlas.models.untrained import fresh
    from attnatlas.zoo import zoo_folder

    settings = Settings()
    made = fresh(load_model(resolve_model(model, settings), settings).model, seed)
    shutil.copytree(zoo_folder(model), folder)
    made.save_pretrained(folder)


def by_word(found: list[Said]) -> list[Row]:
    """Return a row a condition: how often each word stands, and what the copies beside prevent."""
    rows = []
    for condition in CONDITIONS:
        own = [one for one in found if one.condition == condition]
        words = Counter(one.finding.level for one in own)
        alone = sum(one.alone == "holds" for one in own)
        rows.append((condition, *(str(words[word]) for word in WORDS), str(alone)))
    return rows


def holding(found: list[Said], *conditions: str) -> list[Said]:
    """Return what holds under one of some conditions."""
    return [one for one in found if one.condition in conditions and one.finding.level == "holds"]


def listed_kinds(found: list[Said]) -> list[Row]:
    """Return a row for each kind of what holds: how often trained, on fresh weights, shuffled."""
    kinds: dict[str, Counter[str]] = {}
    for one in holding(found, *CONDITIONS):
        kinds.setdefault(kind(one), Counter())[one.condition] += 1
    return [
        (name, *(str(times[condition]) for condition in CONDITIONS))
        for name, times in sorted(kinds.items())
    ]


def kind(said: Said) -> str:
    """Return what a sentence is about, whatever the model and the map."""
    name = said.finding.id.replace(f"-{said.model}", "")
    first, _, rest = name.partition("-")
    return rest if first in get_args(Kind) else name


def report(work: Path, models: tuple[str, ...] = tuple(MADE_FOR), limit: int | None = None) -> str:
    """Return the tables in Markdown, with every sentence that holds on fresh weights."""
    from benchmarks.__main__ import table

    found: list[Said] = []
    for model in models:
        for condition in CONDITIONS:
            print(f"  {model}, {condition} ...", file=sys.stderr, flush=True)
            found += everything_said(work, model, condition, limit)
    header = ("sentences", *(word.capitalize() for word in WORDS), "would hold without copies")
    fresh = [
        f"- {one.model}, {one.condition}: {one.finding.sentence}"
        for one in holding(found, *CONDITIONS[1:-1])
    ]
    parts = (
        table(header, by_word(found)),
        table(("kinds that hold", *CONDITIONS), listed_kinds(found)),
        "What holds on fresh weights:" if fresh else "Nothing holds on fresh weights.",
        "\n".join(fresh),
    )
    return "\n\n".join(part for part in parts if part)


def main() -> None:
    """Print the report; with a folder, keep there what was computed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("work", nargs="?", type=Path)
    parser.add_argument("-m", "--model", action="append", choices=MADE_FOR)
    parser.add_argument("--limit", type=int, help="texts of each corpus")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        print(report(asked.work or Path(name), tuple(asked.model or MADE_FOR), asked.limit))


if __name__ == "__main__":
    main()
