"""JSON files against the schemas that the package ships."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

from ...gates import GATES
from ..archives import DamagedError
from ..built_site import ATLAS, FINDINGS, BuiltSite
from .problem import Note, Problem
from .tensors import header_of

RESULTS = "results.json"


def formats(site: BuiltSite) -> Iterator[Problem | Note]:
    """Yield the first thing in each JSON file that its schema does not allow."""
    if find_spec("jsonschema") is None:
        yield Note("Formats were not compared with their schemas: jsonschema is not installed.")
        return
    kinds = {
        "atlas": [ATLAS],
        "findings": [FINDINGS],
        "gates": [GATES] if GATES in site.manifest else [],
        "results": [url for url in site.manifest if _ends(url, RESULTS)],
        "header": [url for url in site.manifest if url.endswith(".safetensors")],
    }
    for kind, urls in kinds.items():
        yield from _of_kind(site, kind, [url for url in urls if url in site.files])


def _ends(url: str, name: str) -> bool:
    return url.startswith("data/") and url.endswith(f"/{name}")


def _of_kind(site: BuiltSite, kind: str, urls: list[str]) -> Iterator[Problem]:
    from jsonschema.validators import validator_for

    schema = json.loads(files("attnatlas.schemas").joinpath(f"{kind}.schema.json").read_text())
    validator = validator_for(schema)(schema, registry=_registry())
    for url in urls:
        try:
            content: Any = header_of(site, url) if kind == "header" else site.json(url)
        except DamagedError as error:
            yield Problem(url, error.reason, "format")
            continue
        for wrong in validator.iter_errors(content):
            place = "/".join(map(str, wrong.absolute_path))
            said = f"{wrong.message[:120]} (at {place or 'the top'})"
            yield Problem(url, f"is not as its schema wants it: {said}", "format")
            break


def _registry() -> Any:
    """Return all shipped schemas by their id, since they refer to each other."""
    from referencing import Registry, Resource

    folder = files("attnatlas.schemas")
    texts = [part.read_text() for part in folder.iterdir() if part.name.endswith(".json")]
    found = [Resource.from_contents(json.loads(text)) for text in texts]
    return Registry().with_resources([(resource.id() or "", resource) for resource in found])
