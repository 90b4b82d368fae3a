"""Tokenizers without offsets, each from small files of its own kind, trained on a few sentences."""

import io
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import sentencepiece
import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import ByT5Tokenizer, CanineTokenizer

from tests.capture.tiny import TEXTS

T5_PIECES = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1}


@cache
def sentence_pieces(kind: str = "unigram", size: int = 150, **options: Any) -> bytes:
    """Return a sentencepiece model, trained on the texts; rare characters stay unknown to it."""
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS * 3),
        model_writer=file,
        model_type=kind,
        vocab_size=size,
        hard_vocab_limit=False,
        character_coverage=0.98,
        minloglevel=2,
        **options,
    )
    return file.getvalue()


def vocabulary(model: bytes, *first: str, last: tuple[str, ...] = ()) -> dict[str, int]:
    """Return the pieces of a sentencepiece model but its first three, between other tokens."""
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model)
    own = [pieces.id_to_piece(number) for number in range(3, pieces.get_piece_size())]
    return {name: number for number, name in enumerate([*first, *own, *last])}


@cache
def merges() -> tuple[tuple[str, str], ...]:
    """Return the merges of a BPE over words that end in `</w>`."""
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    trainer = trainers.BpeTrainer(vocab_size=220, end_of_word_suffix="</w>", show_progress=False)
    tokenizer.train_from_iterator([text.lower() for text in TEXTS[:3]], trainer)
    return tuple(tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"])


def symbols() -> list[str]:
    letters = sorted({letter for text in TEXTS[:3] for letter in text.lower() if letter != " "})
    return [*letters, *(f"{letter}</w>" for letter in letters), *("".join(p) for p in merges())]


def word_bpe(*special: str, continued: str = "") -> list[str]:
    """Return a vocabulary of pieces; those that go on end in `continued`, or the last in `</w>`."""
    if not continued:
        return list(dict.fromkeys([*special, *symbols()]))
    ends = [name.removesuffix("</w>") for name in symbols() if name.endswith("</w>")]
    inner = [f"{name}{continued}" for name in symbols() if not name.endswith("</w>")]
    return list(dict.fromkeys([*special, *ends, *inner]))


def write(folder: Path, files: dict[str, Any]) -> Path:
    """Write files: bytes and texts as they are, all else as JSON."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        if not isinstance(content, bytes):
            content = (content if isinstance(content, str) else json.dumps(content)).encode()
        (folder / name).write_bytes(content)
    return folder


def numbered(names: list[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def listed_merges(count: bool) -> str:
    return "".join(f"{one} {other}{' 1' if count else ''}\n" for one, other in merges())


def marian() -> dict[str, Any]:
    source, target = sentence_pieces(), sentence_pieces("bpe", 200)
    names = vocabulary(source, "</s>", "<unk>") | vocabulary(target, "</s>", "<unk>")
    numbers = numbered([*names, "<pad>"])
    languages = {"source_lang": "en", "target_lang": "fr"}
    files = {"source.spm": source, "target.spm": target, "vocab.json": numbers}
    return files | {"tokenizer_config.json": languages}


def m2m100() -> dict[str, Any]:
    names = vocabulary(sentence_pieces(), "<s>", "<pad>", "</s>", "<unk>")
    return {"sentencepiece.bpe.model": sentence_pieces(), "vocab.json": names}


def xlm() -> dict[str, Any]:
    special = ["<s>", "</s>", "<pad>", "<unk>", *(f"<special{n}>" for n in range(10))]
    return {"vocab.json": numbered(word_bpe(*special)), "merges.txt": listed_merges(count=True)}


def fsmt() -> dict[str, Any]:
    names = numbered(word_bpe("<s>", "<pad>", "</s>", "<unk>"))
    files = {"vocab-src.json": names, "vocab-tgt.json": names}
    files |= {"tokenizer_config.json": {"langs": ["en", "fr"], "do_lower_case": True}}
    return files | {"merges.txt": listed_merges(count=True)}


def biogpt() -> dict[str, Any]:
    names = numbered(word_bpe("<s>", "<pad>", "</s>", "<unk>"))
    return {"vocab.json": names, "merges.txt": listed_merges(count=True)}


def ctrl() -> dict[str, Any]:
    names = numbered(word_bpe("<unk>", continued="@@"))
    return {"vocab.json": names, "merges.txt": "#version: 0.2\n" + listed_merges(count=False)}


def phobert() -> dict[str, Any]:
    names = "".join(f"{name} 1\n" for name in word_bpe(continued="@@"))
    return {"vocab.txt": names, "bpe.codes": listed_merges(count=True)}


def small_blender() -> dict[str, Any]:
    special = ["__null__", "__start__", "__end__", "__unk__"]
    names = numbered(word_bpe(*special, continued="@@"))
    return {"vocab.json": names, "merges.txt": "#version: 0.2\n" + listed_merges(count=False)}


def esm() -> dict[str, Any]:
    return {"vocab.txt": "\n".join(["<cls>", "<pad>", "<eos>", "<unk>", *"LAGVSERTIDPKQNFYMHWC"])}


def byte_fallback() -> dict[str, Any]:
    return {"spiece.model": sentence_pieces("bpe", 400, byte_fallback=True)}


FILES: dict[str, tuple[str, Callable[[], dict[str, Any]], dict[str, Any]]] = {
    "marian": ("MarianTokenizer", marian, {}),
    "m2m100": ("M2M100Tokenizer", m2m100, {"src_lang": "en", "tgt_lang": "fr"}),
    "xlm": ("XLMTokenizer", xlm, {}),
    "flaubert": ("FlaubertTokenizer", xlm, {"do_lowercase": True}),
    "fsmt": ("FSMTTokenizer", fsmt, {}),
    "biogpt": ("BioGptTokenizer", biogpt, {}),
    "ctrl": ("CTRLTokenizer", ctrl, {}),
    "phobert": ("PhobertTokenizer", phobert, {}),
    "bertweet": ("BertweetTokenizer", phobert, {"normalization": True}),
    "blenderbot-small": ("BlenderbotSmallTokenizer", small_blender, {}),
    "esm": ("EsmTokenizer", esm, {}),
    "bert-generation": (
        "BertGenerationTokenizer",
        lambda: {"spiece.model": sentence_pieces()},
        {},
    ),
    "plbart": (
        "PLBartTokenizer",
        lambda: {"sentencepiece.bpe.model": sentence_pieces()},
        {"src_lang": "java", "tgt_lang": "en_XX"},
    ),
    "myt5": (
        "MyT5Tokenizer",
        lambda: {"byte_maps.json": {"decompose_map": {}, "merge_map": {}}},
        {},
    ),
    "gpt-sw3": ("GPTSw3Tokenizer", byte_fallback, {}),
}
BARE = {"byt5": ByT5Tokenizer, "canine": CanineTokenizer}
NAMES = (*FILES, *BARE)


def slow_tokenizer(name: str, folder: Path) -> Any:
    """Return the tokenizer of a kind, made in a folder."""
    if name in BARE:
        return BARE[name]()
    kind, files, options = FILES[name]
    return getattr(transformers, kind).from_pretrained(write(folder, files()), **options)


def spoilt_texts(seed: int, count: int) -> Iterator[str]:
    """Yield texts made of known words and of all that tokenizers change, drop or do not know."""
    import random

    draw = random.Random(seed)
    words = " ".join(TEXTS[:3]).split()
    odd = [
        "😀",
        "👩‍👩‍👧",
        "“great”",
        "…",
        "’",
        "é",
        "E\u0301",
        "½",
        "ﬁne",
        "ẞ",
        "İ",
        "™",
        "医生",
        "ร้าน",
    ]
    odd += [
        "\u200b",
        "\u00a0",
        "\u0007",
        "  ",
        "\n",
        "\t",
        "¿",
        "—",
        "<0x41>",
        "▁",
        "@@",
        "##",
        "ZZZ",
    ]
    odd += ["</s>", "[SEP]", "<unk>", "<mask>", "Ġ", "ऀ", "\U000e0001", "ﷺ", "&amp;", "#tag", "@you"]
    for _ in range(count):
        parts = [draw.choice(odd if draw.random() < 0.5 else words) for _ in range(12)]
        yield "".join(part + draw.choice(["", " ", " "]) for part in parts) + "x"
