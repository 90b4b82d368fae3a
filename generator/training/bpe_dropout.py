"""Words in smaller pieces than needed, so that a small model learns more from each sentence.

Like BPE-dropout (Provilkov, Emelianenko and Voita 2020, arXiv 1910.13267): there some merges of a
word are left out at random, here some merges that made a token are undone. This one has a seed.
"""

import json
import random

from transformers import PreTrainedTokenizerFast

Row = list[int]


def parents(tokenizer: PreTrainedTokenizerFast) -> dict[int, Row]:
    """Tell which two tokens were merged to each token of a BPE vocabulary."""
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    at = model["vocab"]
    found: dict[int, Row] = {}
    for first, second in model["merges"]:
        found.setdefault(at[first + second], [at[first], at[second]])
    return found


def bpe_dropout(rows: list[Row], parents: dict[int, Row], share: float, seed: int) -> list[Row]:
    """Undo the merge of a share of all tokens, and of those that made its parts."""
    chance = random.Random(seed)  # noqa: S311 - no secret hangs on it

    def split(row: Row) -> Row:
        found: Row = []
        for token in row:
            undone = token in parents and chance.random() < share
            found += split(parents[token]) if undone else [token]
        return found

    return [split(row) for row in rows]
