"""A whole site from made-up attention: every page, several models, hostile names throughout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from attnatlas.analyses import over_records, record_analyses, watchers
from attnatlas.capture import ModelInfo
from attnatlas.config import Settings
from attnatlas.corpus import Corpus, Record, Skipped, corpus_from_records
from attnatlas.pages.model_summary import Digest
from attnatlas.pages.plan import ModelPage, Plan
from attnatlas.pages.plan import plan as lay_out
from attnatlas.pages.reading_summary import Summary
from attnatlas.results.shapes import Finding, Result
from attnatlas.site import render
from attnatlas.site.heads import render_heads
from attnatlas.site.provenance import collect
from attnatlas.site.writer import Site

from tests.browser.synthetic import Shape, capture

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


def build(
    folder: Path,
    cache: Path,
    corpus: Corpus,
    families: Sequence[str] = ("encoder",),
    extent: tuple[int, int] = (3, 4),
    nasty: bool = False,
) -> Whole:
    """Write every page of a made-up atlas."""
    infos = models(families, *extent, nasty)
    plan = lay_out([corpus], infos)
    left_out = [Skipped(hostile("where"), hostile("reason"))] if nasty else []
    settings = Settings(corpora=("/home/somebody/made.toml",), models=tuple(m.name for m in infos))
    facts = collect(plan.title, settings, [corpus], infos, left_out)
    site = Site(folder, render.shared(plan, facts, settings))
    site.assets(cache)
    parts = [_write_model(site, plan, page, extent, nasty) for page in plan.models]
    summaries = [entry for part in parts for entry in part[0]]
    findings = [
        replace(finding, page=page.url)
        for page, part in zip(plan.models, parts, strict=True)
        for result in part[1].values()
        for finding in result.findings
    ]
    digests = [part[2] for part in parts]
    render.render_home(site, plan, summaries, findings, facts, digests)
    render.render_about(site, facts, digests)
    site.json("atlas.json", {})
    site.json("data/findings.json", [])
    site.finish()
    results = {page.slug: part[1] for page, part in zip(plan.models, parts, strict=True)}
    return Whole(folder, plan, results)


def _write_model(
    site: Site, plan: Plan, page: ModelPage, extent: tuple[int, int], nasty: bool
) -> tuple[list[Summary], dict[str, Result], Digest]:
    shape = Shape(page.model.family, *extent)
    summaries, entries = [], list[tuple[Record, dict[str, Result]]]()
    seen = watchers()
    for record_page in plan.of_model(page):
        said = capture(page.model, record_page.record, shape)
        if nasty:
            said.prediction.update(label=hostile("predicted"), text=hostile("said"))
        given = {analysis.name: analysis.compute(said) for analysis in record_analyses("capture")}
        results = {name: result for name, result in given.items() if not result.empty}
        render.render_record(site, plan, record_page, said, results)
        summaries.append(render.summary(record_page, said))
        entries.append((record_page.record, results))
        for watcher in seen.values():
            watcher.add(said, results)
    found = {name: compute(entries) for name, compute in over_records(seen).items()}
    results = {name: result for name, result in found.items() if not result.empty}
    verdicts = ("supported", "contradicted", "no difference found")
    judged = [replace(f, verdict=v) for f, v in zip(JUDGED, verdicts, strict=True)]
    said = [replace(f, statement=hostile(f.id)) if nasty else f for f in judged]
    first = {"profile": results.pop("profile"), "judged": Result("judged", findings=tuple(said))}
    results = first | results
    for name in ("heads", "heads_intervals", "heads_alike"):
        site.text(f"data/{page.slug}/{name}.csv", "head\n")
    render_heads(site, page, results, summaries)
    return summaries, results, render.render_model(site, plan, page, results, summaries)
