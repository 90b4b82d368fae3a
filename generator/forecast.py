"""What building from models and corpora will take: bytes on disk, and memory. Loads no weights.

Bytes are good to a third, memory to a half, for what is run by default; the benchmarks compare both
with what a build really takes. An analysis of `--also` is not counted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .analyses.masked_null import shuffles
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
PAGE_BYTES, DATA_BYTES = 22_000, 11_000
"""A record's page and data file without tokens and matrices."""
TOKEN_BYTES, TOKEN_DATA_BYTES = 90, 150
"""What a token adds to the page, and to the data file each time that a map lists it."""
CHANCE_BYTES = 4
"""What chance adds to the data file of a language model's text, for each token and shuffle."""
FLOW_TOKENS = 256
"""Longer texts have no flow."""
ASSET_BYTES, MODEL_BYTES, HEAD_BYTES = 1_330_000, 150_000, 2_400
"""Vega, charts, styles and scripts; of each model its pages, and the tables of each head."""
HEAD_PAGE_BYTES, HEAD_PAGES = 11_000, 600
"""The page of a head, and how many heads of a model get one at most."""
CELL_BYTES, CELL_LESS, CELL_LEAST = 0.94, 0.098, 0.39
"""One weight on a page, packed: at 25 tokens, less with each doubling, and least."""
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
ALIKE_PARTS, ALIKE_BYTES = 20, 128_000_000
"""Parts of the records for which distances between all heads are summed, and what they may take."""
BATCH_BYTES = 256_000_000
"""The attention of one batch that is read."""
ERASED, BATCH_TOKENS, ERASED_MAPS = 36, 4096, 2.5
"""Texts with tokens erased in one pass, their tokens, and how often one layer of them is held."""
STEPS, BACK_TOKENS, BACK_MAPS = 7, 512, 4
"""The same of a pass that goes back, beside what it keeps of every layer."""
WIDTHS = ("hidden_size", "d_model", "n_embd", "dim")
ENCODER = ("encoder_layers", "num_layers")
DECODER = ("decoder_layers", "num_decoder_layers")
INNER = ("intermediate_size", "encoder_ffn_dim", "ffn_dim", "d_ff", "n_inner", "hidden_dim")
ASKED = ("classification", "causal-lm", "masked-lm", "translation")
"""Tasks whose answers are traced back to the tokens of a text; of masks, where a text has some."""
SAVED, SAVED_INNER, SAVED_MAPS = 8, 2, 3
"""What a layer keeps for gradients: so many widths and inner widths a token, and matrices.

One matrix is attention; gaps between what is kept and what is not take as much again, or more.
"""


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

    def of_layers(self, model: ModelSource) -> int:
        """Return the cells of one head of each layer in all maps: decoders have two a layer."""
        encoder, decoder = _layers(model)
        written = self.target**2 + self.source * self.target
        return encoder * self.source**2 + decoder * written


def forecasts(
    models: Sequence[ModelSource], corpora: Sequence[Corpus], settings: Settings
) -> Iterator[Facts]:
    """Yield for each model about what a site of these records as it reads them will take.

    With `settings.windows` the texts are cut as the build would cut them, which loads tokenizers.
    """
    read = corpora
    if settings.windows is not None and models:
        from .sources.windows import windowed

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
    heads = _heads(model)
    head_pages = HEAD_PAGE_BYTES * min(heads, HEAD_PAGES)
    return {
        "kind": "forecast",
        "name": f"{info.name} on {', '.join(corpus.name for corpus in corpora)}",
        "records": len(records),
        "windows": sum(record.window is not None for record in records) or None,
        "longest": max(max(extent.source, extent.target) for extent in extents),
        "pages_bytes": round(ASSET_BYTES + MODEL_BYTES + head_pages + pages),
        "numbers_bytes": round(HEAD_BYTES * heads + numbers),
        "memory_bytes": _memory(model, extents, settings),
    }


def _page_bytes(model: ModelSource, extent: Extent) -> float:
    """Return the bytes of one record's page and its matrices: of each head, and rollout."""
    info, tokens = model.info, extent.source + extent.target
    side = math.sqrt(extent.cells)
    cell = max(CELL_LEAST, CELL_BYTES - CELL_LESS * math.log2(max(side, 2) / 25))
    cell *= CAUSAL if info.causal else 1
    cells = extent.of_layers(model)
    return PAGE_BYTES + TOKEN_BYTES * tokens + cell * (info.heads + 1) * cells


