"""The translator `en-fr`: a small Marian model for short sentences."""

from pathlib import Path

import click
import torch
from torch import Tensor
from transformers import GenerationConfig, MarianConfig, MarianMTModel, PreTrainedTokenizerFast

from . import data as texts
from .bpe_dropout import bpe_dropout, parents
from .consensus import central
from .dropout import RowDropout
from .embeddings import factor, neighbours, translations
from .encoder import encode, padded
from .grammar import Grammar, combinations, held_out
from .label_smoothing import smoothed_cross_entropy
from .loop import Batch, TrainingPlan, TrainingProgress, train
from .tokenizers import joint_bpe

VOCABULARY = 6000
LENGTH = 128
BATCH_TOKENS = 1400
SMOOTHING = 0.1
DROPOUT = 0.1
BPE_DROPOUT = 0.1
"""The share of English tokens that fall into the two they were merged from."""
AUTHORED_SENTENCES = 7500
ALL_REFERENCES = 9
"""So many epochs see every translation of a sentence, and English torn into smaller pieces than
needed; later ones the most central translation alone, and English as it is.
"""


def configuration(tokenizer: PreTrainedTokenizerFast) -> MarianConfig:
    """Describe the architecture: 3 + 3 layers of 4 heads, one embedding table for all."""
    return MarianConfig(
        vocab_size=len(tokenizer),
        decoder_vocab_size=len(tokenizer),
        d_model=160,
        encoder_layers=3,
        decoder_layers=3,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=640,
        decoder_ffn_dim=640,
        max_position_embeddings=LENGTH,
        dropout=DROPOUT,
        attention_dropout=0.0,
        activation_function="swish",
        scale_embedding=True,
        share_encoder_decoder_embeddings=True,
        tie_word_embeddings=True,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        decoder_start_token_id=tokenizer.pad_token_id,
        forced_eos_token_id=None,
    )


def generation(tokenizer: PreTrainedTokenizerFast) -> GenerationConfig:
    """Describe how to translate: four beams, never a padding token."""
    return GenerationConfig(  # type: ignore[no-untyped-call]
        max_length=64,
        num_beams=4,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
        bad_words_ids=[[tokenizer.pad_token_id]],
    )


def probe_combinations(data: Path) -> frozenset[tuple[str, str]]:
    """List the adjective-noun combinations of the agreement probe; no authored row holds one."""
    probe = texts.pairs(data, "test", "authored_adjnoun")
    return frozenset(found for english, _ in probe for found in combinations(english))


def training_pairs(data: Path, seed: int) -> list[tuple[str, str]]:
    """Read the sentence pairs and add authored ones without any held-out combination."""
    older = [
        pair
        for pair in texts.pairs(data, "train", "authored_adjnoun")
        if not any(held_out(*found) for found in combinations(pair[0]))
    ]
    drawn = Grammar(seed, probe_combinations(data)).draw(AUTHORED_SENTENCES, unseen=False)
    newer = [(sentence.english, sentence.french) for sentence in drawn]
    return texts.pairs(data, "train") + older + newer


class Translation:
    """Batches of sentence pairs."""

    def __init__(self, data: Path, seed: int) -> None:
        self.seed = seed
        found = training_pairs(data, seed)
        self.tokenizer = joint_bpe((text for pair in found for text in pair), VOCABULARY, LENGTH)
        self.whole = encode(self.tokenizer, [english for english, _ in found])
        self.sources = self.whole
        self.parents = parents(self.tokenizer)
        self.targets = encode(self.tokenizer, [french for _, french in found])
        self.central = central(found)
        self.model = MarianMTModel(configuration(self.tokenizer))
        self.model.generation_config = generation(self.tokenizer)

    def go_on(self, base: Path) -> None:
        """Start from the weights of an earlier model of this architecture and vocabulary."""
        try:
            earlier = MarianMTModel.from_pretrained(base, dtype=torch.float32)
            self.model.load_state_dict(earlier.state_dict())
        except (OSError, RuntimeError) as error:
            message = f"{base} holds no en-fr of this shape: give the folder of an earlier one"
            raise click.UsageError(message) from error

    def start(self) -> None:
        """Start the embeddings from neighbours in both languages and words of translations."""
        table = self.model.model.shared.weight
        size, width = table.shape
        counts = neighbours(self.whole + self.targets, size)
        crossing = translations(self.whole, self.targets, size)
        counts = counts / counts.sum() + crossing / crossing.sum()
        vectors = factor(counts, width, self.seed)
        table.data.copy_(torch.as_tensor(vectors, dtype=table.dtype))

    def batches(self, epoch: int) -> list[Batch]:
        """Group pairs of the same lengths; later epochs have one translation of each sentence."""
        early = epoch < ALL_REFERENCES
        self.sources = bpe_dropout(
            self.whole, self.parents, BPE_DROPOUT if early else 0, self.seed + epoch
        )
        among = range(len(self.whole)) if early else self.central
        lengths = [(len(self.targets[at]), len(self.sources[at])) for at in among]
        found = rectangles(lengths, 2 * BATCH_TOKENS, self.seed + epoch)
        return [[among[at] for at in batch] for batch in found]

    def loss(self, batch: Batch) -> Tensor:
        """Return the smoothed cross-entropy (nats) of every target token."""
        pad = self.tokenizer.pad_token_id
        sources, source_mask = padded([self.sources[at] for at in batch], pad)
        targets, target_mask = padded([self.targets[at] for at in batch], pad)
        inputs = torch.cat([torch.full_like(targets[:, :1], pad), targets[:, :-1]], dim=1)
        state = self.model.model(
            sources, source_mask, decoder_input_ids=inputs, use_cache=False
        ).last_hidden_state
        kept, table = target_mask.bool(), self.model.lm_head.weight
        return smoothed_cross_entropy(state[kept], table, targets[kept], SMOOTHING)


def rectangles(lengths: list[tuple[int, int]], tokens: int, seed: int) -> list[Batch]:
    """Group pairs of lengths (target, source) so that hardly any padding is left, shuffled.

    A group holds at most `tokens` tokens, padding included.
    """
    generator = torch.Generator().manual_seed(seed)
    noise = torch.rand(len(lengths), generator=generator).tolist()
    found: list[Batch] = [[]]
    widest = 0
    for at in sorted(range(len(lengths)), key=lambda at: (lengths[at], noise[at])):
        target, source = lengths[at]
        widest = max(widest, source)
        if found[-1] and (len(found[-1]) + 1) * (target + widest) > tokens:
            found.append([])
            widest = source
        found[-1].append(at)
    shuffle: list[int] = torch.randperm(len(found), generator=generator).tolist()
    return [found[place] for place in shuffle]


def translate(
    data: Path, plan: TrainingPlan, base: Path | None
) -> tuple[MarianMTModel, PreTrainedTokenizerFast, TrainingProgress]:
    """Train the translator, from the weights of an earlier one if `base` names its folder."""
    torch.manual_seed(plan.seed)
    task = Translation(data, plan.seed)
    if base:
        task.go_on(base)
    elif not (plan.resume and plan.checkpoint.is_file()):
        task.start()
    with RowDropout(DROPOUT):
        progress = train(task.model, task.batches, task.loss, plan)
    return task.model, task.tokenizer, progress
