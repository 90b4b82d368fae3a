"""The causal language model `stories`: a small GPT-2 for sentences and children's novels."""

import math
import random
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

from . import data as texts
from .embeddings import factor, neighbours
from .encoder import encode, padded
from .loop import Batch, TrainingPlan, TrainingProgress, buckets, train
from .tokenizers import byte_bpe

VOCABULARY = 5000
LENGTH = 128
BATCH_TOKENS = 2500
SHARES = {"sentences": 1.0, "books": 0.5}
COPIES = 0.05  # rows that say the same random tokens twice, as a share of all rows
PLACES_SIZE = 0.06  # of the waves that positions start as; tokens start at 0.036
SHARPNESS = 2.0  # of the head that starts out looking at the token before


def configuration(tokenizer: PreTrainedTokenizerFast) -> GPT2Config:
    """Describe the architecture: 4 layers of 6 heads."""
    return GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=LENGTH,
        n_embd=192,
        n_layer=4,
        n_head=6,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )


def joined(sentences: list[str], chance: random.Random) -> list[str]:
    """Join neighbouring sentences into rows of one to five."""
    found, at = [], 0
    while at < len(sentences):
        count = chance.randint(1, 5)
        found.append(" ".join(sentences[at : at + count]))
        at += count
    return found


def waves(places: int, width: int) -> tuple[Tensor, Tensor]:
    """Return sines and cosines of each place, float32 [place, width], and their rates [width / 2].

    Rates are spaced evenly up to half a turn a place: neighbours are as different as they can be,
    and one place earlier is the same rotation everywhere.
    """
    rates = math.pi * (torch.arange(width // 2) + 1) / (width // 2)
    angles = torch.arange(places)[:, None] * rates
    return torch.cat([angles.sin(), angles.cos()], dim=1), rates


def look_back(model: GPT2LMHeadModel, rates: Tensor) -> None:
    """Let the first head start out looking at the token before: training may change that.

    Its keys are waves of their place, its queries those of the place before. After Trockman and
    Kolter 2023, "Mimetic Initialization of Self-Attention Layers": attention that starts where
    long training leads needs less of it.
    """
    width, size = model.config.n_embd, model.config.n_embd // model.config.n_head
    chosen = torch.linspace(0, len(rates) - 1, size // 2).round().long()
    sine, cosine = chosen, chosen + len(rates)
    even, odd = torch.arange(0, size, 2), torch.arange(1, size, 2)
    keys, queries = torch.zeros(width, size), torch.zeros(width, size)
    keys[sine, even] = keys[cosine, odd] = 1.0
    queries[sine, even] = queries[cosine, odd] = rates[chosen].cos()
    queries[sine, odd], queries[cosine, even] = rates[chosen].sin(), -rates[chosen].sin()
    first: Any = model.transformer.h[0]
    weight = first.attn.c_attn.weight.data
    weight[:, :size], weight[:, width : width + size] = SHARPNESS * queries, SHARPNESS * keys


def copies(count: int, size: int, chance: random.Random) -> list[list[int]]:
    """Draw rows of random tokens said twice: only earlier context can predict the second half."""
    halves = [
        [chance.randrange(1, size) for _ in range(chance.randint(4, 24))] for _ in range(count)
    ]
    return [half + half for half in halves]


class Storytelling:
    """Batches of text, and of repeated random tokens that reward looking back."""

    def __init__(self, data: Path, seed: int) -> None:
        self.seed = seed
        read = texts.english(data, "train")
        self.texts = {kind: read[kind] for kind in SHARES}
        self.tokenizer = byte_bpe(self.sample(0), VOCABULARY, LENGTH)
        self.rows: list[list[int]] = []
        self.begins: list[int] = []
        self.model = GPT2LMHeadModel(configuration(self.tokenizer))

    def sample(self, epoch: int) -> list[str]:
        """Draw the texts of one epoch, sentences joined differently every time."""
        chance = random.Random(self.seed + epoch)  # noqa: S311
        shuffled = chance.sample(self.texts["sentences"], len(self.texts["sentences"]))
        kinds = {"sentences": joined(shuffled, chance), "books": self.texts["books"]}
        return texts.mixture(kinds, SHARES, self.seed + epoch)

    def start(self) -> None:
        """Start tokens from co-occurrence counts and places from waves; let one head look back."""
        rows = encode(self.tokenizer, self.sample(0))
        table = self.model.transformer.wte.weight
        vectors = factor(neighbours(rows, table.shape[0]), table.shape[1], self.seed)
        table.data.copy_(torch.as_tensor(vectors, dtype=table.dtype))
        places = self.model.transformer.wpe.weight
        found, rates = waves(*places.shape)
        places.data.copy_(PLACES_SIZE * found)
        look_back(self.model, rates)

    def batches(self, epoch: int) -> list[Batch]:
        """Encode the texts of one epoch and add the copies."""
        chance = random.Random(self.seed + epoch)  # noqa: S311
        told = [
            [*row, self.tokenizer.eos_token_id]
            for row in encode(self.tokenizer, self.sample(epoch))
        ]
        told = [row[:LENGTH] for row in told]
        twice = copies(int(COPIES * len(told)), VOCABULARY, chance)
        self.rows = told + twice
        self.begins = [1] * len(told) + [len(row) // 2 + 1 for row in twice]
        return buckets([len(row) for row in self.rows], BATCH_TOKENS, self.seed + epoch)

    def loss(self, batch: Batch) -> Tensor:
        """Return the cross-entropy (nats) of each next token that can be known."""
        ids, mask = padded([self.rows[at] for at in batch], self.tokenizer.pad_token_id)
        begins = torch.tensor([self.begins[at] for at in batch])
        known = mask.bool() & (torch.arange(ids.shape[1]) >= begins[:, None])
        state = self.model.transformer(ids[:, :-1], use_cache=False).last_hidden_state
        logits = self.model.lm_head(state[known[:, 1:]])
        return nn.functional.cross_entropy(logits, ids[:, 1:][known[:, 1:]])


def tell(
    data: Path, plan: TrainingPlan
) -> tuple[GPT2LMHeadModel, PreTrainedTokenizerFast, TrainingProgress]:
    """Train the causal language model."""
    torch.manual_seed(plan.seed)
    task = Storytelling(data, plan.seed)
    if not (plan.resume and plan.checkpoint.is_file()):
        task.start()
    progress = train(task.model, task.batches, task.loss, plan)
    return task.model, task.tokenizer, progress
