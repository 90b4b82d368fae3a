"""The models of a site where they can be had, and whether they are the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...config import Settings
from ...errors import AtlasError
from ...models import ModelSource, resolve_model
from ...zoo import zoo_names


@dataclass(frozen=True, slots=True)
class Weights:
    """A model of a site: `source` is where it is at hand, None where it is not.

    `says` is what a reader must know: why it is not at hand, or what of it is not the same.
    """

    name: str
    source: ModelSource | None
    says: str = ""

    @property
    def same(self) -> bool:
        """Return whether the model at hand is the one that the site names."""
        return self.source is not None and not self.says


def weights_of(model: Mapping[str, Any], given: Mapping[str, str], settings: Settings) -> Weights:
    """Return the model that an entry of atlas.json names.

    `given` says where models are, by their name in the site; `settings` are those of the site.
    """
    name = str(model["name"])
    if name not in given and model.get("source") in ("arrays", "object"):
        whence = {"arrays": "arrays that were given", "object": "a model in memory"}
        return Weights(name, None, f"its numbers come from {whence[model['source']]}")
    chosen = replace(settings, revision=model.get("revision"), offline=True)
    found, reason = [], ""
    for place in dict.fromkeys(_places(model, given, settings)):
        try:
            found.append(resolve_model(place, chosen))
        except AtlasError as error:
            reason = reason or error.message
    if not found:
        return Weights(name, None, reason)
    best = min(found, key=lambda one: len(_differs(model, one)))
    named = replace(best, info=replace(best.info, name=name))
    return Weights(name, named, " and ".join(_differs(model, best)))


def _places(
    model: Mapping[str, Any], given: Mapping[str, str], settings: Settings
) -> Iterator[str]:
    """Yield where a model may be: where it was said to be, else as it was named."""
    name = str(model["name"])
    if name in given:
        yield given[name]
        return
    yield from (rest for called, _, rest in map(_parted, settings.models) if called == name)
    yield name
    if model.get("source") == "embedded":
        yield from zoo_names()


def _parted(model: str) -> tuple[str, str, str]:
    return model.partition("=")


def _differs(model: Mapping[str, Any], found: ModelSource) -> list[str]:
    """Return what of a model is not what the site names."""
    parts = {"weights_sha256": "the weights", "tokenizer_sha256": "the tokenizer"}
    differ = [what for name, what in parts.items() if model.get(name) != getattr(found.info, name)]
    return [
        *differ,
        *([] if model.get("architecture") == found.info.architecture else ["the kind"]),
    ]
