"""Run the models of a site once more on some of its texts, and compare all numbers."""

from __future__ import annotations

import dataclasses
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...config import Settings
from ...report import Progress, Silence
from ..built_site import FINDINGS, BuiltSite
from ..check.everything import Report, check
from ..check.recomputed import ROUNDED, otherwise, rows_of
from ..numbers import data_folder
from .batches import batch_mates, origin_of, read_together
from .compare import allowed, differences, said_otherwise
from .weights import Weights, weights_of

if TYPE_CHECKING:
    from ...corpus import Corpus
    from ...models import LoadedModel
    from ...sources import CapturedRecord

STATED = (
    *("numbers", "task", "max_tokens", "beams", "dtype", "device", "threads", "batch_size"),
    *("also", "without"),
)
"""Settings of a site that decide what its models compute."""


@dataclass(frozen=True, slots=True)
class Model:
    """What running one model again has shown. `largest` is a difference by kind of tensor."""

    name: str
    says: str
    at_hand: bool
    texts: int
    of: int
    largest: dict[str, float]
    allowed: dict[str, float]
    wrong: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Return whether it is the same model and gives the same numbers, within tolerances."""
        return self.at_hand and not self.says and not self.wrong


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked without a model, and with each."""

    check: Report
    models: tuple[Model, ...]

    @property
    def good(self) -> bool:
        """Return whether all is as the site says, and all of it could be looked at."""
        return self.check.good and all(model.good for model in self.models)

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        models = [{"good": model.good, **dataclasses.asdict(model)} for model in self.models]
        return {"good": self.good, "check": self.check.to_json(), "models": models}


def verify(
    site: BuiltSite,
    *,
    sample: int | None = 3,
    seed: int = 0,
    given: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Verification:
    """Check a site, and run each of its models on `sample` texts again; None runs all of them.

    `given` says where models are, by their name in the site.
    """
    say = progress or Silence()
    report = check(site, progress=say)
    settings = _settings(site.atlas.get("settings") or {})
    models = []
    if settings.numbers != "none":
        with data_folder(site) as folder:
            for entry in site.atlas["models"]:
                weights = weights_of(entry, given or {}, settings)
                models.append(_model(site, folder, weights, settings, sample, seed, say))
    return Verification(report, tuple(models))


def _settings(stated: Mapping[str, Any]) -> Settings:
    """Return the settings that a site states, as far as they decide what models compute."""
    names = (*STATED, "models", "allow_pickle")
    found = {name: stated[name] for name in names if stated.get(name) is not None}
    lists = {n: tuple(map(str, value)) for n, value in found.items() if isinstance(value, list)}
    return Settings(**{**found, **lists})


def _model(
    site: BuiltSite,
    folder: Path,
    weights: Weights,
    settings: Settings,
    sample: int | None,
    seed: int,
    progress: Progress,
) -> Model:
    from ...models import load_model
    from ...sources import ArraysSource

    source = ArraysSource(folder)
    info = next(model for model in source.models if model.name == weights.name)
    readings = source.readings(info)
    if weights.source is None:
        return Model(weights.name, weights.says, False, 0, len(readings), {}, {}, ())
    chosen = readings
    if sample is not None and sample < len(readings):
        chosen = random.Random(seed).sample(readings, sample)  # noqa: S311 - no secret
    with tempfile.TemporaryDirectory() as work:
        own = replace(settings, store=Path(work) / "store", models=())
        if sample is not None:
            own = replace(own, without=(*own.without, *_of_whole_model(own)))
        loaded = load_model(weights.source, own)
        found = _Anew(loaded, own, chosen, batch_mates(readings, chosen), progress)
        largest, wrong = found.compare(Path(work))
        wrong += found.findings(site) if sample is None else ()
    bounds = {name: allowed(name, settings.numbers) for name in largest}
    wrong += tuple(
        f"{name} differs by {value:.2g}; {bounds[name]:g} is allowed"
        for name, value in largest.items()
        if not value <= bounds[name]
    )
    says = f"{weights.says} at hand is another one than the site names" if weights.says else ""
    return Model(weights.name, says, True, len(chosen), len(readings), largest, bounds, wrong)


def _of_whole_model(settings: Settings) -> list[str]:
    """Return what a model is asked beside its texts."""
    from ...analyses import TWINS, model_probes

    return [TWINS, *(probe.name for probe in model_probes(settings.also, settings.without))]


class _Anew:
    """A model that reads some texts again, and is asked what it was asked of them.

    Those `beside` are read with them, in the same batches, since another batch moves last digits.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        settings: Settings,
        readings: Sequence[CapturedRecord],
        beside: Sequence[CapturedRecord],
        progress: Progress,
    ) -> None:
        from ...engine import compute
        from ...sources import ModelsSource

        self.settings, self.readings = settings, readings
        self.source = ModelsSource(settings, [*_corpora(readings)], [loaded])
        read_together(loaded, settings, ModelsSource(settings, [*_corpora(beside)], [loaded]))
        self.kept = compute(self.source, settings, progress)

    def compare(self, work: Path) -> tuple[dict[str, float], tuple[str, ...]]:
        """Return the largest difference by kind of tensor, and what else is not the same."""
        from ...data.record_files import read_record
        from ...site.write import write_numbers

        largest: dict[str, float] = {}
        wrong = []
        before = {(one.corpus.name, one.record.id): one for one in self.readings}
        done = set()
        for reading in self.kept.readings(self.source.models[0]):
            place = (reading.corpus.name, reading.record.id)
            done.add(place)
            capture, found = self.kept.capture(reading), self.kept.record(reading)
            path = work / "anew.safetensors"
            paths = write_numbers(path, capture, found.results, self.settings, {})
            anew = read_record(paths[0] if len(paths) == 1 else path.with_suffix(""))
            old = read_record(origin_of(before[place]))
            for name, value in differences(old, anew):
                largest[name] = max(value, largest.get(name, 0.0))
            if what := said_otherwise(old, anew):
                wrong.append(f"{reading.record.id!r}: {what}")
        wrong += [f"{name!r}: the model cannot read it" for _, name in before.keys() - done]
        return dict(sorted(largest.items())), tuple(wrong)

    def findings(self, site: BuiltSite) -> tuple[str, ...]:
        """Return each finding of the model that is not what running it again gives."""
        name = self.source.models[0].name
        said = {str(one.get("id")): one for one in site.findings if one.get("model") == name}
        anew, _ = rows_of(self.kept)
        pairs = [(one, said[one], anew[one]) for one in said.keys() & anew.keys()]
        found = [(one, otherwise(old, new, ROUNDED)) for one, old, new in pairs if old["level"]]
        return tuple(f"{FINDINGS}: {one} {what}" for one, what in sorted(found) if what)


def _corpora(readings: Sequence[CapturedRecord]) -> Iterator[Corpus]:
    """Yield the corpora of some readings, each with their records alone."""
    for corpus in dict.fromkeys(reading.corpus.name for reading in readings):
        own = [reading for reading in readings if reading.corpus.name == corpus]
        yield replace(own[0].corpus, records=tuple(reading.record for reading in own))
