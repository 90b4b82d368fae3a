"""The encoder `english`: a small BERT trained to restore masked tokens."""

from pathlib import Path

import click
import torch
from torch import Tensor, nn
from transformers import BertConfig, BertForMaskedLM, PreTrainedTokenizerFast

from . import data as texts
from .embeddings import factor, neighbours
from .loop import Batch, TrainingPlan, TrainingProgress, buckets, train
from .tokenizers import wordpiece

VOCABULARY = 8000
LENGTH = 128
BATCH_TOKENS = 3000
MASKED = 0.2
SHARES = {"sentences": 1.0, "reviews": 2.0, "films": 1.0, "books": 0.5}


def configuration(tokenizer: PreTrainedTokenizerFast) -> BertConfig:
    """Describe the architecture: 4 layers of 8 heads."""
    return BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=160,
        num_hidden_layers=4,
        num_attention_heads=8,
        intermediate_size=640,
        max_position_embeddings=LENGTH,
        type_vocab_size=2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=tokenizer.pad_token_id,
    )


def encode(tokenizer: PreTrainedTokenizerFast, lines: list[str]) -> list[list[int]]:
    """Turn texts into token ids, cut to the length the model can read."""
    ids: list[list[int]] = tokenizer(lines, truncation=True, return_attention_mask=False)[
        "input_ids"
    ]
    return ids


def padded(rows: list[list[int]], fill: int) -> tuple[Tensor, Tensor]:
    """Stack rows of unequal length: ids [row, token] and mask [row, token]."""
    width = max(map(len, rows))
    ids = torch.tensor([row + [fill] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return ids, mask


class Pretraining:
    """Masked-token batches over a fresh mixture of texts every epoch."""

    def __init__(self, data: Path, seed: int) -> None:
        self.texts, self.seed = texts.english(data, "train"), seed
        sample = texts.mixture(self.texts, SHARES, seed)
        self.tokenizer = wordpiece(sample, VOCABULARY, LENGTH)
        self.rows = encode(self.tokenizer, sample)
        self.model = BertForMaskedLM(configuration(self.tokenizer))

    def start(self) -> None:
        """Start the embeddings from co-occurrence counts instead of noise."""
        table = self.model.bert.embeddings.word_embeddings.weight
        vectors = factor(neighbours(self.rows, table.shape[0]), table.shape[1], self.seed)
        table.data.copy_(torch.as_tensor(vectors, dtype=table.dtype))

    def batches(self, epoch: int) -> list[Batch]:
        """Draw and encode the texts of one epoch."""
        sample = texts.mixture(self.texts, SHARES, self.seed + epoch)
        self.rows = encode(self.tokenizer, sample)
        return buckets([len(row) for row in self.rows], BATCH_TOKENS, self.seed + epoch)

    def loss(self, batch: Batch) -> Tensor:
        """Return the mean cross-entropy (nats) at the masked places."""
        ids, mask = padded([self.rows[at] for at in batch], self.tokenizer.pad_token_id)
        chosen = (torch.rand(ids.shape) < MASKED) & (ids > 4)
        chosen[0, 1] = True
        state = self.model.bert(spoiled(ids, chosen, self.tokenizer), mask).last_hidden_state
        logits = self.model.cls(state[chosen])
        return nn.functional.cross_entropy(logits, ids[chosen])


def spoiled(ids: Tensor, chosen: Tensor, tokenizer: PreTrainedTokenizerFast) -> Tensor:
    """Replace chosen tokens: 80% by the mask, 10% by a random token, 10% not at all."""
    draw = torch.rand(ids.shape)
    random = torch.randint(5, len(tokenizer), ids.shape)
    ids = torch.where(chosen & (draw < 0.8), tokenizer.mask_token_id, ids)
    return torch.where(chosen & (draw > 0.9), random, ids)


def pretrain(
    data: Path, plan: TrainingPlan
) -> tuple[BertForMaskedLM, PreTrainedTokenizerFast, TrainingProgress]:
    """Train the masked language model."""
    torch.manual_seed(plan.seed)
    task = Pretraining(data, plan.seed)
    if not (plan.resume and plan.checkpoint.is_file()):
        click.echo("starting the embeddings from co-occurrence counts", err=True)
        task.start()
    progress = train(task.model, task.batches, task.loss, plan)
    return task.model, task.tokenizer, progress
