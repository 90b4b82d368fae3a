"""What building from models and corpora will take: bytes on disk, and memory. Loads no weights.

Bytes are good to a third, memory to a half, for what is run by default; the benchmarks compare both
with what a build really takes. An analysis of `--also` is not counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .config import Settings
from .inspection import Facts, most_tokens
from .report import Silence

if TYPE_CHECKING:
    from .corpus import Corpus, Record
    from .models import ModelSource

WORD_TOKENS = 1.4
"""Tokens in a word, where only a tokenizer could say: between 1.1 (long ago) and 2 (rare words)."""

NUMBER_BYTES = {"float16": 2, "float32": 4, "none": 0}
PARAMETER_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2}
PAGE_BYTES, DATA_BYTES, TOKEN_BYTES = 30_000, 4_000, 90
"""A record's page and data file without their matrices, and what each token adds to both."""
ASSET_BYTES, MODEL_BYTES, HEAD_BYTES = 1_160_000, 60_000, 1_500
"""Vega, styles and scripts; of each model its page, and the tables of each head."""
CELL_BYTES, CELL_LESS, CELL_LEAST = 1.2, 0.126, 0.5
"""One weight on a page, gzipped and in base64: at 25 tokens, less with each doubling, and least."""
CAUSAL = 0.6
"""What is left of that where one half of a matrix is zero."""

BASE_MEMORY = 575_000_000
"""Python with torch and transformers, and the rendering of a page."""
LAYER_COPIES = 4
"""How often the weights of one layer are in memory while they are computed and put away."""
KEPT_MEMORY = 8_000_000
"""Layers that are not worth a file; all others lie on disk."""
RENDER_BYTES = 13
"""One weight of a record while its page is written: mapped, and on its way to a byte."""
STEPS, BATCH_TOKENS, BATCH_BYTES = 64, 4096, 256_000_000
"""Texts of one question at a time, their tokens, and the attention of one batch."""
WIDTHS = ("hidden_size", "d_model", "n_embd", "dim")
INNER = ("intermediate_size", "encoder_ffn_dim", "ffn_dim", "d_ff", "n_inner", "hidden_dim")
ASKED = ("classification", "causal-lm", "masked-lm", "translation")
"""Tasks whose answers are traced back to the tokens of a text; of masks, where a text has some."""
SAVED, SAVED_INNER, SAVED_MAPS = 8, 2, 2
"""What a layer keeps for gradients: so many widths and inner widths a token, and matrices."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The tokens of a record's input and output, the latter 0 where there is one stack."""

    source: int
    target: int = 0

    @property
    def cells(self) -> int:
        """Return the cells of one head in all its maps."""
        return self.source**2 + self.target**2 + self.source * self.target

    @property
    def largest(self) -> int:
        """Return the cells of one head in its largest map."""
        return max(self.source, self.target) ** 2


def forecasts(
    models: Sequence[ModelSource], corpora: Sequence[Corpus], settings: Settings
) -> Iterator[Facts]:
    """Yield for each model about what a site of these records as it reads them will take.

    With `settings.windows` the texts are cut as the build would cut them, which loads tokenizers.
    """
    read = corpora
    if settings.windows is not None and models:
        from .windows import windowed

        read = windowed(corpora, models, settings, Silence())
    for model in models:
        yield forecast(model, read, settings)


def forecast(model: ModelSource, corpora: Sequence[Corpus], settings: Settings) -> Facts:
    """Return about what a site of these records as read by this model will take.

    Bytes on disk are summed over the records; memory is the most that is held at a time.
    """
    info = model.info
    count = token_counter(model, settings)
    records = [record for corpus in corpora for record in corpus.records]
    extents = [_extent(record, count, info.family == "encoder-decoder") for record in records]
    pages = sum(_page_bytes(model, extent) for extent in extents)
    numbers = sum(_number_bytes(model, extent, settings) for extent in extents)
    heads = HEAD_BYTES * info.layers * info.heads * (3 if info.family == "encoder-decoder" else 1)
    return {
        "kind": "forecast",
        "name": f"{info.name} on {', '.join(corpus.name for corpus in corpora)}",
        "records": len(records),
        "windows": sum(record.window is not None for record in records) or None,
        "longest": max(max(extent.source, extent.target) for extent in extents),
        "pages_bytes": round(ASSET_BYTES + MODEL_BYTES + pages),
        "numbers_bytes": round(heads + numbers),
        "memory_bytes": _memory(model, extents, settings),
    }


