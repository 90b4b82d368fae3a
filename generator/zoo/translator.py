"""The translator `en-fr`: a small Marian model for short sentences."""

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import GenerationConfig, MarianConfig, MarianMTModel, PreTrainedTokenizerFast

from . import data as texts
from .embeddings import factor, neighbours, translations
from .encoder import encode, padded
from .grammar import Grammar, combinations, held_out
from .loop import Batch, Plan, Progress, buckets, train
from .tokenizers import joint_bpe

VOCABULARY = 6000
LENGTH = 128
BATCH_TOKENS = 1400
SMOOTHING = 0.05
AUTHORED_SENTENCES = 7500


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
        dropout=0.0,
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
        self.sources = encode(self.tokenizer, [english for english, _ in found])
        self.targets = encode(self.tokenizer, [french for _, french in found])
        self.model = MarianMTModel(configuration(self.tokenizer))
        self.model.generation_config = generation(self.tokenizer)

    def start(self) -> None:
        """Start the embeddings from neighbours in both languages and words of translations."""
        table = self.model.model.shared.weight
        size, width = table.shape
        counts = neighbours(self.sources + self.targets, size)
        crossing = translations(self.sources, self.targets, size)
        counts = counts / counts.sum() + crossing / crossing.sum()
        vectors = factor(counts, width, self.seed)
        table.data.copy_(torch.as_tensor(vectors, dtype=table.dtype))

    def batches(self, epoch: int) -> list[Batch]:
        """Group pairs of similar length."""
        both = zip(self.sources, self.targets, strict=True)
        lengths = [len(source) + len(target) for source, target in both]
        return buckets(lengths, 2 * BATCH_TOKENS, self.seed + epoch)

    def loss(self, batch: Batch) -> Tensor:
        """Return the smoothed cross-entropy (nats) of every target token."""
        pad = self.tokenizer.pad_token_id
        sources, source_mask = padded([self.sources[at] for at in batch], pad)
        targets, target_mask = padded([self.targets[at] for at in batch], pad)
        inputs = torch.cat([torch.full_like(targets[:, :1], pad), targets[:, :-1]], dim=1)
        state = self.model.model(
            sources, source_mask, decoder_input_ids=inputs, use_cache=False
        ).last_hidden_state
        kept = target_mask.bool()
        logits = self.model.lm_head(state[kept])
        return nn.functional.cross_entropy(logits, targets[kept], label_smoothing=SMOOTHING)


def translate(data: Path, plan: Plan) -> tuple[MarianMTModel, PreTrainedTokenizerFast, Progress]:
    """Train the translator."""
    torch.manual_seed(plan.seed)
    task = Translation(data, plan.seed)
    if not (plan.resume and plan.checkpoint.is_file()):
        task.start()
    progress = train(task.model, task.batches, task.loss, plan)
    return task.model, task.tokenizer, progress
