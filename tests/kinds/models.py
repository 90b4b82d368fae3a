"""Kinds 2, 3, 5, 12 and 13: tokenizers, heads, and what they name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.capture.folders import published
from tests.kinds.case import Case
from tests.kinds.spoilt import READ, config, model, tokenizer


def slow(kind: str, text: str) -> Callable[[], None]:
    """Return what makes a folder as it was published before tokenizer.json, and a text."""

    def make() -> None:
        published(Path("m"), kind)
        Path("x.jsonl").write_text(json.dumps({"text": text}) + "\n")

    return make


ODD = [
    "a 😀 of the bank",
    "“The bank” of the river…",
    "É ZZ the bank",
    "e\u0301 the river is muddy",
]
SLOW = [
    Case(2, f"{kind}: {text}", READ, slow(kind, text))
    for kind, text in zip(("opus-mt", "m2m100", "opus-mt", "m2m100"), ODD, strict=True)
]
PIECES = [
    Case(3, kind, READ, slow(kind, "The bank of the river."))
    for kind in ("opus-mt", "t5", "xlm-roberta", "camembert", "deberta-v2", "llama")
]
NAMED = {"0": "calm", "1": "loud", "2": "late"}
HEADS = [
    Case(5, "one number", READ, model("bert-classifier", num_labels=1)),
    Case(
        5,
        "several numbers",
        READ,
        model("bert-classifier", num_labels=3, problem_type="regression"),
    ),
    Case(
        5,
        "several labels",
        READ,
        model("bert-classifier", num_labels=3, problem_type="multi_label_classification"),
    ),
    Case(5, "a problem that is none", READ, model("bert-classifier", config(problem_type="guess"))),
    Case(5, "tokens", READ, model("bert-tagger")),
    Case(5, "questions without a context", READ, model("bert-reader")),
    Case(
        5,
        "names of labels that are no mapping",
        READ,
        model("bert-classifier", config(id2label=["a", "b", "c"], label2id=None)),
        2,
    ),
    Case(
        5,
        "two labels of one name",
        READ,
        model("bert-classifier", config(id2label={"0": "a", "1": "a", "2": "b"}, label2id=None)),
    ),
]
PADS = [
    Case(
        12,
        "a classifier without a pad token",
        READ,
        model("gpt2-classifier", config(pad_token_id=None)),
    ),
    Case(
        12,
        "a pad token that is past the vocabulary",
        READ,
        model("gpt2-classifier", config(pad_token_id=99_999)),
    ),
    Case(
        12,
        "a tokenizer without a pad token",
        READ,
        model("gpt2", lambda folder: tokenizer(folder, pad_token=None)),
    ),
]


TOKENS = [
    Case(13, "a tokenizer with more tokens than embeddings", READ, model("bert", vocab_size=40), 2),
    Case(13, "fewer tokens than embeddings", READ, model("bert", vocab_size=400)),
    Case(
        13,
        "another way to attend in the config",
        READ,
        model("bert", config(_attn_implementation="flash_attention_2")),
    ),
    Case(
        13,
        "a name that Windows keeps for itself",
        "attnatlas build x.jsonl -m con=m",
        model("bert"),
    ),
    Case(13, "a name with slashes", "attnatlas build x.jsonl -m 'a/b\\c=m'", model("bert")),
    Case(13, "a name of nothing", "attnatlas build x.jsonl -m =m", model("bert"), 2),
    Case(
        13,
        "a tokenizer that is no JSON",
        READ,
        model("bert", lambda folder: (folder / "tokenizer.json").write_text("{")),
        2,
    ),
    Case(
        13,
        "a corpus that Windows keeps for itself",
        "attnatlas build aux.jsonl -m m",
        lambda: (model("bert")(), Path("x.jsonl").rename("aux.jsonl")),
    ),
    Case(
        13,
        "a limit of no tokens",
        READ,
        model("bert", lambda folder: tokenizer(folder, model_max_length=0)),
    ),
    Case(
        13,
        "a limit without end",
        READ,
        model("bert", lambda folder: tokenizer(folder, model_max_length=10**30)),
    ),
]
CASES = (*SLOW, *PIECES, *HEADS, *PADS, *TOKENS)
