"""Teachers of a translator: others that translate together, by the mean of their probabilities.

After Freitag et al. 2017, "Ensemble Distillation for Neural Machine Translation": one model that
learns from what several say together comes near them.
"""

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import MarianMTModel, PreTrainedTokenizerFast
from transformers.cache_utils import DynamicCache, EncoderDecoderCache

from . import data as texts
from .encoder import encode
from .told import told

TOLD = 100_000
AT_ONCE = 512


def lessons(
    data: Path, teachers: Sequence[Any], tokenizer: PreTrainedTokenizerFast, file: Path
) -> list[tuple[str, str]]:
    """Translate every training sentence and new ones that `stories` tells, once and for all.

    What the teachers said is kept in `file`, tab-separated, so that a resumed run reads it again.
    """
    if not file.is_file():
        known = texts.sentences(data, "train")
        held_out = texts.sentences(data, "dev") + texts.sentences(data, "test")
        lines = known + told(TOLD, known, frozenset(known + held_out))
        write(file, translated(teachers, tokenizer, lines))
    with file.open(encoding="utf-8", newline="") as rows:
        return [(row[0], row[1]) for row in csv.reader(rows, delimiter="\t")]


def write(file: Path, pairs: list[tuple[str, str]]) -> None:
    """Write pairs of texts; the file appears whole or not at all."""
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as rows:
        csv.writer(rows, delimiter="\t").writerows(pairs)
    part.replace(file)


def translated(
    teachers: Sequence[Any], tokenizer: PreTrainedTokenizerFast, lines: list[str]
) -> list[tuple[str, str]]:
    """Pair texts with their translations, leaving out those that come to no end."""
    rows = encode(tokenizer, lines)
    alike: dict[int, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        alike[len(row)].append(at)
    said: dict[int, list[int]] = {}
    for length, places in alike.items():
        for start in range(0, len(places), AT_ONCE):
            some = places[start : start + AT_ONCE]
            found = together(teachers, torch.tensor([rows[at] for at in some]), 2 * length + 8)
            said |= {at: row for at, row in zip(some, found, strict=True) if row}
    return [
        (line, str(tokenizer.decode(said[at], skip_special_tokens=True)))
        for at, line in enumerate(lines)
        if at in said
    ]


@torch.no_grad()
def together(
    teachers: Sequence[MarianMTModel], sources: torch.Tensor, most: int
) -> list[list[int]]:
    """Translate sources of one length, int64 [row, token]: the likeliest token at every place.

    Rows that are done leave the batch; one that has no end after `most` tokens comes back empty.
    """
    config: Any = teachers[0].config
    pad, end = config.pad_token_id, config.eos_token_id
    states = [model.model.encoder(sources).last_hidden_state for model in teachers]
    caches = [EncoderDecoderCache(DynamicCache(), DynamicCache()) for _ in teachers]
    open_rows, tokens = torch.arange(len(sources)), torch.full((len(sources), 1), pad)
    found: list[list[int]] = [[] for _ in sources]
    for _ in range(most):
        odds = torch.zeros(())
        for model, state, cache in zip(teachers, states, caches, strict=True):
            seen = model.model.decoder(
                input_ids=tokens, encoder_hidden_states=state, past_key_values=cache
            ).last_hidden_state
            odds = odds + model.lm_head(seen[:, -1]).softmax(dim=-1)
        odds[:, pad] = 0
        tokens = odds.argmax(dim=-1, keepdim=True)
        for row, token in zip(open_rows.tolist(), tokens[:, 0].tolist(), strict=True):
            found[row].append(token)
        going = torch.nonzero(tokens[:, 0] != end)[:, 0]
        open_rows, tokens = open_rows[going], tokens[going]
        if not len(going):
            break
        states = [state[going] for state in states]
        for cache in caches:
            cache.batch_select_indices(going)
    return [row if row[-1] == end else [] for row in found]