def _page_bytes(model: ModelSource, extent: Extent) -> float:
    """Return the bytes of one record's page and its matrices: of each head, and rollout."""
    info, tokens = model.info, extent.source + extent.target
    side = math.sqrt(extent.cells)
    cell = max(CELL_LEAST, CELL_BYTES - CELL_LESS * math.log2(max(side, 2) / 25))
    cell *= CAUSAL if info.causal else 1
    return PAGE_BYTES + TOKEN_BYTES * tokens + cell * info.layers * (info.heads + 1) * extent.cells


def _number_bytes(model: ModelSource, extent: Extent, settings: Settings) -> float:
    """Return the bytes of one record's data file: attention, and rollout in float32."""
    info, tokens = model.info, extent.source + extent.target
    each = info.layers * (NUMBER_BYTES[settings.numbers] * info.heads + 4)
    return DATA_BYTES + 2 * TOKEN_BYTES * tokens + each * extent.cells


def _memory(model: ModelSource, extents: Sequence[Extent], settings: Settings) -> int:
    """Return the most bytes held at a time: while reading, while asking, or while writing pages.

    Reading puts each layer away as soon as it is there, so that one layer of a batch counts.
    """
    weights = (model.info.parameters or 0) * PARAMETER_BYTES[settings.dtype]
    reading = max(_reading(model, extent, settings) for extent in extents)
    asked = model.task in ASKED
    asking = weights + max(_asking(model, extent) for extent in extents) if asked else 0
    cells = model.info.layers * model.info.heads * max(extent.largest for extent in extents)
    return BASE_MEMORY + max(weights + max(reading, asking), RENDER_BYTES * cells)


def _reading(model: ModelSource, extent: Extent, settings: Settings) -> int:
    """Return the bytes that reading a batch of such records takes beyond the model."""
    info = model.info
    layer = 4 * max(info.heads, 1) * extent.cells
    most = 64 if settings.batch_size == "auto" else settings.batch_size
    batch = max(1, min(most, BATCH_BYTES // (layer * max(info.layers, 1))))
    tokens = batch * (extent.source + extent.target)
    return KEPT_MEMORY + LAYER_COPIES * layer * batch + tokens * _widths(model)


def _asking(model: ModelSource, extent: Extent) -> int:
    """Return the bytes that gradients take over the texts between a record and nothing."""
    info, config = model.info, model.config
    tokens = extent.source + extent.target
    rows = max(1, min(STEPS, BATCH_TOKENS // max(extent.source, 1)))
    saved = tokens * 4 * (SAVED * _size(config, WIDTHS) + SAVED_INNER * _size(config, INNER))
    maps = SAVED_MAPS * 4 * info.heads * extent.cells
    return rows * (info.layers * (saved + maps) + tokens * _widths(model))


def _widths(model: ModelSource) -> int:
    """Return the bytes of one token on its way through a layer, and of the words it may become."""
    inner = _size(model.config, INNER) or 4 * _size(model.config, WIDTHS)
    words = model.config.get("vocab_size") or 0 if model.task in ASKED[1:] else 0
    return 8 * inner + 12 * int(words)


def _size(config: Mapping[str, Any], names: Sequence[str]) -> int:
    return next((config[name] for name in names if isinstance(config.get(name), int)), 0)


def token_counter(model: ModelSource, settings: Settings) -> Callable[[str], int]:
    """Return a function that counts the tokens of a text, cut as a build would cut it.

    It is the model's own tokenizer where that is one file, else an estimate by words.
    """
    limit = most_tokens(model, settings.max_tokens)
    file = model.location / "tokenizer.json"
    if not file.is_file():
        return lambda text: min(round(len(text.split()) * WORD_TOKENS) + 2, limit)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_truncation()
    return lambda text: min(len(tokenizer.encode(text).ids), limit)


def _extent(record: Record, count: Callable[[str], int], two_stacks: bool) -> Extent:
    """Return the tokens of input and output; an output still to be generated is as long."""
    source = count(f"{record.text} {record.pair}" if record.pair else record.text)
    if not two_stacks:
        return Extent(source)
    return Extent(source, count(record.target) if record.target else source)
