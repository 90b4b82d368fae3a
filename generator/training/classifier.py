"""The classifier `sentiment`: the encoder `english` fine-tuned on review sentences, twice.

First a teacher learns the labelled rows. Teacher and logistic regression together then guess the
labels of film review sentences that have none, and the teacher goes on learning: labelled rows and
guesses alike.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertForSequenceClassification, PreTrainedTokenizerFast

from . import data as texts
from .encoder import encode, padded
from .handwritten import Reviews
from .loop import Batch, TrainingPlan, TrainingProgress, buckets, train
from .regression import regression

BATCH_TOKENS = 800
DROPOUT = 0.15
SMOOTHING = 0.05
AUTHORED_ROWS = 40000
TEACHER_SHARE = 0.4
REPEATS = {"uci_sentiment": 3, "sentence_polarity": 2, "product_reviews": 3, "pros_cons": 1}
LABELS = {0: "negative", 1: "positive"}


def training_set(data: Path, seed: int) -> list[texts.Labelled]:
    """Read the labelled rows, each once, and add authored negation and contrast."""
    found = [row for name in REPEATS for row in texts.labelled(data, name, "train")]
    return found + Reviews(seed).draw(AUTHORED_ROWS)


class Classification:
    """Batches of texts with the probability that each is positive."""

    def __init__(self, base: Path, lines: list[str], chances: list[float], seed: int) -> None:
        self.seed = seed
        self.tokenizer = PreTrainedTokenizerFast.from_pretrained(base)
        self.rows = encode(self.tokenizer, lines)
        self.chances = torch.tensor(chances)
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
        """Group texts of similar length."""
        return buckets([len(row) for row in self.rows], BATCH_TOKENS, self.seed + epoch)

    def loss(self, batch: Batch) -> Tensor:
        """Return the cross-entropy (nats) with the probabilities."""
        ids, mask = padded([self.rows[at] for at in batch], self.tokenizer.pad_token_id)
        positive = self.chances[batch]
        targets = torch.stack([1 - positive, positive], dim=1)
        return nn.functional.cross_entropy(self.model(ids, mask).logits, targets)


def probabilities(model: Any, tokenizer: Any, lines: list[str]) -> list[float]:
    """Return the probability of `positive` for each text."""
    found: list[float] = []
    for at in range(0, len(lines), 64):
        ids, mask = padded(encode(tokenizer, lines[at : at + 64]), tokenizer.pad_token_id)
        with torch.no_grad():
            found += model(ids, mask).logits.softmax(-1)[:, 1].tolist()
    return found


def guesses(data: Path, rows: list[texts.Labelled], teacher: Classification) -> dict[str, float]:
    """Average the teacher's and the regression's guess for every other film sentence."""
    lines = texts.reviews(data, "train", ("movie_reviews_weak",))[::2]
    held_out = {name: texts.labelled(data, name, "dev") for name in texts.SENTIMENT_SETS[:3]}
    counted = regression(rows, held_out).predict_proba(lines)[:, 1]
    read = probabilities(teacher.model, teacher.tokenizer, lines)
    return {line: (a + float(b)) / 2 for line, a, b in zip(lines, read, counted, strict=True)}


def finetune(
    data: Path, base: Path, plan: TrainingPlan
) -> tuple[BertForSequenceClassification, PreTrainedTokenizerFast, TrainingProgress]:
    """Fine-tune the encoder in folder `base`: on labelled rows, then on guesses too."""
    torch.manual_seed(plan.seed)
    rows = training_set(data, plan.seed)
    repeated = [row for row in rows for _ in range(REPEATS.get(row.source, 1))]
    lines = [row.text for row in repeated]
    chances = [abs(row.label - SMOOTHING / 2) for row in repeated]
    teacher = Classification(base, lines, chances, plan.seed)
    first = replace(
        plan,
        minutes=TEACHER_SHARE * plan.minutes,
        steps=round(TEACHER_SHARE * plan.steps),
        checkpoint=plan.checkpoint.with_name("teacher.pt"),
    )
    taught = train(teacher.model, teacher.batches, teacher.loss, first)
    guessed = guesses(data, rows, teacher)
    pupil = Classification(base, lines + list(guessed), chances + list(guessed.values()), plan.seed)
    pupil.model.load_state_dict(teacher.model.state_dict())
    second = replace(plan, minutes=plan.minutes - first.minutes, steps=plan.steps - first.steps)
    progress = train(pupil.model, pupil.batches, pupil.loss, second)
    progress.step, progress.seconds = progress.step + taught.step, progress.seconds + taught.seconds
    return pupil.model, pupil.tokenizer, progress
