"""What a site holds, as far as two sites are compared: by keys that are the same in both."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from ..built_site import BuiltSite
from ..check.tensors import header_of
from .states import Number

TEXT_FIELDS = ("text", "pair", "target", "label", "labels")
MODEL_FIELDS = ("weights_sha256", "tokenizer_sha256", "revision", "dtype", "device", "architecture")
UNTOLD = frozenset({"title", "base_url", "output", "store", "force", "offline", "strict"})
"""Settings that change no number."""

HeadKey = tuple[str, int, int, str]
"""Kind, layer, head and measure."""


@dataclass(frozen=True)
class Side:
    """One of two sites. `names` says what to call its models, so that they match the other's."""

    site: BuiltSite
    names: Mapping[str, str]

    @property
    def models(self) -> dict[str, dict[str, Any]]:
        """Return what pins each model, by name."""
        return {self.names[one["name"]]: one for one in self.site.atlas["models"]}

    @cached_property
    def texts(self) -> dict[str, dict[str, Any]]:
        """Return the records by corpus and id; by id alone where there is one corpus."""
        records = self.site.atlas["records"]
        several = len({one["corpus"] for one in records}) > 1
        return {f"{one['corpus']}: {one['id']}" if several else one["id"]: one for one in records}

    @property
    def settings(self) -> dict[str, str]:
        """Return the settings that can change a number, as text."""
        stated = self.site.atlas.get("settings") or {}
        return {name: json.dumps(value) for name, value in stated.items() if name not in UNTOLD}

    @property
    def software(self) -> dict[str, str]:
        """Return versions by name."""
        return {k: str(v) for k, v in self.site.atlas["provenance"]["versions"].items()}

    @cached_property
    def findings(self) -> dict[str, dict[str, Any]]:
        """Return findings by model and key."""
        found = {}
        for one in self.site.findings:
            model = self.names.get(one.get("model") or "", "")
            found[f"{model}: {self._renamed(str(one.get('key') or one['id']))}"] = one
        return found

    def _renamed(self, key: str) -> str:
        for name, shared in self.names.items():
            key = key.replace(name, shared)
        return key

    def heads(self, model: str) -> dict[HeadKey, Number]:
        """Return the measures of the heads of a model, with their intervals."""
        page = self.models[model]["page"]
        url = f"data/{PurePosixPath(page).stem}/heads_intervals.csv"
        if url not in self.site.files:
            return {}
        try:
            rows = csv.DictReader(self.site.text(url).splitlines())
            return {
                (row["kind"], int(row["layer"]), int(row["head"]), row["metric"]): Number(
                    *(float(row[name]) for name in ("value", "low", "high") if row[name])
                )
                for row in rows
            }
        except (KeyError, TypeError, ValueError) as error:
            raise self.site.damaged(url, "it is not the table of heads of a build") from error

    def answers(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        """Yield (model, text, page, prediction) of everything that was read."""
        several = len({one["corpus"] for one in self.site.atlas["records"]}) > 1
        for one in self.site.atlas["captures"]:
            text = f"{one['corpus']}: {one['record']}" if several else one["record"]
            if url := self._data(one.get("data")):
                said = header_of(self.site, url).get("prediction") or {}
                yield self.names[one["model"]], text, one["page"], said

    def _data(self, url: str | None) -> str | None:
        """Return where the header of a data file is: in it, or in that of its first layer."""
        parts = [url, f"{url.removesuffix('.safetensors')}/L00.safetensors"] if url else []
        return next((part for part in parts if part in self.site.files), None)


def sides(one: BuiltSite, other: BuiltSite) -> tuple[Side, Side]:
    """Return two sites with names for their models: those of the second where each has one."""
    names = [[str(model["name"]) for model in site.atlas["models"]] for site in (one, other)]
    own = {name: name for name in (*names[0], *names[1])}
    if len(names[0]) == len(names[1]) == 1:
        own = {names[0][0]: names[1][0], names[1][0]: names[1][0]}
    return Side(one, own), Side(other, own)
