"""A whole site from made-up attention: every page, several models, hostile names throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from attnatlas.analyses.analysis import Aggregate
from attnatlas.build import build_site
from attnatlas.capture import ModelInfo
from attnatlas.config import Settings
from attnatlas.corpus import Corpus, corpus_from_records
from attnatlas.data.record_files import write_record
from attnatlas.engine import compute
from attnatlas.pages.plan import Plan, lay_out
from attnatlas.report import Silence
from attnatlas.results.levels import Claim
from attnatlas.results.shapes import Finding, Result
from attnatlas.sources import gather

from tests.browser.synthetic import Shape, capture
from tests.plugins import installed

FAMILIES = ("encoder", "decoder", "encoder-decoder")
JUDGED = (
    Finding("yes", "Head L1H2 does.", value=0.92, n=48, interval=(0.8, 0.98), null=(0.4, 0.6)),
    Finding("no", "It does not.", value=-0.1, n=9, interval=(-0.2, 0.0), null=(0.1, 0.2)),
    Finding("null", "Nobody knows.", value=0.5, n=7, interval=(0.3, 0.7), null=(0.4, 0.6)),
)


def hostile(place: str) -> str:
    """Return text that would run, unescape, reverse or break out of whatever holds it."""
    return (
        f"</script><img src=x onerror=alert('{place}')><b>{place}</b>\"'`&lt; "
        f"{{{{7*7}}}} ${{x}} \u202eevil\u202c =cmd()"
    )


@dataclass(frozen=True)
class Whole:
    """A site with all its pages, the plan behind it, and the results of each model by slug."""

    folder: Path
    plan: Plan
    results: dict[str, dict[str, Result]]

    def path(self, url: str) -> str:
        """Return the address of a page."""
        return (self.folder / url).as_uri()


def texts(count: int) -> Corpus:
    """Return that many texts in English, with tags and labels."""
    nouns = ("doctor", "nurse", "river", "kettle", "lawyer", "medicine")
    rows = [
        {
            "id": f"text-{number}",
            "text": f"The {nouns[number % 6]} saw {nouns[number % 5]} number {number} again.",
            "tags": ["even" if number % 2 == 0 else "odd", *(["first"] if not number else [])],
            "label": "negative" if number % 3 else "positive",
        }
        for number in range(count)
    ]
    return replace(corpus_from_records(rows), title="Made up", licence="CC0-1.0", about="A test.")


def hostile_texts() -> Corpus:
    """Return two records that are hostile in every field, in a corpus that is so too."""
    fields = ("id", "text", "pair", "label", "note", "target")
    rows = [
        {**{field: hostile(f"{field}{i}") for field in fields}, "tags": [hostile(f"tag{i}")]}
        for i in range(2)
    ]
    corpus = corpus_from_records(rows)
    names = ("title", "about", "licence", "source")
    return replace(corpus, **{name: hostile(name) for name in names})


def models(families: Sequence[str], layers: int, heads: int, nasty: bool) -> list[ModelInfo]:
    """Return one model a family."""
    known = {"parameters": 1_234_567, "weights_sha256": "68d4" * 16, "licence": "Apache-2.0"}
    found = []
    for family in families:
        info = ModelInfo(f"made-{family}", family, "Made", "made", layers, heads, **known)
        if nasty:
            said = {name: hostile(name) for name in ("about", "licence", "architecture")}
            info = replace(info, name=hostile(family), **said)
        found.append(info)
    return found


def judged(nasty: bool) -> Aggregate:
    """Return an analysis of another package whose three sentences have a level each."""
    said = [
        replace(f, claim=Claim(f.value or 0, f.interval, f.null or (0, 0), 0.1)) for f in JUDGED
    ]
    said = [replace(f, statement=hostile(f.id)) if nasty else f for f in said]
    return Aggregate(
        name="judged", title="Judged", about="A test.", reading="", limits="", cite="",
        compute=lambda entries: Result("judged", findings=tuple(said)),
    )  # fmt: skip


def build(
    folder: Path,
    cache: Path,
    corpus: Corpus,
    families: Sequence[str] = ("encoder",),
    extent: tuple[int, int] = (3, 4),
    nasty: bool = False,
) -> Whole:
    """Build an atlas of made-up attention, written to files first; one text is not in the last."""
    infos = models(families, *extent, nasty)
    arrays = folder.with_name(f"{folder.name}-arrays")
    for number, info in enumerate(infos):
        for record in corpus.records:
            said = capture(info, record, Shape(info.family, *extent))
            if nasty:
                said.prediction.update(label=hostile("predicted"), text=hostile("said"))
            path = arrays / str(number) / f"{corpus.records.index(record):03}.safetensors"
            about = {"name": "made", "title": corpus.title, "about": corpus.about}
            about |= {"licence": corpus.licence, "source": corpus.source}
            about |= {"order": [number, corpus.records.index(record)]}
            write_record(path, said, numbers="float32", corpus=about)
    settings = Settings(arrays=arrays, output=folder, store=cache)
    with installed(judged(nasty)):
        build_site(settings)
        kept = compute(gather(settings), settings, Silence())
    results = {page.slug: kept.model(page.model).results for page in lay_out(kept).models}
    return Whole(folder, lay_out(kept), results)
