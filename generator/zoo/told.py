"""New sentences that the language model `stories` tells, for teachers to translate."""

import random
import re
from collections.abc import Iterable
from typing import Any

import torch
from transformers import GPT2LMHeadModel, PreTrainedTokenizerFast

from . import zoo_folder

TEMPERATURE = 0.9
LEAST = 0.003
"""Tokens less likely than this are never drawn."""
AT_ONCE = 1024
MOST_TOKENS = 20
SENTENCE = re.compile(r"^[^.?!]*[.?!]")


def told(count: int, openings: list[str], known: frozenset[str], seed: int = 0) -> list[str]:
    """Draw `count` sentences that start as one of `openings` does; keep the new and whole ones."""
    folder = zoo_folder("stories")
    model: Any = GPT2LMHeadModel.from_pretrained(folder, dtype=torch.float32)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311
    found: dict[str, None] = {}
    for _ in range(0, count, AT_ONCE):
        starts = [text.split()[0] for text in chance.sample(openings, min(AT_ONCE, len(openings)))]
        found |= dict.fromkeys(sentences(continued(model, tokenizer, starts)))
    return [text for text in found if text not in known and " " in text]


def sentences(lines: Iterable[str]) -> list[str]:
    """Cut texts after their first sentence; drop those that do not end one."""
    return [match.group().strip() for line in lines if (match := SENTENCE.match(line))]


@torch.no_grad()
def continued(model: Any, tokenizer: PreTrainedTokenizerFast, starts: list[str]) -> list[str]:
    """Draw a continuation of every start that is one token."""
    rows = [ids for ids in tokenizer(starts)["input_ids"] if len(ids) == 1]
    ids = tokens = torch.tensor(rows)
    cache = None
    for _ in range(MOST_TOKENS):
        seen = model(tokens, past_key_values=cache, use_cache=True)
        cache = seen.past_key_values
        odds = (seen.logits[:, -1] / TEMPERATURE).softmax(dim=-1)
        tokens = torch.multinomial(odds.masked_fill(odds < LEAST, 0), 1)
        ids = torch.cat([ids, tokens], dim=1)
    return list(tokenizer.batch_decode(ids))
