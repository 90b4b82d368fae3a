"""What a decoder is given to write: the record's target, or what the model itself generates."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from ..corpus import Record
from .maps import Token
from .tokens import Reader, TokenizedText, language_number, spelt_pieces

GROWTH, START = 2, 16


@dataclass(frozen=True, slots=True)
class DecoderInput:
    """Decoder input ids with their tokens; for a translation, what to come up with at each.

    `finished` is False where a generated text was cut off before the model ended it.
    """

    ids: tuple[int, ...]
    tokens: tuple[Token, ...]
    labels: tuple[int, ...] = ()
    predicted: tuple[Token, ...] = ()
    text: str = ""
    teacher_forced: bool = False
    finished: bool = True
    truncated: int = 0
    beams: int = 1


def given(model: Any, reader: Reader, record: Record) -> DecoderInput:
    """Return the record's target shifted right by one, as in training."""
    reading = reader.target(record)
    return DecoderInput(
        *_shifted(model, reader, reading),
        labels=reading.ids,
        predicted=reading.tokens,
        text=record.target or "",
        teacher_forced=True,
        truncated=reading.truncated,
    )


def repeated(model: Any, reader: Reader, source: TokenizedText) -> DecoderInput:
    """Return the source shifted right by one: what a model without a language head decodes."""
    return DecoderInput(*_shifted(model, reader, source))


def generate(
    model: Any, reader: Reader, sources: Sequence[TokenizedText], record: Record, beams: int = 1
) -> list[DecoderInput]:
    """Write from sources of equal length; at most 16 tokens more than twice as long.

    With one beam that is greedy, with more it is the likeliest text that a beam search finds.
    `record` names the language to write in, where the model needs one.
    """
    ids = torch.tensor([source.ids for source in sources], device=model.device)
    longest = min(reader.limit - 1, GROWTH * ids.shape[1] + START)
    options = {
        "num_beams": beams,
        "do_sample": False,
        "early_stopping": False,
        "length_penalty": 1.0,
    }
    if record.target_lang:
        options["forced_bos_token_id"] = language_number(reader.tokenizer, record.target_lang)
    config = model.config
    deeper = getattr(config, "num_decoder_layers", 0) or 0
    if deeper > config.num_hidden_layers:  # the cache has room for the encoder's layers only
        options["use_cache"] = False
    rows = model.generate(
        input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=longest, **options
    )
    ends = model.generation_config.eos_token_id
    ends = {ends} if isinstance(ends, int) else set(ends or ())
    found = (_spelt(reader.tokenizer, row, ends) for row in rows.tolist())
    return [dataclasses.replace(written, beams=beams) for written in found]


def _shifted(
    model: Any, reader: Reader, reading: TokenizedText
) -> tuple[tuple[int, ...], tuple[Token, ...]]:
    """Return the decoder's inputs for a text, and their tokens."""
    ids = _shift(model, reading.ids)
    start = str(reader.tokenizer.convert_ids_to_tokens(ids[0]))
    return ids, (Token(start, ids[0], special=True), *reading.tokens[:-1])


def _shift(model: Any, labels: tuple[int, ...]) -> tuple[int, ...]:
    """Return the decoder's inputs for its labels, in the model's own way if it has one."""
    if prepare := getattr(model, "prepare_decoder_input_ids_from_labels", None):
        shifted: list[int] = prepare(labels=torch.tensor([labels]))[0].tolist()
        return tuple(shifted)
    config = model.config
    if config.model_type in ("mbart", "plbart"):
        return (labels[-1], *labels[:-1])
    starts = (getattr(config, name, None) for name in ("decoder_start_token_id", "bos_token_id"))
    start = next((number for number in starts if number is not None), config.pad_token_id)
    return (start, *labels[:-1])


def _spelt(tokenizer: Any, row: list[int], ends: set[int]) -> DecoderInput:
    """Return a generated row, start token first, up to its end."""
    end = next((place for place, number in enumerate(row) if place and number in ends), None)
    ids = row if end is None else row[: end + 1]
    labels = ids[1:]

    def decode(count: int) -> str:
        text: str = tokenizer.decode(
            labels[:count], skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text

    text, parts = spelt_pieces(len(labels), decode)
    names = tokenizer.convert_ids_to_tokens(ids)
    special, tokens, place = set(tokenizer.all_special_ids), [], 0
    for number, name, part in zip(labels, names[1:], parts, strict=True):
        if number in special and not part:
            tokens.append(Token(name, number, special=True))
        else:
            tokens.append(Token(part, number, start=place, end=place + len(part)))
        place += len(part)
    first = Token(names[0], ids[0], special=True)
    return DecoderInput(
        ids=tuple(ids[:-1]),
        tokens=(first, *tokens[:-1]),
        labels=tuple(labels),
        predicted=tuple(tokens),
        text=text,
        teacher_forced=False,
        finished=end is not None,
    )
