"""Measure the language models `english` and `stories` beside unigrams and bigrams."""

import math
import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ..probes.repeated import copy_attention
from . import data as texts
from .encoder import encode
from .measure import Figure, mean, ratio
from .ngrams import Bigrams

ROWS = 500
MASKED = 0.15
KNOWS = {
    "model": "",
    "bigram": ", from the token before",
    "neighbours": ", from the tokens on both sides",
    "unigram": ", from token frequency alone",
}


def sampled(lines: list[str]) -> list[str]:
    """Draw the texts to measure on."""
    return random.Random(0).sample(lines, min(ROWS, len(lines)))  # noqa: S311


def masked_rows(rows: list[list[int]], mask: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """Mask 15% of each row's ordinary tokens, at least one: ids and masked places."""
    chance = np.random.default_rng(seed)
    found = []
    for row in rows:
        inner = len(row) - 2
        count = max(1, round(MASKED * inner))
        places = sorted(int(at) + 1 for at in chance.choice(inner, count, replace=False))
        found.append(([mask if at in places else token for at, token in enumerate(row)], places))
    return found


def masked_scores(
    model: Any, tokenizer: Any, rows: list[list[int]], baseline: Bigrams
) -> dict[str, list[tuple[float, int, int]]]:
    """Score masked tokens by row: summed loss (nats), right guesses, masked tokens."""
    names = ("model", "bigram", "neighbours", "unigram")
    scores: dict[str, list[tuple[float, int, int]]] = {name: [] for name in names}
    hidden = masked_rows(rows, tokenizer.mask_token_id, 0)
    for row, (ids, places) in zip(rows, hidden, strict=True):
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0, places]
        seen = [None if at in places else token for at, token in enumerate(row)]
        guesses = {
            "model": list(logits.log_softmax(-1).double().numpy()),
            "bigram": [np.log(baseline.between(seen[at - 1], None)) for at in places],
            "neighbours": [np.log(baseline.between(seen[at - 1], seen[at + 1])) for at in places],
            "unigram": [np.log(baseline.unigram)] * len(places),
        }
        truth = [row[at] for at in places]
        for name, found in guesses.items():
            cases = list(zip(found, truth, strict=True))
            loss = -sum(float(chances[token]) for chances, token in cases)
            right = sum(int(chances.argmax()) == token for chances, token in cases)
            scores[name].append((loss, right, len(places)))
    return scores


def masked_figures(data: Path, model: Any, tokenizer: Any) -> list[Figure]:
    """Measure masked-token accuracy and loss on held-out text of each kind."""
    train = texts.english(data, "train")
    baseline = Bigrams(
        [row for lines in train.values() for row in encode(tokenizer, lines)], len(tokenizer)
    )
    figures = []
    for kind, lines in texts.english(data, "test").items():
        rows = [row for row in encode(tokenizer, sampled(lines)) if len(row) > 4]
        for name, found in masked_scores(model, tokenizer, rows, baseline).items():
            loss, right, count = zip(*found, strict=True)
            about = f"masked tokens of held-out {kind}{KNOWS[name]}"
            figures.append(ratio(f"accuracy.{kind}.{name}", right, count, about))
            figures.append(ratio(f"loss.{kind}.{name}", loss, count, about + ", nats"))
    return figures


def next_scores(model: Any, row: list[int]) -> float:
    """Return the summed loss (nats) of a causal model over a row but its first token."""
    ids = torch.tensor([row])
    with torch.no_grad():
        chances = model(ids).logits[0, :-1].log_softmax(-1)
    return float(-chances.gather(1, ids[0, 1:, None]).sum())


def next_figures(data: Path, model: Any, tokenizer: Any, kinds: tuple[str, ...]) -> list[Figure]:
    """Measure the loss per next token on held-out text of each kind."""
    train = texts.english(data, "train")
    known = [row for kind in kinds for row in encode(tokenizer, train[kind])]
    baseline = Bigrams(known, len(tokenizer))
    figures = []
    for kind in kinds:
        lines = texts.english(data, "test")[kind]
        rows = [row for row in encode(tokenizer, sampled(lines)) if len(row) > 2]
        losses = {
            "model": [next_scores(model, row) for row in rows],
            "bigram": [pair_loss(baseline, row) for row in rows],
            "unigram": [-float(np.log(baseline.unigram[row[1:]]).sum()) for row in rows],
        }
        counts = [len(row) - 1 for row in rows]
        for name, found in losses.items():
            about = f"nats per next token of held-out {kind}{KNOWS[name]}"
            figures.append(ratio(f"loss.{kind}.{name}", found, counts, about))
    return figures


def pair_loss(baseline: Bigrams, row: list[int]) -> float:
    """Return the summed loss (nats) of the bigrams over a row but its first token."""
    return -sum(math.log(baseline.after(left)[right]) for left, right in pairwise(row))


def copies(size: int, count: int, length: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Draw random token rows [row, token] for the induction test."""
    return np.random.default_rng(7).integers(1, size, (count, length))


def induction_figures(model: Any, size: int, count: int = 100, length: int = 24) -> list[Figure]:
    """Measure each head's look at the token after the earlier copy, and its null."""
    first, other = copies(size, 2 * count, length)[:count], copies(size, 2 * count, length)[count:]
    scores = {}
    for name, second in (("repeated", first), ("null", other)):
        ids = torch.tensor(np.concatenate([first, second], axis=1))
        with torch.no_grad():
            output = model(ids, output_attentions=True)
        weights = torch.stack(output.attentions).numpy()  # [layer, row, head, query, key]
        queries = torch.arange(length, 2 * length - 1)
        scores[name] = copy_attention(weights, 0, length)[0].swapaxes(1, 2)  # [layer, head, row]
        chances = output.logits.log_softmax(-1)
        later = chances[:, queries].gather(2, ids[:, queries + 1, None])
        scores[f"loss.{name}"] = -later.mean((1, 2)).numpy()
    averages = scores["repeated"].mean(-1)
    layer, head = np.unravel_index(averages.argmax(), averages.shape)
    best = f"L{layer}H{head}, the best of {averages.size} heads"
    return [
        mean("induction.best", scores["repeated"][layer, head], best),
        mean("induction.null", scores["null"][layer, head], "same head, second half not a copy"),
        mean("copy.loss", scores["loss.repeated"], "nats per token of a copy of random tokens"),
        mean("copy.null", scores["loss.null"], "nats per random token that copies nothing"),
    ]


def continuations(model: Any, tokenizer: Any, most: int = 12) -> list[str]:
    """Quote how the model goes on, always with the likeliest token."""
    found = []
    for text in ("Tom and Mary went to the", "The old man opened the door and", "She said that he"):
        ids = tokenizer(text, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            said = model.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=most, do_sample=False
            )
        found.append(f"“{text}” goes on as “{tokenizer.decode(said[0, ids.shape[1] :]).strip()}”")
    return found
