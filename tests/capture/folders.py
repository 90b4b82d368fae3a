"""Folders of models as published before tokenizer.json: weights and sentencepiece files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sentencepiece
import torch
import transformers
from transformers.utils import logging

from tests.capture.slow import T5_PIECES, m2m100, marian, sentence_pieces, write
from tests.capture.tiny import GROUPED, SIZES, STACKS, T5

BERT_PIECES = {
    **{"pad_id": 0, "bos_id": 1, "eos_id": 2, "unk_id": 3},
    **{"pad_piece": "[PAD]", "bos_piece": "[CLS]", "eos_piece": "[SEP]", "unk_piece": "[UNK]"},
}
ALBERT_PIECES = {
    **{"pad_id": 0, "unk_id": 1, "bos_id": -1, "eos_id": -1},
    **{"control_symbols": "[CLS],[SEP],[MASK]", "normalization_rule_name": "nmt_nfkc_cf"},
}
XLNET_PIECES = {"control_symbols": "<cls>,<sep>,<pad>,<mask>,<eod>"}
LLAMA_PIECES = {
    **{"unk_id": 0, "bos_id": 1, "eos_id": 2, "byte_fallback": True},
    **{"normalization_rule_name": "identity", "remove_extra_whitespaces": False},
}
LLAMA_CONFIG = {
    **{"tokenizer_class": "LlamaTokenizer", "add_bos_token": True, "add_eos_token": False},
    **{"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "legacy": True},
}
PAD = len(marian()["vocab.json"]) - 1
MARIAN = {"decoder_start_token_id": PAD, "pad_token_id": PAD, "eos_token_id": 0}
START = {"decoder_start_token_id": 0, "pad_token_id": 0, "eos_token_id": 1}
FAIR = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}


def llama() -> bytes:
    return sentence_pieces("bpe", 500, **LLAMA_PIECES)


def one(name: str, content: Callable[[], bytes], **config: Any) -> Callable[[], dict[str, Any]]:
    """Return what makes a file of pieces, beside the tokenizer's config if it has any."""
    return lambda: {name: content()} | ({"tokenizer_config.json": config} if config else {})


def t5_pieces() -> bytes:
    return sentence_pieces(**T5_PIECES)


# What the weights are of; what the folder holds; how far its numbers lie from sentencepiece's own.
FOLDERS: dict[str, tuple[str, dict[str, Any], Callable[[], dict[str, Any]], int | None]] = {
    "opus-mt": ("MarianMTModel", {**STACKS, **MARIAN}, marian, None),
    "m2m100": ("M2M100ForConditionalGeneration", {**STACKS, **FAIR}, m2m100, None),
    "mbart": (
        "MBartForConditionalGeneration",
        {**STACKS, **FAIR},
        one("sentencepiece.bpe.model", sentence_pieces),
        1,
    ),
    "mbart50": (
        "MBartForConditionalGeneration",
        {**STACKS, **FAIR},
        one("sentencepiece.bpe.model", sentence_pieces, tokenizer_class="MBart50Tokenizer"),
        1,
    ),
    "nllb": (
        "M2M100ForConditionalGeneration",
        {**STACKS, **FAIR},
        one(
            "sentencepiece.bpe.model",
            lambda: sentence_pieces("bpe", 200),
            tokenizer_class="NllbTokenizer",
            src_lang="eng_Latn",
        ),
        1,
    ),
    "t5": ("T5ForConditionalGeneration", {**T5, **START}, one("spiece.model", t5_pieces), 0),
    "mt5": (
        "MT5ForConditionalGeneration",
        {**T5, **START},
        one("spiece.model", t5_pieces, tokenizer_class="T5Tokenizer", extra_ids=0),
        0,
    ),
    "umt5": (
        "UMT5ForConditionalGeneration",
        {**T5, **START},
        one("spiece.model", t5_pieces, tokenizer_class="T5Tokenizer", extra_ids=0),
        0,
    ),
    "pegasus": (
        "PegasusForConditionalGeneration",
        {**STACKS, **START},
        one("spiece.model", t5_pieces),
        103,
    ),
    "xlm-roberta": (
        "XLMRobertaForMaskedLM",
        {**SIZES, **FAIR},
        one("sentencepiece.bpe.model", sentence_pieces),
        1,
    ),
    "camembert": (
        "CamembertForMaskedLM",
        {**SIZES, "bos_token_id": 5, "eos_token_id": 6, "pad_token_id": 1},
        one("sentencepiece.bpe.model", sentence_pieces),
        4,
    ),
    "deberta-v2": (
        "DebertaV2ForMaskedLM",
        {**SIZES, "relative_attention": True, "pos_att_type": ["p2c", "c2p"]},
        one("spm.model", lambda: sentence_pieces(**BERT_PIECES), vocab_type="spm"),
        0,
    ),
    "albert": (
        "AlbertForMaskedLM",
        {**SIZES, "embedding_size": 16},
        one("spiece.model", lambda: sentence_pieces(**ALBERT_PIECES)),
        0,
    ),
    "xlnet": (
        "XLNetLMHeadModel",
        {"d_model": 32, "n_layer": 3, "n_head": 4, "d_inner": 48},
        one("spiece.model", lambda: sentence_pieces(**XLNET_PIECES)),
        0,
    ),
    "llama": ("LlamaForCausalLM", GROUPED, one("tokenizer.model", llama, **LLAMA_CONFIG), 0),
    "mistral": (
        "MistralForCausalLM",
        {**GROUPED, "head_dim": 8},
        one("tokenizer.model", llama, **LLAMA_CONFIG),
        0,
    ),
}


def published(folder: Path, kind: str) -> Path:
    """Save a tiny model with random weights and the files of its tokenizer; return the folder."""
    name, sizes, files, _ = FOLDERS[kind]
    architecture = getattr(transformers, name)
    torch.manual_seed(0)
    size = PAD + 1 if kind == "opus-mt" else 640
    model = architecture(architecture.config_class(vocab_size=size, **sizes)).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:
                weight.normal_(std=0.3)
    logging.disable_progress_bar()
    model.save_pretrained(folder)
    return write(folder, files())


def numbers(folder: Path, kind: str, text: str) -> list[int]:
    """Return the tokens of a text by number, as sentencepiece and the kind's own rule have them."""
    rule = FOLDERS[kind][3]
    names = (
        "source.spm",
        "sentencepiece.bpe.model",
        "spiece.model",
        "spm.model",
        "tokenizer.model",
    )
    [file] = [folder / name for name in names if (folder / name).is_file()]
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(file))
    if rule is not None:
        return [number + rule for number in pieces.encode(text)]
    known = json.loads((folder / "vocab.json").read_text("utf-8"))
    return [known[piece] for piece in pieces.encode(text, out_type=str)]
