"""Inputs for the benchmarks: attention of any size, with the habits that real heads have."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from attnatlas.array_types import Singles
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.corpus import Record
from attnatlas.data.record_files import write_record

WORDS = ("the", "bank", "of", "that", "river", "is", "muddy", "where", "she", "met", "nurse", "not")


def attention(rng: np.random.Generator, layers: int, heads: int, tokens: int) -> Singles:
    """Return [layer, head, query, key]: previous, next, self, delimiter and broad heads."""
    index = np.arange(tokens)
    weights = np.empty((layers, heads, tokens, tokens), np.float32)
    for layer in range(layers):
        for head in range(heads):
            scores = rng.normal(0, 1.5, (tokens, tokens)).astype(np.float32)
            habit = rng.integers(0, 6)
            if habit < 3:
                scores += 7 * (index[None, :] - index[:, None] == habit - 1)
            elif habit == 3:
                scores[:, -1] += 7
            exp = np.exp(scores - scores.max(axis=-1, keepdims=True))
            weights[layer, head] = exp / exp.sum(axis=-1, keepdims=True)
    return weights


def tokens_of(rng: np.random.Generator, count: int) -> tuple[Token, ...]:
    """Return [CLS], words and [SEP]: `count` tokens in all."""
    position, tokens = 0, [Token("[CLS]", special=True)]
    for index in range(count - 2):
        text = ("" if index == 0 else " ") + str(rng.choice(WORDS))
        tokens.append(Token(text, start=position, end=position + len(text)))
        position += len(text)
    return (*tokens, Token("[SEP]", special=True))


def write_arrays(
    folder: Path, records: int, tokens: int, layers: int = 12, heads: int = 12
) -> None:
    """Write float16 arrays of `records` texts for a build with `--arrays`."""
    rng = np.random.default_rng(0)
    model = ModelInfo("bench", "encoder", "BertModel", "bert", layers, heads, "arrays")
    for number in range(records):
        shown = tokens_of(rng, tokens)
        text = "".join(token.text for token in shown if not token.special)
        record = Record(id=f"record-{number:03}", text=text)
        maps = (AttentionMap("self", shown, shown, attention(rng, layers, heads, tokens)),)
        write_record(folder / f"{record.id}.safetensors", Capture(model, record, maps))
