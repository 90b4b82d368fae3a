"""The description of an archived site for machines: RO-Crate 1.1."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

Entity = dict[str, Any]

METADATA = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"
SPDX = re.compile(r"[A-Za-z0-9.+-]+")
"""What an SPDX identifier looks like; whether there is one of that name is not known."""
TYPES = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "csv": "text/csv",
    "html": "text/html",
    "txt": "text/plain",
    "cff": "text/yaml",
    "safetensors": "application/octet-stream",
}
ABOUT = {
    "settings.json": "The settings of the build.",
    "environment.txt": "The software that computed the numbers, as requirements of pip.",
    "CITATION.cff": "How to cite this atlas.",
}


def crate(payload: Mapping[str, bytes], atlas: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata of a payload: what each file is, and what made it of what."""
    described = [name for name in sorted(payload) if _is_described(name)]
    files = [_file(name, len(payload[name])) for name in described]
    provenance = atlas["provenance"]
    licences = [*_licences(provenance["corpora"])]
    corpora = [name for name in described if name.startswith("corpus/")]
    models = [name for name in described if name.startswith("models/")]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": atlas["title"],
        "description": f"Attention of models over texts: {atlas['title']}",
        "datePublished": str(provenance["date"])[:10],
        "license": _ids(entity["@id"] for entity in licences),
        "hasPart": _ids(["site/", *(name for name in described if not name.startswith("site/"))]),
        "mentions": {"@id": "#build"},
    }
    site = {
        "@id": "site/",
        "@type": "Dataset",
        "name": "The site",
        "description": "Open site/index.html in a browser; site/data holds the numbers.",
        "hasPart": _ids(name for name in described if name.startswith("site/")),
    }
    built = {
        "@id": "#build",
        "@type": "CreateAction",
        "name": str(provenance["command"]),
        "endTime": str(provenance["date"]),
        "instrument": {"@id": "#attnatlas"},
        "object": _ids([*corpora, *models, "settings.json"]),
        "result": {"@id": "site/"},
    }
    software = {
        "@id": "#attnatlas",
        "@type": "SoftwareApplication",
        "name": "attnatlas",
        "version": provenance["versions"].get("attnatlas", ""),
        "softwareRequirements": {"@id": "environment.txt"},
    }
    return {"@context": CONTEXT, "@graph": [_own(), root, site, *files, built, software, *licences]}


def _own() -> Entity:
    return {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": "./"},
    }


def _is_described(name: str) -> bool:
    """Return whether a file is told of by itself: numbers and texts; pages are the site's."""
    inside = name.removeprefix("site/")
    return inside == name or inside in ("index.html", "atlas.json") or inside.startswith("data/")


def _file(name: str, size: int) -> Entity:
    found: Entity = {"@id": quote(name), "@type": "File", "contentSize": str(size)}
    found["name"] = name.rpartition("/")[2]
    if kind := TYPES.get(name.rpartition(".")[2]):
        found["encodingFormat"] = kind
    if about := ABOUT.get(name):
        found["description"] = about
    return found


def _licences(corpora: Iterable[Mapping[str, Any]]) -> Iterator[Entity]:
    """Yield the licences of the corpora, each once; that none is stated is said."""
    stated = dict.fromkeys(str(corpus["licence"]) or "not stated" for corpus in corpora)
    for number, licence in enumerate(stated, 1):
        known = SPDX.fullmatch(licence)
        place = f"https://spdx.org/licenses/{licence}" if known else f"#licence-{number}"
        yield {"@id": place, "@type": "CreativeWork", "name": licence}


def _ids(names: Iterable[str]) -> list[dict[str, str]]:
    return [{"@id": name if name.startswith(("#", "http")) else quote(name)} for name in names]
