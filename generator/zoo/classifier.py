"""The classifier `sentiment`: the encoder `english` fine-tuned on review sentences."""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertForSequenceClassification, PreTrainedTokenizerFast

from . import data as texts
from .authored import training_rows
from .encoder import encode, padded
from .loop import Batch, Plan, Progress, buckets, train

BATCH_TOKENS = 800
DROPOUT = 0.15
AUTHORED_ROWS = 4000
REPEATS = {"uci_sentiment": 3, "sentence_polarity": 2, "product_reviews": 3, "pros_cons": 1}
LABELS = {0: "negative", 1: "positive"}


def training_set(data: Path, seed: int) -> list[texts.Labelled]:
    """Read the labelled rows, each once, and add authored negation and contrast."""
    found = [row for name in REPEATS for row in texts.labelled(data, name, "train")]
    return found + training_rows(AUTHORED_ROWS, seed)


class Classification:
    """Batches of review sentences; small sets come several times an epoch."""

    def __init__(self, data: Path, base: Path, seed: int) -> None:
        self.seed = seed
        self.tokenizer = PreTrainedTokenizerFast.from_pretrained(base)
        rows = training_set(data, seed)
        rows = [row for row in rows for _ in range(REPEATS.get(row.source, 1))]
        self.rows = encode(self.tokenizer, [row.text for row in rows])
        self.labels = torch.tensor([row.label for row in rows])
        self.model = BertForSequenceClassification.from_pretrained(
            base,
            dtype=torch.float32,
            hidden_dropout_prob=DROPOUT,
            attention_probs_dropout_prob=0.0,
            classifier_dropout=DROPOUT,
            id2label=LABELS,
            label2id={name: number for number, name in LABELS.items()},
        )

    def batches(self, epoch: int) -> list[Batch]:
        """Group sentences of similar length."""
        return buckets([len(row) for row in self.rows], BATCH_TOKENS, self.seed + epoch)

    def loss(self, batch: Batch) -> Tensor:
        """Return the cross-entropy (nats) of the labels."""
        ids, mask = padded([self.rows[at] for at in batch], self.tokenizer.pad_token_id)
        logits = self.model(ids, mask).logits
        return nn.functional.cross_entropy(logits, self.labels[batch], label_smoothing=0.05)


def finetune(
    data: Path, base: Path, plan: Plan
) -> tuple[BertForSequenceClassification, PreTrainedTokenizerFast, Progress]:
    """Fine-tune the encoder in folder `base`."""
    torch.manual_seed(plan.seed)
    task = Classification(data, base, plan.seed)
    progress = train(task.model, task.batches, task.loss, plan)
    return task.model, task.tokenizer, progress
