"""What a model, a corpus or a site is. Loads no weights."""

from __future__ import annotations

import difflib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from .config import Settings
from .errors import InputError
from .site.ownership import is_atlas, ours

if TYPE_CHECKING:
    from .corpus import Corpus
    from .models import ModelSource

Facts = dict[str, Any]


def describe(names: Sequence[str], settings: Settings) -> list[Any]:
    """Return the sites, corpora and models that names stand for: each mostly one, never none.

    Corpora are read together, as a build reads them: their pairs may stand in two files.
    """
    from .corpus import given_once, load_corpora, read_options
    from .zoo import zoo_names

    once = given_once(names)
    texts = [name for name in once if _is_corpus(name)]
    options = read_options(settings)
    corpora = iter(load_corpora(texts, strict=settings.strict, options=options))
    found: list[Any] = []
    for name in once:
        if is_atlas(Path(name)):
            found.append(Path(name))
            continue
        if name in texts:
            found.append(next(corpora))
        if name in zoo_names() or name not in texts:
            found.append(_model(name, settings))
    return found


def facts(thing: Any) -> Facts:
    """Return what is known of a site, a corpus or a model, ready for JSON."""
    from .corpus import Corpus

    if isinstance(thing, Path):
        return site_facts(thing)
    return corpus_facts(thing) if isinstance(thing, Corpus) else model_facts(thing)


def site_facts(folder: Path) -> Facts:
    """Return what a site says of itself in atlas.json, and what its files weigh."""
    try:
        if not (folder / "atlas.json").is_file():
            raise FileNotFoundError("atlas.json")
        atlas = json.loads((folder / "atlas.json").read_text("utf-8"))
        provenance = atlas["provenance"]
        return {
            "kind": "site",
            "name": str(folder),
            "title": atlas["title"],
            "models": [model["name"] for model in atlas["models"]],
            "records": len(atlas["records"]),
            "captures": len(atlas["captures"]),
            "skipped": len(provenance["skipped"]),
            "built": provenance["date"],
            "command": provenance["command"],
            "versions": provenance["versions"],
            "weights": site_weights(folder),
        }
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{folder} is damaged: atlas.json is missing or not as promised."
        ) from error


def site_weights(folder: Path) -> list[tuple[str, int, int]]:
    """Return (group, files, bytes) for each top-level part of a site, of its own files alone."""
    count: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for url in ours(folder):
        if (path := folder / url).is_file():
            group = url.partition("/")[0] if "/" in url else "pages"
            count[group] += 1
            size[group] += path.stat().st_size
    return [(group, count[group], size[group]) for group in sorted(count)]


def corpus_facts(corpus: Corpus) -> Facts:
    """Return what a corpus holds."""
    tags = Counter(tag for record in corpus.records for tag in record.tags)
    longest = max(corpus.records, key=lambda record: len(record.text.split()))
    return {
        "kind": "corpus",
        "name": corpus.name,
        "title": corpus.title,
        "about": corpus.about,
        "task": corpus.task,
        "read": corpus.form,
        "part": corpus.part or None,
        "notes": list(corpus.notes),
        "records": len(corpus.records),
        "skipped": [{"where": one.where, "reason": one.reason} for one in corpus.skipped],
        "tags": dict(tags.most_common()),
        "longest": {"id": longest.id, "words": len(longest.text.split())},
        "licence": corpus.licence,
        "source": corpus.source,
        "sha256": corpus.sha256,
    }


def model_facts(model: ModelSource) -> Facts:
    """Return what a model is, and how many tokens it reads at most."""
    return {
        "kind": "model",
        **asdict(model.info),
        "task": model.task,
        "token_limit": most_tokens(model, None),
    }


def most_tokens(model: ModelSource, wanted: int | None) -> int:
    """Return how many tokens a build reads of a text at most, as far as files tell."""
    from .capture.limits import token_limit

    try:
        content = (model.location / "tokenizer_config.json").read_text("utf-8")
        said = json.loads(content).get("model_max_length")
    except (OSError, ValueError, AttributeError):
        said = None
    tokenizer = SimpleNamespace(model_max_length=said or sys.maxsize)
    return token_limit(_Config(model.config), tokenizer, wanted)


def _is_corpus(name: str) -> bool:
    """Say whether a name is that of a corpus: a bundled one, or anything but a folder."""
    from .corpus import bundled_corpora
    from .corpus.sources import STDIN, is_corpus_name

    if is_atlas(Path(name)):
        return False
    return name in (STDIN, *bundled_corpora()) or is_corpus_name(name) or _is_file(Path(name))


def _is_file(path: Path) -> bool:
    """Say whether a path is anything but a folder; a model is one."""
    try:
        return path.exists() and not path.is_dir()
    except (OSError, ValueError):
        return False


class _Config(SimpleNamespace):
    """A `config.json` that answers as the configuration of a loaded model does."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        super().__init__(**{"pad_token_id": None, "model_type": "", **content})

    def get_text_config(self) -> _Config:
        """Return the part that is about text."""
        part = getattr(self, "text_config", None)
        return _Config(part) if isinstance(part, Mapping) else self


def _model(name: str, settings: Settings) -> ModelSource:
    """Return the model of that name, or say which corpus may have been meant, too."""
    from .corpus import bundled_corpora
    from .models import resolve_model

    try:
        return resolve_model(name, settings)
    except InputError as error:
        if near := difflib.get_close_matches(name, bundled_corpora(), n=1):
            raise InputError(f"{error.message} There is a corpus {near[0]!r}.") from error
        raise
