"""Run a model over records: batches of equal length in, one Capture a record out."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import torch

from ..config import Settings
from ..corpus import Record, RecordError, Skipped
from ..errors import AtlasError, ExplainedError, InputError, ResourceError
from ..models import LoadedModel
from ..models.load import quiet
from .attend import Layers, attend
from .layers import LayerFile, ScratchFiles
from .limits import free_memory, token_limit
from .maps import AttentionMap, Capture, Kind
from .predict import Prediction, predict, translation
from .stack import Stacks
from .tokens import Reader, TokenizedText
from .unpadded import unpadded
from .write import DecoderInput, generate, given, repeated

CHUNK = 1024
BATCH_BYTES = 256_000_000
SMALL = 20_000_000
"""Below so many weights, a second thread costs more than it gives: a third of the CPU, or more."""
MOST_AT_ONCE, SHARE = 64, 16
"""With `--batch-size auto`: the most records, and how often one layer must fit into free memory."""


@dataclasses.dataclass(frozen=True, slots=True)
class RecordInput:
    """A record on its way through the model: its place, its tokens, and what the decoder gets."""

    index: int
    record: Record
    source: TokenizedText
    written: DecoderInput | None = None

    @property
    def shape(self) -> tuple[int, int, str]:
        """Records of one batch share their lengths in tokens and the language to write in."""
        decoded = len(self.written.ids) if self.written else 0
        return len(self.source), decoded, self.record.target_lang or ""


T = TypeVar("T")
Work = Callable[[list[RecordInput]], Sequence[Callable[[], T]]]
"""What is done to a batch at once, and for each of its records what is left to do."""


def capture_records(
    loaded: LoadedModel,
    records: Sequence[Record],
    settings: Settings,
    folder: Path | None = None,
) -> Iterator[tuple[int, Capture | Skipped]]:
    """Yield `(place in records, capture)`, each record once, in an order that suits the batches.

    A record that cannot be read comes as Skipped, or raises InputError if `settings.strict`.
    Nothing is padded, and nothing is kept once it is yielded. Layers that are large lie on disk,
    in files in `folder` that have no name and end with the run.
    """
    run = Run(loaded, settings, folder)
    for first in range(0, len(records), CHUNK):
        for index, found in run.chunk(records[first : first + CHUNK]):
            if isinstance(found, Skipped) and settings.strict:
                raise InputError(f"{found.where}: {found.reason}.")
            yield first + index, found


class Run:
    """One model, ready to take records."""

    def __init__(self, loaded: LoadedModel, settings: Settings, folder: Path | None = None) -> None:
        self.loaded, self.settings, self.scratch = loaded, settings, ScratchFiles(folder)
        self.model, self.info, config = loaded.model, loaded.info, loaded.model.config
        limit = token_limit(config, loaded.tokenizer, settings.max_tokens)
        self.reader = Reader(loaded.tokenizer, limit, masks=loaded.task == "masked-lm")
        self.stacks = Stacks.of(loaded.model, loaded.info)
        self.arguments = set(inspect.signature(loaded.model.forward).parameters)
        several = (getattr(config, "type_vocab_size", 0) or 0) > 1 or config.model_type == "xlnet"
        self.segmented = several and "token_type_ids" in loaded.tokenizer.model_input_names
        self.two_stacks = loaded.info.family == "encoder-decoder"

    def chunk(self, records: Sequence[Record]) -> Iterator[tuple[int, Capture | Skipped]]:
        """Yield a capture for each record: cut all texts into tokens first, then go by length."""
        entries = []
        for index, record in enumerate(records):
            try:
                entries.append(RecordInput(index, record, self.source(record)))
            except Exception as error:  # a tokenizer may raise anything at an odd text
                yield index, _skipped(record, error)
        if self.two_stacks:
            written = list(self.batches(entries, self.write))
            yield from ((entry.index, bad) for entry, bad in written if isinstance(bad, Skipped))
            entries = [found for _, found in written if isinstance(found, RecordInput)]
        yield from ((entry.index, found) for entry, found in self.batches(entries, self.read))

    def source(self, record: Record) -> TokenizedText:
        """Return the text of a record in tokens that the model knows.

        A decoder that writes reads on in the record's target, as its continuation.
        """
        goes_on = self.loaded.task == "causal-lm" and record.target
        read = self.reader.continued if goes_on else self.reader.source
        return _known(read(record), self.model)

    def target(self, record: Record) -> DecoderInput:
        """Return the target of a record, in tokens that the decoder knows."""
        _known(self.reader.target(record), self.model.get_decoder())
        return given(self.model, self.reader, record)

    def batches(
        self, entries: list[RecordInput], work: Work[T]
    ) -> Iterator[tuple[RecordInput, T | Skipped]]:
        """Do the work on batches of equal shape, and finish it for one record at a time."""
        for _, group in groupby(sorted(entries, key=lambda e: e.shape), key=lambda e: e.shape):
            equal = list(group)
            size = self.batch_size(equal[0])
            for first in range(0, len(equal), size):
                yield from self.one_batch(equal[first : first + size], work)

    def batch_size(self, entry: RecordInput) -> int:
        """Return how many records like this one to read at once, within bounded memory."""
        source, decoded, _ = entry.shape
        numbers = source**2 + decoded**2 + source * decoded
        layer = 4 * max(self.info.heads, 1) * numbers
        most = self.settings.batch_size
        if most == "auto":
            return max(1, min(MOST_AT_ONCE, free_memory(self.model.device) // (SHARE * layer)))
        return max(1, min(most, BATCH_BYTES // (layer * max(self.info.layers, 1))))

    def one_batch(
        self, batch: list[RecordInput], work: Work[T]
    ) -> Iterator[tuple[RecordInput, T | Skipped]]:
        """Do the work; record by record where it fails, so that only the bad ones are left out."""
        try:
            with self.session():
                finishers = work(batch)
        except Exception as error:  # of any model's own code
            if len(batch) == 1:
                yield batch[0], self.failed(batch[0], error)
                return
            for entry in batch:
                yield from self.one_batch([entry], work)
            return
        for entry, finish in zip(batch, finishers, strict=True):
            try:
                found: T | Skipped = finish()
            except Exception as error:
                found = self.failed(entry, error)
            yield entry, found

    def failed(self, entry: RecordInput, error: Exception) -> Skipped:
        """Return why a record is left out; raise what would befall any other record too."""
        if isinstance(error, AtlasError):
            raise error
        if isinstance(error, MemoryError) or "memory" in str(error).lower():
            raise ResourceError(
                f"Out of memory over record {entry.record.id!r} with {len(entry.source)} tokens; "
                "give --batch-size 1 or a lower --max-tokens."
            ) from error
        return _skipped(entry.record, error)

    @contextmanager
    def session(self) -> Iterator[None]:
        """Set the model and torch up for reading, and put both back after."""
        threads, training = torch.get_num_threads(), self.model.training
        torch.set_num_threads(self.settings.threads or self.threads(threads))
        if training:
            self.model.eval()
        try:
            with quiet(), unpadded(self.loaded), torch.no_grad():
                yield
        finally:
            if training:
                self.model.train()
            torch.set_num_threads(threads)

    def threads(self, most: int) -> int:
        """Return how many threads are worth their cost: one, where there is little to share out."""
        weights = self.info.parameters or sum(one.numel() for one in self.model.parameters())
        return 1 if weights < SMALL else most

    def write(self, batch: list[RecordInput]) -> list[Callable[[], RecordInput]]:
        """Return each entry with what its decoder is to be given."""
        task = self.loaded.task
        has_target = [task in ("translation", "none") and bool(e.record.target) for e in batch]
        openings = [entry.source for entry, has in zip(batch, has_target, strict=True) if not has]
        if openings and task == "translation":
            found = iter(self.generate(openings, batch[0].record))
        else:
            found = (repeated(self.model, self.reader, source) for source in openings)
        return [
            partial(
                dataclasses.replace,
                entry,
                written=self.target(entry.record) if has else next(found),
            )
            for entry, has in zip(batch, has_target, strict=True)
        ]

    def generate(self, sources: Sequence[TokenizedText], record: Record) -> list[DecoderInput]:
        """Return what the model writes from sources of equal length."""
        return generate(self.model, self.reader, sources, record, self.settings.beams)

    def read(self, batch: list[RecordInput]) -> list[Callable[[], Capture]]:
        """Run the model once; what is returned makes a capture out of each row."""
        file = LayerFile(self.scratch)
        output, layers = attend(self.model, self.inputs(batch), file.add)
        self.stacks.check_layers(layers)
        map_of = partial(self.stacks.map_of, file)
        return [
            partial(self.capture, entry, row, output, layers, map_of)
            for row, entry in enumerate(batch)
        ]

    def inputs(self, batch: list[RecordInput]) -> dict[str, Any]:
        """Return the tensors of a batch, [record, token]."""
        ids = self.tensor([entry.source.ids for entry in batch])
        inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        if self.segmented:
            inputs["token_type_ids"] = self.tensor([entry.source.segments for entry in batch])
        if self.two_stacks:
            written = [entry.written.ids for entry in batch if entry.written]
            inputs["decoder_input_ids"] = self.tensor(written)
        return {**inputs, **({"use_cache": False} if "use_cache" in self.arguments else {})}

    def tensor(self, rows: list[tuple[int, ...]]) -> torch.Tensor:
        """Return rows of numbers where the model is."""
        return torch.tensor(rows, device=self.model.device)

    def capture(
        self,
        entry: RecordInput,
        row: int,
        output: Any,
        layers: dict[Kind, Layers],
        map_of: Callable[..., AttentionMap],
    ) -> Capture:
        """Return what the model did with one record of a batch."""
        source, written = entry.source, entry.written
        sides = {
            "self": (source.tokens, source.tokens),
            "encoder": (source.tokens, source.tokens),
            "decoder": (written.tokens, written.tokens) if written else ((), ()),
            "cross": (written.tokens if written else (), source.tokens),
        }
        maps = tuple(map_of(kind, found, row, *sides[kind]) for kind, found in layers.items())
        if written:
            maps = tuple(_with_predicted(part, written) for part in maps)
        return Capture(
            model=self.info,
            record=entry.record,
            maps=maps,
            prediction=self.prediction(entry, row, output),
            truncated=source.truncated + (written.truncated if written else 0),
        )

    def prediction(self, entry: RecordInput, row: int, output: Any) -> Prediction:
        """Return what the model said about one record of a batch."""
        written = entry.written
        if self.loaded.task == "translation" and written:
            return translation(output.logits[row], written)
        return predict(self.loaded, output, row, entry.source)


def _known(reading: TokenizedText, model: Any) -> TokenizedText:
    """Return what was read, or raise RecordError for a token without an embedding."""
    rows = len(model.get_input_embeddings().weight)
    for token, number in zip(reading.tokens, reading.ids, strict=True):
        if number >= rows:
            raise RecordError(
                f"its token {token.text.strip()!r} has the number {number:,}, and the model has "
                f"{rows:,} embeddings; use the tokenizer it was trained with"
            )
    return reading


def _with_predicted(part: AttentionMap, written: DecoderInput) -> AttentionMap:
    """Add the tokens to come up with to the maps whose queries are the decoder's."""
    if part.kind == "encoder":
        return part
    return dataclasses.replace(part, predicted=written.predicted)


def _skipped(record: Record, error: Exception) -> Skipped:
    lines = str(error).strip().splitlines()
    reason = lines[0].rstrip(".: ") if lines else type(error).__name__
    passing = not isinstance(error, ExplainedError)
    return Skipped(f"record {record.id!r}", reason, passing)
