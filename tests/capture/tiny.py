"""Tiny random-weight models, saved to a folder with a tokenizer trained on a few sentences."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)
from transformers import PreTrainedTokenizerFast
from transformers.utils import logging

TEXTS = (
    "The bank of the river is muddy.",
    "The doctor told the nurse that she was late.",
    "La banque est au bord de la rivière, n'est-ce pas ?",
    "الطبيب أخبر الممرضة أنها تأخرت.",
    "डॉक्टर ने नर्स को बताया कि वह देर से आई।",
    "医生告诉护士她迟到了。",
    "A family 👩‍👩‍👧 and a flag 🇫🇷!",
)


@cache
def wordpiece() -> PreTrainedTokenizerFast:
    """Return a lower-casing WordPiece tokenizer in BERT's manner."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece())
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    words = _words(tokenizer)
    pieces = {
        f"{'##' if place else ''}{word[place]}" for word in words for place in range(len(word))
    }
    vocabulary = [*special, *sorted(pieces | words)]
    tokenizer.model = models.WordPiece(
        {piece: number for number, piece in enumerate(vocabulary)}, unk_token="[UNK]"
    )
    tokenizer.post_processor = _template("[CLS] $A [SEP]", "[CLS] $A [SEP] $B:1 [SEP]:1", special)
    names = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
    inputs = ["input_ids", "token_type_ids", "attention_mask"]
    return _wrapped(tokenizer, **dict(zip(names, special, strict=True)), model_input_names=inputs)


@cache
def byte_bpe() -> PreTrainedTokenizerFast:
    """Return a byte-level BPE tokenizer in RoBERTa's and GPT-2's manner."""
    special = ["<pad>", "<s>", "</s>", "<mask>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=340, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = _template("<s> $A </s>", "<s> $A </s> $B </s>", special)
    names = ("pad_token", "bos_token", "eos_token", "mask_token")
    return _wrapped(tokenizer, **dict(zip(names, special, strict=True)))


@cache
def unigram() -> PreTrainedTokenizerFast:
    """Return a Unigram tokenizer in T5's manner."""
    special = ["<pad>", "</s>", "<unk>"]
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    words = _words(tokenizer)
    pieces = {letter for word in words for letter in word}
    scored = [(piece, -3.0) for piece in sorted(words)]
    scored += [(piece, -6.0) for piece in sorted(pieces - words)]
    tokenizer.model = models.Unigram([*((name, 0.0) for name in special), *scored], unk_id=2)
    tokenizer.post_processor = _template("$A </s>", "$A </s> $B </s>", special)
    names = ("pad_token", "eos_token", "unk_token")
    return _wrapped(tokenizer, **dict(zip(names, special, strict=True)))


def _words(tokenizer: Tokenizer) -> set[str]:
    """Return the words of the texts as the tokenizer cuts them; its trainers break ties anyhow."""
    normal = [tokenizer.normalizer.normalize_str(text) for text in TEXTS]
    cut = [tokenizer.pre_tokenizer.pre_tokenize_str(text) for text in normal]
    return {word for text in cut for word, _ in text}


def _template(single: str, pair: str, special: list[str]) -> processors.TemplateProcessing:
    used = [(name, number) for number, name in enumerate(special) if name in pair]
    return processors.TemplateProcessing(single=single, pair=pair, special_tokens=used)


def _wrapped(tokenizer: Tokenizer, **names: Any) -> PreTrainedTokenizerFast:
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)


SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 64,
}
STACKS = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 3,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
    "max_position_embeddings": 64,
}
T5 = {
    "d_model": 32,
    "d_kv": 8,
    "d_ff": 48,
    "num_layers": 2,
    "num_decoder_layers": 3,
    "num_heads": 4,
}
GPT2 = {"n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 64}
GROUPED = {**SIZES, "num_key_value_heads": 2}
LOCAL = {"sliding_window": 4, "head_dim": 8}
MADE: dict[str, tuple[str, dict[str, Any], Callable[[], PreTrainedTokenizerFast]]] = {
    "bert": ("BertForMaskedLM", SIZES, wordpiece),
    "bert-classifier": ("BertForSequenceClassification", {**SIZES, "num_labels": 3}, wordpiece),
    "bert-tagger": ("BertForTokenClassification", {**SIZES, "num_labels": 3}, wordpiece),
    "bert-reader": ("BertForQuestionAnswering", SIZES, wordpiece),
    "xlm-roberta": ("XLMRobertaForMaskedLM", SIZES, byte_bpe),
    "roberta": ("RobertaForMaskedLM", SIZES, byte_bpe),
    "distilbert": (
        "DistilBertForMaskedLM",
        {"dim": 32, "n_layers": 3, "n_heads": 4, "hidden_dim": 48, "max_position_embeddings": 64},
        wordpiece,
    ),
    "albert": ("AlbertForMaskedLM", {**SIZES, "embedding_size": 16}, unigram),
    "electra": ("ElectraForMaskedLM", SIZES, wordpiece),
    "modernbert": (
        "ModernBertForMaskedLM",
        {**SIZES, "local_attention": 6, "global_attn_every_n_layers": 2},
        byte_bpe,
    ),
    "deberta": (
        "DebertaForMaskedLM",
        {**SIZES, "relative_attention": True, "pos_att_type": ["p2c", "c2p"]},
        byte_bpe,
    ),
    "deberta-v2": (
        "DebertaV2ForMaskedLM",
        {**SIZES, "relative_attention": True, "pos_att_type": ["p2c", "c2p"]},
        unigram,
    ),
    "mpnet": ("MPNetForMaskedLM", SIZES, wordpiece),
    "gpt2": ("GPT2LMHeadModel", GPT2, byte_bpe),
    "gpt2-classifier": (
        "GPT2ForSequenceClassification",
        {**GPT2, "num_labels": 3, "tie_word_embeddings": False},
        byte_bpe,
    ),
    "gpt2-upcast": ("GPT2LMHeadModel", {**GPT2, "reorder_and_upcast_attn": True}, byte_bpe),
    "gpt_neo": (
        "GPTNeoForCausalLM",
        {"hidden_size": 32, "num_layers": 2, "num_heads": 4, "intermediate_size": 48}
        | {"attention_types": [[["global", "local"], 1]], "window_size": 4},
        byte_bpe,
    ),
    "gpt_neox": ("GPTNeoXForCausalLM", SIZES, byte_bpe),
    "gptj": ("GPTJForCausalLM", {**GPT2, "rotary_dim": 4}, byte_bpe),
    "opt": ("OPTForCausalLM", {**SIZES, "ffn_dim": 48, "word_embed_proj_dim": 32}, byte_bpe),
    "llama": ("LlamaForCausalLM", GROUPED, byte_bpe),
    "mistral": ("MistralForCausalLM", {**GROUPED, **LOCAL}, byte_bpe),
    "qwen2": ("Qwen2ForCausalLM", GROUPED, byte_bpe),
    "qwen3": ("Qwen3ForCausalLM", {**GROUPED, "head_dim": 8}, byte_bpe),
    "phi": ("PhiForCausalLM", SIZES, byte_bpe),
    "phi3": ("Phi3ForCausalLM", GROUPED, byte_bpe),
    "gemma3": ("Gemma3ForCausalLM", {**GROUPED, **LOCAL}, byte_bpe),
    "gemma2": ("Gemma2ForCausalLM", {**GROUPED, **LOCAL}, byte_bpe),
    "gpt_oss": (
        "GptOssForCausalLM",
        {**GROUPED, **LOCAL, "num_local_experts": 2, "num_experts_per_tok": 1},
        byte_bpe,
    ),
    "bloom": ("BloomForCausalLM", {"hidden_size": 32, "n_layer": 3, "n_head": 4}, byte_bpe),
    "falcon": ("FalconForCausalLM", SIZES, byte_bpe),
    "mpt": ("MptForCausalLM", {"d_model": 32, "n_layers": 3, "n_heads": 4}, byte_bpe),
    "xlnet": (
        "XLNetLMHeadModel",
        {"d_model": 32, "n_layer": 3, "n_head": 4, "d_inner": 48},
        unigram,
    ),
    "bart": ("BartForConditionalGeneration", STACKS, byte_bpe),
    "bart-base": ("BartModel", STACKS, byte_bpe),
    "bart-classifier": ("BartForSequenceClassification", {**STACKS, "num_labels": 4}, byte_bpe),
    "marian": ("MarianMTModel", {**STACKS, "decoder_start_token_id": 0}, unigram),
    "mbart": ("MBartForConditionalGeneration", STACKS, unigram),
    "pegasus": ("PegasusForConditionalGeneration", STACKS, unigram),
    "m2m_100": ("M2M100ForConditionalGeneration", STACKS, unigram),
    "t5": ("T5ForConditionalGeneration", {**T5, "decoder_start_token_id": 0}, unigram),
    "mt5": ("MT5ForConditionalGeneration", {**T5, "decoder_start_token_id": 0}, unigram),
    "t5-encoder": ("T5EncoderModel", T5, unigram),
}


def tiny_model(folder: Path, kind: str, **changes: Any) -> Path:
    """Save the model `kind` with random weights, and its tokenizer, to a folder; return it.

    `changes` go into the config.
    """
    name, sizes, make_tokenizer = MADE[kind]
    architecture, tokenizer = getattr(transformers, name), make_tokenizer()
    special = {
        f"{part}_token_id": number
        for part in ("pad", "bos", "eos", "unk", "sep", "cls", "mask")
        if (number := getattr(tokenizer, f"{part}_token_id")) is not None
    }
    if "decoder_layers" in sizes:
        special |= {"decoder_start_token_id": tokenizer.eos_token_id, "forced_eos_token_id": None}
    config = architecture.config_class(
        **{"vocab_size": len(tokenizer), **special, **sizes, **changes}
    )
    torch.manual_seed(0)
    model = architecture(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:
                weight.normal_(std=0.3)
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
