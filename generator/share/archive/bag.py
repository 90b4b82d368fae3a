"""A site in a bag: payload, fixity and a description, by BagIt 1.0 (RFC 8493).

The payload is an RO-Crate: the site, the texts it was made of, the settings, the software, what is
known of the models, and how to cite it. The same site gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from ...corpus.record import FIELDS
from .crate import METADATA, crate

SITE = "site/"
ENCODING = "Tag-File-Character-Encoding: UTF-8"
VERSION = "BagIt-Version: 1.0"
PAYLOAD, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"


def bag(contents: Mapping[str, bytes], atlas: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a bag by name; `contents` is all of a site by address."""
    payload = {f"{SITE}{url}": content for url, content in contents.items()}
    payload |= dict(_beside(atlas))
    payload[METADATA] = _json(crate(payload, atlas))
    files = {f"data/{name}": content for name, content in payload.items()}
    size = sum(map(len, files.values()))
    tags = {
        "bagit.txt": f"{VERSION}\n{ENCODING}\n".encode(),
        "bag-info.txt": _info(atlas, size, len(files)),
        PAYLOAD: _manifest(files),
    }
    return {**files, **tags, TAGS: _manifest(tags)}


def _beside(atlas: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield what stands beside the site: texts, settings, software, models, citation."""
    for corpus in atlas["provenance"]["corpora"]:
        rows = [_row(one) for one in atlas["records"] if one["corpus"] == corpus["name"]]
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        yield f"corpus/{file_name(corpus['name'])}.jsonl", "".join(f"{x}\n" for x in lines).encode()
    for model in atlas["models"]:
        facts = {name: value for name, value in model.items() if name not in ("page", "head_pages")}
        yield f"models/{file_name(model['name'])}.json", _json(facts)
    yield "settings.json", _json(atlas["settings"])
    versions = atlas["provenance"]["versions"].items()
    pins = [f"{name}=={version}\n" for name, version in versions if name != "python"]
    python = f"# Python {dict(versions).get('python', '')}\n"
    yield "environment.txt", "".join([python, *pins]).encode()
    yield "CITATION.cff", citation(atlas).encode()


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as a corpus file holds it."""
    return {name: value for name, value in record.items() if name in FIELDS}


def file_name(name: str) -> str:
    """Return the name of a file for a corpus or a model."""
    from ...names import slug

    return slug(name)


def citation(atlas: Mapping[str, Any]) -> str:
    """Return CITATION.cff (1.2.0); who made the atlas is not known, and has to be filled in."""
    provenance = atlas["provenance"]
    title = json.dumps(str(atlas["title"]), ensure_ascii=False)
    version = json.dumps(str(provenance["versions"].get("attnatlas", "")))
    return (
        "cff-version: 1.2.0\n"
        "message: Cite the models and the corpora, too; their licences are in this bag.\n"
        "type: dataset\n"
        f"title: {title}\n"
        "authors:\n"
        "  - name: anonymous # put the names of those who made this atlas here\n"
        f"date-released: {str(provenance['date'])[:10]}\n"
        f"abstract: Attention of models over texts, computed by attnatlas.\n"
        "references:\n"
        "  - type: software\n"
        "    title: attnatlas\n"
        f"    version: {version}\n"
        "    authors:\n"
        "      - name: the authors of attnatlas\n"
    )


def _info(atlas: Mapping[str, Any], size: int, files: int) -> bytes:
    provenance = atlas["provenance"]
    fields = {
        "Bag-Software-Agent": f"attnatlas {provenance['versions'].get('attnatlas', '')}",
        "Bagging-Date": str(provenance["date"])[:10],
        "External-Description": " ".join(str(atlas["title"]).split()),
        "Payload-Oxum": f"{size}.{files}",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items()).encode()


def _manifest(files: Mapping[str, bytes]) -> bytes:
    """Return a line a file: its sha256, two spaces, its name with line ends and % escaped."""
    lines = (f"{hashlib.sha256(files[n]).hexdigest()}  {_escaped(n)}\n" for n in sorted(files))
    return "".join(lines).encode()


def _escaped(name: str) -> str:
    return name.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()
