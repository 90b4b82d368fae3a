"""Models that have learnt one thing, made in seconds, and their twins that have not."""

from __future__ import annotations

import math

import torch
from attnatlas.models import LoadedModel, loaded_from_objects
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedTokenizerFast,
)

SPECIAL = ("<unk>", "<pad>", "</s>")
LONGEST = 24
WORDS = 6


def tokenizer_of(size: int, closed: bool = False) -> PreTrainedTokenizerFast:
    """Return a tokenizer of `size` entries, whole words; `closed` puts </s> behind each text."""
    names = [*SPECIAL, *(f"w{number}" for number in range(len(SPECIAL), size))]
    tokenizer = Tokenizer(
        models.WordLevel({name: at for at, name in enumerate(names)}, unk_token="<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    if closed:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="$A </s>", special_tokens=[("</s>", 2)]
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<pad>", eos_token="</s>"
    )


def sinusoids(places: int, width: int) -> torch.Tensor:
    """Return positions that a head can shift by one, [place, width]."""
    rates = torch.exp(-torch.arange(0, width, 2) * (math.log(100) / width))
    angles = torch.arange(places)[:, None] * rates
    return torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)


def distinct(rows: int, size: int, random: torch.Generator) -> torch.Tensor:
    """Return all ordinary tokens in a random order, [row, token]."""
    return torch.rand(rows, size - len(SPECIAL), generator=random).argsort(1) + len(SPECIAL)


def step(optimiser: torch.optim.Optimizer, loss: torch.Tensor) -> None:
    """Take one step down a loss."""
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()


def copier(periodic: bool, steps: int = 160, size: int = 33, width: int = 64) -> LoadedModel:
    """Return a two-layer GPT-2 trained on tokens that come again after 5 to 12 others.

    With `periodic` false no token comes again, and there is nothing to copy. Its feed-forward
    part is narrow, so that heads have to do the work.
    """
    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=size, n_embd=width, n_layer=2, n_head=2, n_inner=16, n_positions=LONGEST + 2,
        resid_pdrop=0, embd_pdrop=0, attn_pdrop=0, bos_token_id=2, eos_token_id=2,
        tie_word_embeddings=False, initializer_range=0.1,
    )  # fmt: skip
    model = GPT2LMHeadModel(config)
    with torch.no_grad():
        model.transformer.wpe.weight.copy_(0.3 * sinusoids(LONGEST + 2, width))
        model.transformer.wte.weight.normal_(std=0.3)
        model.lm_head.weight.normal_(std=0.02)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, betas=(0.9, 0.99))
    random, at = torch.Generator().manual_seed(0), torch.arange(LONGEST)[None]
    for _ in range(steps):
        period = torch.randint(5, 13, (32, 1), generator=random)
        places = at % period if periodic else at.expand(32, -1)
        ids = distinct(32, size, random).gather(1, places)
        chances = model(ids).logits[:, :-1].log_softmax(-1)
        losses = -chances.gather(2, ids[:, 1:, None])[..., 0]
        known = (at >= period)[:, 1:]
        step(optimiser, (losses * known).sum() / known.sum())
    return loaded_from_objects(model.eval(), tokenizer_of(size))


def reverser(steps: int, size: int = 15, width: int = 48) -> tuple[object, object]:
    """Return a small BART that says the words of its input backwards, and its tokenizer.

    With no steps it has learnt nothing.
    """
    torch.manual_seed(0)
    config = BartConfig(
        vocab_size=size, d_model=width, encoder_layers=1, decoder_layers=1,
        encoder_attention_heads=2, decoder_attention_heads=2, encoder_ffn_dim=64,
        decoder_ffn_dim=64, max_position_embeddings=16, dropout=0.0, pad_token_id=1,
        bos_token_id=2, eos_token_id=2, decoder_start_token_id=2, forced_eos_token_id=None,
        init_std=0.1,
    )  # fmt: skip
    config._attn_implementation = "eager"
    model = BartForConditionalGeneration(config)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    random, end = torch.Generator().manual_seed(0), torch.full((32, 1), 2)
    for _ in range(steps):
        words = distinct(32, size, random)[:, :WORDS]
        source = torch.cat([words, end], dim=1)
        labels = torch.cat([words.flip(1), end], dim=1)
        step(optimiser, model(input_ids=source, labels=labels).loss)
    return model.eval(), tokenizer_of(size, closed=True)
