"""Where a site comes from: texts, models, software and the command that makes it again.

Holds no absolute path and no name of a machine or a person, and imports no torch.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath

from ..capture import ModelInfo
from ..config import Settings
from ..corpus import Corpus, Skipped, files_apart, given_once, whole_id
from ..engine.keys import our_code
from ..errors import InputError

REPEATED = (
    "title",
    "base_url",
    "numbers",
    "task",
    "revision",
    "column",
    "delimiter",
    "encoding",
    "format",
    "limit",
    "sample",
    "seed",
    "vary",
    "max_tokens",
    "windows",
    "device",
    "dtype",
    "batch_size",
    "beams",
    "threads",
)
"""The options that a command repeats where they differ from the default."""

PACKAGES = ("attnatlas", "torch", "transformers", "numpy", "scipy", "altair", "vl-convert-python")
"""The software that can change what a site holds; the last one brings the Vega bundle."""


@dataclass(frozen=True, slots=True)
class CorpusFacts:
    """A corpus without its records. `records` counts those that were read.

    `long` counts the records of them that were read as windows, and `windows` those windows.
    """

    name: str
    title: str
    licence: str
    source: str
    sha256: str
    records: int
    skipped: int
    long: int = 0
    windows: int = 0
    form: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Provenance:
    """All that somebody needs to make the same site again, and to see what was left out.

    `date` is an ISO 8601 time in UTC: SOURCE_DATE_EPOCH where it is set, else now.
    `truncated` counts the readings that a model had no room for from end to end. `code` is a hash
    of the code that built the site, so that others know whether theirs computes the same.
    """

    title: str
    corpora: tuple[CorpusFacts, ...]
    models: tuple[ModelInfo, ...]
    versions: dict[str, str]
    command: str
    date: str
    numbers: str
    threads: int | None = None
    max_tokens: int | None = None
    skipped: tuple[Skipped, ...] = ()
    truncated: int = 0
    notes: tuple[str, ...] = ()
    code: str = ""

    @property
    def day(self) -> str:
        """Return the date as a reader says it: 22 November 2026, 15:36 UTC."""
        moment = datetime.fromisoformat(self.date)
        return f"{moment.day} {moment:%B %Y, %H:%M} UTC"

    @property
    def epoch(self) -> int:
        """Return the date as SOURCE_DATE_EPOCH wants it: seconds since 1970."""
        return int(datetime.fromisoformat(self.date).timestamp())


def collect(
    title: str,
    settings: Settings,
    corpora: Sequence[Corpus],
    models: Sequence[ModelInfo],
    skipped: Sequence[Skipped] | None = None,
    truncated: int = 0,
) -> Provenance:
    """Return the provenance of a site.

    `skipped` adds the records that a model could not read to those that a corpus left out.
    """
    left_out = [entry for corpus in corpora for entry in corpus.skipped]
    return Provenance(
        title=title,
        corpora=tuple(_facts(corpus) for corpus in corpora),
        models=tuple(models),
        versions=versions(),
        command=command(settings),
        date=build_time().isoformat(timespec="seconds"),
        numbers=settings.numbers,
        threads=settings.threads,
        max_tokens=settings.max_tokens,
        skipped=(*left_out, *(skipped or ())),
        truncated=truncated,
        notes=tuple(note for corpus in corpora for note in corpus.said),
        code=our_code(),
    )


def build_time() -> datetime:
    """Return when this site is built: SOURCE_DATE_EPOCH where it is set, so that builds repeat."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(
            f"SOURCE_DATE_EPOCH is {epoch!r}; it must be a number of seconds since 1970."
        ) from error


def versions() -> dict[str, str]:
    """Return the versions of Python and of the installed packages that matter."""
    found = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def command(settings: Settings) -> str:
    """Return the command that builds this site; files and folders by name only."""
    words = ["attnatlas", "build", *short_corpora(settings)]
    for model in settings.models:
        words += ["-m", short_model(model)]
    for name in settings.also:
        words += ["--also", name]
    if settings.arrays:
        words += ["--arrays", settings.arrays.name]
    for site in settings.from_sites:
        words += ["--from", short_name(site)]
    defaults = Settings()
    for field in REPEATED:
        if (value := getattr(settings, field)) != getattr(defaults, field):
            for one in short_columns(settings) if field == "column" else [value]:
                words += [f"--{field.replace('_', '-')}", str(one)]
    return shlex.join(words)


def short_corpora(settings: Settings) -> list[str]:
    """Return the corpora by name, files without the folders that do not tell them apart."""
    return files_apart(given_once(settings.corpora))


def short_model(model: str) -> str:
    """Return a model as a command names it, without the folders of this machine: NAME=FOLDER."""
    called, equals, path = model.partition("=")
    if not equals or Path(model).exists():
        return short_name(model)
    return f"{called}={short_name(path)}"


def short_columns(settings: Settings) -> list[str]:
    """Return the columns that were chosen; of one that is a file, its name alone."""
    parts = (choice.partition("=") for choice in settings.column)
    return [f"{field}={short_name(column)}" for field, _, column in parts]


def short_name(name: str) -> str:
    """Return a name without the folders of this machine; a Hub id keeps its owner."""
    if name.startswith((".", "~")) or PurePath(name).anchor or Path(name).exists():
        return PurePath(name).name or name
    return name


def _facts(corpus: Corpus) -> CorpusFacts:
    return CorpusFacts(
        name=corpus.name,
        title=corpus.title,
        licence=corpus.licence,
        source=corpus.source,
        sha256=corpus.sha256,
        records=len({whole_id(record) for record in corpus.records}),
        skipped=len(corpus.skipped),
        long=len({record.window.record for record in corpus.records if record.window}),
        windows=sum(record.window is not None for record in corpus.records),
        form=corpus.form,
        part=corpus.part,
    )
