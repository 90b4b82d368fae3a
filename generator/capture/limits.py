"""How far a model reads: the most tokens it takes, and the window of each layer."""

from __future__ import annotations

import os
from typing import Any

from ..models.info import Family

DEFAULT_TOKENS = 512
ENDLESS = 1_000_000
# Positions start behind the number of the padding token.
OFFSET_POSITIONS = """
    camembert data2vec-text esm ibert luke markuplm mpnet roberta roberta-prelayernorm xlm-roberta
    xlm-roberta-xl xmod"""
# Positions are distances, so that nothing but memory ends the text.
RELATIVE_POSITIONS = "bloom mpt mt5 switch_transformers t5 umt5 xlnet"


def token_limit(config: Any, tokenizer: Any, wanted: int | None) -> int:
    """Return how many tokens to read at most: what fits the model, or `wanted` if that is less.

    A model without a limit reads `wanted` tokens, 512 if nothing is wanted.
    """
    own = [limit for limit in (_positions(config), _tokenizer_limit(config, tokenizer)) if limit]
    return min([*own, wanted or (ENDLESS if own else DEFAULT_TOKENS)])


def free_memory(device: Any) -> int:
    """Return the free bytes of a device; 1 GB where nobody knows."""
    if device.type == "cuda":
        import torch

        return int(torch.cuda.mem_get_info(device)[0])
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 1_000_000_000


def window_sizes(config: Any, family: Family, layers: int) -> tuple[int | None, ...] | None:
    """Return how many tokens away, itself included, each layer's queries look; None: no limit."""
    text = config.get_text_config(decoder=True)
    if family == "encoder-decoder":
        return None
    if getattr(text, "model_type", "") == "gpt_neo":
        local = [kind == "local" for kind in text.attention_layers]
        size = text.window_size
    else:
        size = getattr(text, "sliding_window", None)
        kinds = getattr(text, "layer_types", None) or ["sliding_attention"] * layers
        local = [kind == "sliding_attention" for kind in kinds]
    if not size or not any(local):
        return None
    size += int(family == "encoder")
    return tuple(size if is_local else None for is_local in local[:layers])


def _positions(config: Any) -> int | None:
    """Return how many positions a model has, None if it has no end of them."""
    text = config.get_text_config()
    if text.model_type in RELATIVE_POSITIONS.split():
        return None
    names = ("max_position_embeddings", "n_positions", "max_seq_len")
    found = next(
        (value for name in names if isinstance(value := getattr(text, name, None), int)), 0
    )
    if text.model_type in OFFSET_POSITIONS.split():
        fixed = text.pad_token_id is None or text.model_type == "mpnet"
        found -= 1 + (1 if fixed else text.pad_token_id)
    return found if found > 0 else None


def _tokenizer_limit(config: Any, tokenizer: Any) -> int | None:
    """Return what the tokenizer says the model takes, unless the model takes anything.

    A file may say anything; what is no length is no limit.
    """
    limit = tokenizer.model_max_length
    if config.model_type in RELATIVE_POSITIONS.split() or not isinstance(limit, int | float):
        return None
    return int(limit) if 1 <= limit <= ENDLESS else None
