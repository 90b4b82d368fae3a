"""Run models in this process: captures first, then what asks the model, while it is in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ..analyses import chosen, model_probes
from ..analyses.analysis import ModelProbe, PairProbe, RecordProbe
from ..capture import Capture, ModelInfo
from ..capture.precision import as_published
from ..config import Settings
from ..corpus import Skipped
from ..redaction.values import hidden_capture
from ..report import Progress
from ..results.shapes import Failure, Result, Table
from ..sources import CapturedRecord, ModelsSource
from ..store import digest, sharded
from .analyse import OneText, attempt, place_words
from .kept import Kept
from .keys import probe_key, seen
from .pairs import Partners, pair_key, partners

if TYPE_CHECKING:
    from ..models import LoadedModel


class LocalModels:
    """The models of a build, each loaded only if the store lacks something of it."""

    def __init__(
        self, source: ModelsSource, kept: Kept, settings: Settings, progress: Progress
    ) -> None:
        self.source, self.kept = source, kept
        self.settings, self.progress = settings, progress
        self.probes = chosen(RecordProbe, also=settings.also, without=settings.without)
        self.of_pairs = chosen(PairProbe, also=settings.also, without=settings.without)
        self.of_model = model_probes(settings.also, settings.without)
        self.fields = sorted({n for probe in (*self.probes, *self.of_pairs) for n in probe.fields})
        """What all probes see of a record: they share what they find out about a text."""
        self._captured: set[str] = set()
        self._partners: Partners = {}

    def run(self) -> None:
        """Capture every text with every model, and ask the models what is not known yet."""
        for model in self.source.models:
            readings = self.source.readings(model)
            self._partners = partners(readings)
            texts = [OneText(self.kept, reading) for reading in readings]
            missing = [reading for reading in readings if not self._settled(reading)]
            open_ = [text for text in texts if not self._answered(text)]
            own = [p for p in self.of_model if not self._known(model, p)]
            remarks = digest([self.source.model_key(model), "remarks"])
            if missing or open_ or own or self.kept.ledger.state(remarks) is None:
                self._with_model(model, missing, texts, remarks)
            said = self.kept.ledger.result(remarks).tables["remarks"].rows
            self.kept.remarks[model.name] = tuple(str(sentence) for (sentence,) in said)
            for probe in self.of_model:
                keys = self.kept.of_models.setdefault(model.name, {})
                keys[probe.name] = probe_key(self.source.model_key(model), probe)
            self._list_unread(readings)
        self.kept.ledger.flush()

    def _with_model(
        self,
        model: ModelInfo,
        missing: Sequence[CapturedRecord],
        texts: Sequence[OneText],
        remarks: str,
    ) -> None:
        loaded = self.source.load(model)
        said = Table(("remark",), tuple((sentence,) for sentence in loaded.remarks))
        self.kept.ledger.put(remarks, Result("weights", tables={"remarks": said}))
        if missing:
            self._capture(loaded, missing)
        open_ = [t for t in texts if self._has(t.reading) and not self._answered(t)]
        with self.progress.stage(f"asking {model.name}", len(open_)) as advance:
            for text in open_:
                self._ask(loaded, text)
                advance(1)
        self._ask_of_model(loaded, model)

    def _capture(self, loaded: LoadedModel, missing: Sequence[CapturedRecord]) -> None:
        from ..capture.run import capture_records

        once = [*{reading.key: reading for reading in missing}.values()]
        store, settings = self.kept.store, self.settings
        with self.progress.stage(f"reading with {loaded.info.name}", len(once)) as advance:

            def captured() -> Iterator[tuple[str, Capture]]:
                records = [reading.record for reading in once]
                for index, found in capture_records(loaded, records, settings, store.claim()):
                    advance(1)
                    key = once[index].key
                    if isinstance(found, Capture):
                        found = as_published(found, settings.numbers)
                    if isinstance(found, Capture) and self.kept.redactor is not None:
                        found = hidden_capture(found, self.kept.redactor)
                    if isinstance(found, Skipped):
                        self.kept.ledger.put(_unread_key(key), Failure(found.reason, found.passing))
                    else:
                        self._captured.add(key)
                        yield key, found

            for shard in sharded(captured()):
                store.put(shard)

    def _ask(self, loaded: LoadedModel, text: OneText) -> None:
        from ..capture.run import Run
        from ..probes import remembering

        with Run(loaded, self.settings).session(), remembering():
            capture = seen(text.capture, self.fields)
            for probe in self.probes:
                key = text.key(probe, self.fields)
                if self.kept.ledger.state(key) is None:

                    def compute(probe: RecordProbe = probe) -> Result:
                        return probe.compute(capture, loaded, text.before(probe))

                    of = place_words(text.reading)
                    self.kept.ledger.put(key, attempt(probe, of, compute, self.settings))
                text.keys[probe.name] = key
            self._ask_of_pair(loaded, text, capture)

    def _ask_of_pair(self, loaded: LoadedModel, text: OneText, capture: Capture) -> None:
        other = self._partner(text.reading)
        for probe in self.of_pairs if other is not None else ():
            assert other is not None
            key = pair_key(text.reading, other, probe, self.fields)
            if self.kept.ledger.state(key) is None:
                second = seen(OneText(self.kept, other).capture, self.fields)
                compute = partial(probe.compute, capture, second, loaded)
                of = place_words(text.reading)
                self.kept.ledger.put(key, attempt(probe, of, compute, self.settings))
            text.keys[probe.name] = key

    def _partner(self, reading: CapturedRecord) -> CapturedRecord | None:
        """Return the second text of the pair that a text is the first of, where it was read."""
        other = self._partners.get(reading.place)
        return other if other is not None and self._has(other) else None

    def _ask_of_model(self, loaded: LoadedModel, model: ModelInfo) -> None:
        for probe in self.of_model:
            key = probe_key(self.source.model_key(model), probe)
            if self.kept.ledger.state(key) is None:
                of = f"model {model.name!r}"
                compute = partial(probe.compute, loaded)
                self.kept.ledger.put(key, attempt(probe, of, compute, self.settings))

    def _answered(self, text: OneText) -> bool:
        """Return whether every probe of a text is known; notes the keys as it goes."""
        for probe in self.probes:
            key = text.key(probe, self.fields)
            if self.kept.ledger.state(key) is None:
                return not self._has(text.reading) and self._settled(text.reading)
            text.keys[probe.name] = key
        return self._answered_as_pair(text)

    def _answered_as_pair(self, text: OneText) -> bool:
        other = self._partner(text.reading)
        for probe in self.of_pairs if other is not None else ():
            assert other is not None
            key = pair_key(text.reading, other, probe, self.fields)
            if self.kept.ledger.state(key) is None:
                return False
            text.keys[probe.name] = key
        return True

    def _known(self, model: ModelInfo, probe: ModelProbe) -> bool:
        key = probe_key(self.source.model_key(model), probe)
        return self.kept.ledger.state(key) is not None

    def _has(self, reading: CapturedRecord) -> bool:
        """Return whether there is a capture; with `force` only one of this build."""
        if self.settings.force and reading.key not in self._captured:
            return False
        return self.kept.store.has(reading.key)

    def _settled(self, reading: CapturedRecord) -> bool:
        """Return whether a text was read, or it is known why it cannot be."""
        return self._has(reading) or self.kept.ledger.state(_unread_key(reading.key)) is Failure

    def _list_unread(self, readings: Sequence[CapturedRecord]) -> None:
        for reading in readings:
            if self._has(reading):
                continue
            failure = self.kept.ledger.failure(_unread_key(reading.key))
            self.kept.unread[reading.place] = Skipped(
                reading.named, failure.reason, failure.passing
            )


def _unread_key(key: str) -> str:
    """Return what the reason is kept under for which there is no capture of a key."""
    return digest([key, "unread"])
