"""Random tokens said twice: what heads do when the only thing to find is an earlier copy.

Olsson et al. 2022, "In-context Learning and Induction Heads".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ..array_types import Doubles, Integers
from ..capture import Kind
from ..capture.attend import attend
from ..capture.layers import LayerFile
from ..capture.limits import token_limit
from ..capture.run import RecordInput, Run
from ..capture.tokens import TokenizedText
from ..capture.write import repeated
from ..config import Settings
from ..corpus import Record
from ..models import LoadedModel
from .explained_input import embedding_of

LENGTH, SHORTEST = 24, 4
"""Tokens that are said twice, and the fewest that are worth it."""
MOST, LEAST = 32, 8
"""Sequences for a small model, and for a large one."""
BUDGET = 10**11
"""Parameters times tokens: above this, fewer sequences are read."""
TOGETHER, SEED = 8, 0
MEASURES = ("induction", "duplicate")


@dataclass(frozen=True, slots=True)
class Twice:
    """What a model did with sequences whose second half copies the first, and with others.

    `copy_attention` holds MEASURES of each kind, [2, measure, sequence, layer, head]: 0 where the
    second half is a copy, 1 where it is not. `loss` is in nats per token of the second half,
    [2, sequence], None where the model predicts no next token.
    """

    length: int
    copy_attention: Mapping[Kind, Doubles]
    loss: Doubles | None


def said_twice(loaded: LoadedModel) -> Twice | None:
    """Return what a model does with random tokens said twice; None where it takes too few."""
    before, after = framing(loaded.tokenizer)
    room = token_limit(loaded.model.config, loaded.tokenizer, None) - len(before) - len(after) - 1
    known = vocabulary(loaded)
    length = min(LENGTH, room // 2, len(known) // 2)
    if length < SHORTEST:
        return None
    count = sequences(loaded.model, 2 * (2 * length + len(before) + len(after)))
    first, other = draw(known, count, length)
    run = Run(loaded, Settings())
    shares: dict[Kind, list[Doubles]] = {}
    losses: list[Tensor] = []
    for second in (first, other):
        rows = np.concatenate([first, second], axis=1)
        for start in range(0, count, TOGETHER):
            ids = [(*before, *map(int, row), *after) for row in rows[start : start + TOGETHER]]
            found, loss = _read(run, ids, len(before), length)
            for kind, values in found.items():
                shares.setdefault(kind, []).append(values)
            losses += [] if loss is None else [loss]
    return Twice(
        length,
        {kind: _halved(np.concatenate(parts, axis=1), count) for kind, parts in shares.items()},
        torch.cat(losses).double().cpu().numpy().reshape(2, count) if losses else None,
    )


def copy_attention(weights: npt.NDArray[Any], start: int, length: int) -> npt.NDArray[Any]:
    """Return how far tokens of the second half look at the first, [2, ...]: see MEASURES.

    `weights` is [..., query, key], the tokens from `start` on. At the token after the earlier
    copy, and at the copy itself: means over all tokens of the second half but the last, for which
    the token after its copy is none of the first half.
    """
    queries = start + length + np.arange(length - 1)
    after = weights[..., queries, queries - length + 1].mean(axis=-1)
    return np.stack([after, weights[..., queries, queries - length].mean(axis=-1)])


def sequences(model: Any, tokens: int) -> int:
    """Return how many sequences of so many tokens, with and without a copy, a model can read."""
    parameters = sum(weight.numel() for weight in model.parameters())
    return int(min(MOST, max(LEAST, BUDGET // max(1, parameters * tokens))))


def draw(known: Sequence[int], count: int, length: int) -> tuple[Integers, Integers]:
    """Return two halves at random, [sequence, token], no token twice in the two together."""
    random = np.random.default_rng(SEED)
    rows = np.stack([random.choice(known, 2 * length, replace=False) for _ in range(count)])
    return rows[:, :length], rows[:, length:]


def vocabulary(loaded: LoadedModel) -> list[int]:
    """Return the numbers of all tokens that a text can be made of."""
    tokenizer = loaded.tokenizer
    rows = min(len(tokenizer), len(embedding_of(loaded.model).weight))
    added = {*tokenizer.all_special_ids, *tokenizer.get_added_vocab().values()}
    return [number for number in range(rows) if number not in added]


def framing(tokenizer: Any) -> tuple[list[int], list[int]]:
    """Return the special tokens that a tokenizer puts before and behind a text."""
    ids = tokenizer("a")["input_ids"]
    special = [number in set(tokenizer.all_special_ids) for number in ids]
    before = next((at for at, flag in enumerate(special) if not flag), len(ids))
    behind = next((at for at, flag in enumerate(special[::-1]) if not flag), 0)
    return ids[:before], ids[len(ids) - behind :]


def _read(
    run: Run, ids: Sequence[tuple[int, ...]], start: int, length: int
) -> tuple[dict[Kind, Doubles], Tensor | None]:
    """Return [measure, row, layer, head] by kind of map, and the loss of the second half, [row]."""
    batch = [_entry(run, row) for row in ids]
    file = LayerFile(run.scratch)
    with run.session():
        inputs = run.inputs(batch)
        output, layers = attend(run.model, inputs, file.add)
    found: dict[Kind, Doubles] = {}
    for kind, stack in layers.items():
        if kind != "cross":  # a decoder reads one place later: its start token comes first
            place = start + (kind == "decoder")
            rows = [
                copy_attention(file.stack(stack, row), place, length) for row in range(len(ids))
            ]
            found[kind] = np.stack(rows, axis=1).astype(np.float64)
    if run.loaded.task != "causal-lm":
        return found, None
    places = torch.arange(start + length, start + 2 * length - 1)
    chances = output.logits[:, places].float().log_softmax(-1)
    wanted = inputs["input_ids"][:, places + 1]
    return found, -chances.gather(2, wanted[..., None])[..., 0].mean(dim=1)


def _entry(run: Run, ids: tuple[int, ...]) -> RecordInput:
    reading = TokenizedText(ids, (0,) * len(ids), ())
    written = repeated(run.model, run.reader, reading) if run.two_stacks else None
    return RecordInput(0, Record("", ""), reading, written)


def _halved(values: Doubles, count: int) -> Doubles:
    """Return [measure, row, ...] as [2, measure, sequence, ...]: copies first, then the others."""
    return np.stack([values[:, :count], values[:, count:]])
