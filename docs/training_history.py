"""Watch a classifier learn: `python docs/training_history.py TEXTS.csv [FOLDER]`.

TEXTS.csv has a column `text`, of sentences, and a column `label`: `negative` or `positive`. A small
BERT with fresh weights reads them; before training and at each quarter of it the callback builds an
atlas of sentences that are not trained on, and FOLDER/history/index.html shows all on one axis. On
9,000 sentences that takes about five minutes on one core.
"""

from __future__ import annotations

import csv
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import attnatlas
from attnatlas.zoo import zoo_folder
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DataCollatorWithPadding,
    Trainer,
    TrainingArguments,
    set_seed,
)

STEPS, CHECKPOINTS, BATCH = 600, 4, 32
TOKENS = 24
"""Where a sentence is cut."""
WATCHED = 60
"""Sentences of the atlas, half of them of each label."""


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file, in an order of their own."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = [{"text": row["text"], "label": row["label"]} for row in csv.DictReader(stream)]
    random.Random(0).shuffle(rows)  # noqa: S311
    return rows


def watched(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return as many rows of each label."""
    of = {
        label: [row for row in rows if row["label"] == label] for label in ("negative", "positive")
    }
    return [row for own in of.values() for row in own[: WATCHED // 2]]


def main(path: Path, folder: Path) -> None:
    """Train, and build the atlas of every checkpoint and their history."""
    set_seed(0)
    base = zoo_folder("sentiment")
    config = AutoConfig.from_pretrained(base, dtype="float32")
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForSequenceClassification.from_config(config)
    rows = read(path)
    seen = watched(rows)
    learnt = [row for row in rows if row not in seen]
    encoded = [
        {**tokenizer(row["text"], truncation=True, max_length=TOKENS),
         "labels": config.label2id[row["label"]]}
        for row in learnt
    ]  # fmt: skip
    arguments = TrainingArguments(
        output_dir=str(folder / "weights"),
        max_steps=STEPS,
        per_device_train_batch_size=BATCH,
        learning_rate=3e-4,
        lr_scheduler_type="linear",
        warmup_steps=STEPS // 10,
        eval_strategy="steps",
        eval_steps=STEPS // CHECKPOINTS,
        eval_on_start=True,
        save_strategy="no",
        report_to="none",
        use_cpu=True,
        seed=0,
    )
    watch = attnatlas.AtlasCallback(
        seen,
        folder,
        when="evaluate",
        name="learner",
        max_tokens=TOKENS,
        store=folder / "store",
        without=("twins",),
    )
    Trainer(
        model=model,
        args=arguments,
        train_dataset=encoded,
        eval_dataset=encoded[:32],  # only what asks the callback
        data_collator=DataCollatorWithPadding(tokenizer),
        processing_class=tokenizer,
        callbacks=[watch],
    ).train()
    print(f"Open {folder / 'history' / 'index.html'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "learning"))