def _number_bytes(model: ModelSource, extent: Extent, settings: Settings) -> float:
    """Return the bytes of one record's data file: attention, and rollout and flow in float32."""
    tokens = extent.source + extent.target
    listed = tokens * (2 if extent.target else 1)
    each = NUMBER_BYTES[settings.numbers] * model.info.heads + 4
    flow = 4 * (extent.source**2 + extent.target**2) if tokens <= 2 * FLOW_TOKENS else 0
    drawn = CHANCE_BYTES * tokens * shuffles(tokens) if model.task == "causal-lm" else 0
    return DATA_BYTES + TOKEN_DATA_BYTES * listed + each * extent.of_layers(model) + flow + drawn


def _memory(model: ModelSource, extents: Sequence[Extent], settings: Settings) -> int:
    """Return the most bytes held at a time: while reading, while asking, or while writing pages.

    Reading puts each layer away as soon as it is there, so that one layer of a batch counts.
    """
    weights = (model.info.parameters or 0) * PARAMETER_BYTES[settings.dtype]
    reading = max(_reading(model, extent, settings) for extent in extents)
    asked = model.task in ASKED
    asking = weights + max(_asking(model, extent) for extent in extents) if asked else 0
    cells = model.info.layers * model.info.heads * max(extent.largest for extent in extents)
    writing = RENDER_BYTES * cells + _watching(model)
    return round(BASE_MEMORY + max(weights + max(reading, asking), writing))


def _watching(model: ModelSource) -> int:
    """Return the bytes of the sums that are kept while pages are written: how alike heads are."""
    encoder, decoder = _layers(model)
    squares = [(layers * model.info.heads) ** 2 for layers in (encoder, decoder, decoder)]
    return sum(min(8 * ALIKE_PARTS * square, ALIKE_BYTES) for square in squares)


def _reading(model: ModelSource, extent: Extent, settings: Settings) -> int:
    """Return the bytes that reading a batch of such records takes beyond the model."""
    info = model.info
    layer = 4 * max(info.heads, 1) * extent.cells
    most = 64 if settings.batch_size == "auto" else settings.batch_size
    batch = max(1, min(most, BATCH_BYTES // (layer * max(info.layers, 1))))
    tokens = batch * (extent.source + extent.target)
    return KEPT_MEMORY + LAYER_COPIES * layer * batch + tokens * _widths(model)


def _asking(model: ModelSource, extent: Extent) -> float:
    """Return the bytes that questions about a text take beyond the model and its twin.

    Both kinds of passes count: what the first frees is in pieces too small for the second. Only
    what is kept for gradients grows with the layers, and it is that of a few short texts or one.
    """
    config, heads = model.config, model.info.heads
    tokens, layer = extent.source + extent.target, 4 * heads * extent.cells
    rows = max(1, min(STEPS, BACK_TOKENS // max(extent.source, 1)))
    saved = tokens * 4 * (SAVED * _size(config, WIDTHS) + SAVED_INNER * _size(config, INNER))
    maps = SAVED_MAPS * 4 * heads * extent.of_layers(model)
    back = max(_layers(model)) * saved + maps + BACK_MAPS * layer
    most = max(1, min(ERASED, BATCH_TOKENS // max(extent.source, 1)))
    return rows * back + most * (ERASED_MAPS * layer + tokens * _widths(model))


def _layers(model: ModelSource) -> tuple[int, int]:
    """Return the layers of the encoder, or of the only stack, and of the decoder, 0 without one."""
    if model.info.family != "encoder-decoder":
        return model.info.layers, 0
    encoder, decoder = (_size(model.config, names) for names in (ENCODER, DECODER))
    return encoder or model.info.layers, decoder or model.info.layers


def _heads(model: ModelSource) -> int:
    """Return the heads of a model, those of a decoder once for each of their two maps."""
    encoder, decoder = _layers(model)
    return model.info.heads * (encoder + 2 * decoder)


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
