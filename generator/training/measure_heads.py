"""What the heads of a model do, by the project's own metrics, beside uniform attention."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ..analyses import head_metrics as heads
from ..array_types import Doubles, Singles
from ..capture import AttentionMap, Kind, Token
from ..statistics.splits import Group
from .measure import Figure, alone, clustered, halves

PATTERNS = (
    "previous",
    "next",
    "self",
    "first",
    "delimiter",
    "punctuation",
    "duplicate",
    "induction",
)
TOP = 3


@dataclass(frozen=True, slots=True)
class StrongestHeads:
    """The heads that put most of their attention in one place, and what uniform attention puts."""

    kind: str
    metric: str
    uniform: float
    heads: tuple[tuple[str, float], ...]
    n: int


def tokens(tokenizer: Any, text: str, ids: list[int]) -> tuple[Token, ...]:
    """Describe the tokens of a text by their pieces of it."""
    found = tokenizer(text, return_offsets_mapping=True, truncation=True)
    special = set(tokenizer.all_special_ids)
    offsets = found["offset_mapping"]
    names = tokenizer.convert_ids_to_tokens(ids)
    return tuple(
        Token(name, number, True)
        if number in special
        else Token(text[start:end], number, False, start, end)
        for name, number, (start, end) in zip(names, ids, offsets, strict=True)
    )


def stacked(layers: Iterable[Any]) -> Singles:
    """Stack one text's attention: [layer, head, query, key]."""
    found: Singles = torch.stack([layer[0] for layer in layers]).numpy()
    return found


def self_map(model: Any, tokenizer: Any, text: str, causal: bool) -> AttentionMap:
    """Read a text with a model of one stack."""
    ids = tokenizer(text, truncation=True)["input_ids"]
    with torch.no_grad():
        output = model(torch.tensor([ids]), output_attentions=True)
    shown = tokens(tokenizer, text, ids)
    return AttentionMap("self", shown, shown, stacked(output.attentions), causal=causal)


def translation_maps(model: Any, tokenizer: Any, source: str, target: str) -> list[AttentionMap]:
    """Read a sentence pair: encoder, decoder and cross-attention, queries as fed to the decoder."""
    ids = tokenizer(source, truncation=True)["input_ids"]
    labels = tokenizer(target, truncation=True)["input_ids"]
    fed = [model.config.decoder_start_token_id, *labels[:-1]]
    with torch.no_grad():
        output = model(
            torch.tensor([ids]), decoder_input_ids=torch.tensor([fed]), output_attentions=True
        )
    read = tokens(tokenizer, source, ids)
    said = tokens(tokenizer, target, labels)
    queries = (Token("<pad>", fed[0], True), *said[:-1])
    kinds: list[tuple[Kind, Any, tuple[Token, ...], tuple[Token, ...], bool]] = [
        ("encoder", output.encoder_attentions, read, read, False),
        ("decoder", output.decoder_attentions, queries, queries, True),
        ("cross", output.cross_attentions, queries, read, False),
    ]
    return [
        AttentionMap(kind, rows, columns, stacked(layers), causal=causal, predicted=said)
        for kind, layers, rows, columns, causal in kinds
    ]


def strongest_heads(maps: list[AttentionMap]) -> list[StrongestHeads]:
    """Average each pattern over texts and list its strongest heads; all maps are of one kind."""
    grids = [heads.grid(found) for found in maps]
    values = np.stack([grid.values for grid in grids])  # [text, metric, layer, head]
    nulls = np.stack([np.asarray(grid.null).mean(axis=1) for grid in grids])  # [text, metric]
    found = []
    for metric in PATTERNS:
        at = heads.METRICS.index(metric)
        known = ~np.isnan(values[:, at, 0, 0])
        if known.any():
            best = strongest(values[known, at].mean(axis=0))
            uniform = round(float(nulls[known, at].mean()), 4)
            found.append(StrongestHeads(maps[0].kind, metric, uniform, best, int(known.sum())))
    return found


def strongest(scores: Doubles) -> tuple[tuple[str, float], ...]:
    """List the three heads with the highest scores [layer, head]."""
    places = [divmod(int(at), scores.shape[1]) for at in np.argsort(-scores, axis=None)[:TOP]]
    return tuple((f"L{at}H{head}", round(float(scores[at, head]), 4)) for at, head in places)


def previous(maps: list[AttentionMap], groups: Sequence[Group | None] = ()) -> Figure:
    """Measure the strongest previous-token head, chosen on half of the texts, told on the rest.

    Texts of one of the `groups` are in the same half, and drawn together.
    """
    groups = groups or [None] * len(maps)
    choosing, telling = halves(groups)
    at = heads.METRICS.index("previous")
    values = np.stack([heads.grid(found).values[at] for found in maps])
    chosen = np.nanmean(values[choosing], axis=0)
    layer, head = np.unravel_index(chosen.argmax(), chosen.shape)
    known = [at for at in telling if not np.isnan(values[at, layer, head])]
    scores, every = [float(values[at, layer, head]) for at in known], alone(groups)
    about = f"attention of L{layer}H{head} on the token before, chosen on other texts"
    clusters = [every[at] for at in known]
    return clustered("head.previous", scores, clusters, about, "groups of like texts")
