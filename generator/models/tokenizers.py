"""Load a tokenizer, and hold it against the sentencepiece file that it was made from."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

from ..errors import InputError
from .pinned import ModelSource

PIECES = [
    "sentencepiece.bpe.model",
    "sentencepiece.model",
    "spiece.model",
    "spm.model",
    "tokenizer.model",
]
READY = ("tokenizer.json", "tekken.json")
ELSE = {
    **{"llama": "Llama", "mistral": "Llama", "mixtral": "Llama", "mt5": "T5", "umt5": "T5"},
    "m2m_100": "Nllb",
}
"""Whose tokenizer reads the sentencepiece file of a model, where the model's own does not."""
TIKTOKEN = re.compile(rb"[A-Za-z0-9+/]+=* [0-9]+\r?\n")
"""How a vocabulary in tiktoken's format begins, which goes by the same file names."""
PROBED = 200
NOWHERE = "\U000f0000"
"""A character that no vocabulary has."""


def load_tokenizer(source: ModelSource) -> Any:
    """Load the tokenizer of a model that was found; InputError where it would read otherwise.

    A folder without a ready `tokenizer.json` is read by the first class of transformers that makes
    the pieces that its sentencepiece file makes.
    """
    pieces = sentence_pieces(source.location)
    fault = ""
    for kind in _classes(source):
        try:
            tokenizer = kind.from_pretrained(
                source.location, trust_remote_code=False, local_files_only=True
            )
        except Exception as error:
            fault = fault or f"does not load: {_reason(error, source.location)}"
            continue
        tokenizer = with_languages(tokenizer) if pieces else tokenizer
        wrong = differs(tokenizer, pieces) if pieces else None
        if wrong is None:
            return tokenizer
        fault = f"is not read right from its sentencepiece file: {wrong}"
    ready = any((source.location / name).is_file() for name in READY)
    advice = "; save it again, with save_pretrained" if ready else REMEDY
    raise InputError(f"The tokenizer of model {source.info.name!r} {fault}{advice}.")


REMEDY = "; save it with the transformers that it was made with, so that tokenizer.json is there"


def sentence_pieces(folder: Path) -> Any | None:
    """Return the sentencepiece model of a folder that has nothing readier, if it has one."""
    path = next((folder / name for name in PIECES if (folder / name).is_file()), None)
    if path is None or any((folder / name).is_file() for name in READY):
        return None
    from sentencepiece import SentencePieceProcessor

    try:
        return SentencePieceProcessor(model_file=str(path))
    except (OSError, RuntimeError) as error:
        if TIKTOKEN.match(path.read_bytes()):
            return None
        raise InputError(f"{path}: not a sentencepiece file, or damaged; copy it anew.") from error


def with_languages(tokenizer: Any) -> Any:
    """Return NLLB's tokenizer with its languages numbered after the pieces, as NLLB has them.

    Made from a sentencepiece file, transformers' own has none, or has them after its mask.
    """
    languages = getattr(sys.modules[type(tokenizer).__module__], "FAIRSEQ_LANGUAGE_CODES", ())
    own = getattr(tokenizer, "_vocab", None)
    if not languages or not isinstance(own, dict) or not hasattr(tokenizer, "_merges"):
        return tokenizer
    if tokenizer.convert_tokens_to_ids(languages[0]) == len(own):
        return tokenizer
    made = type(tokenizer)(
        vocab=own | {code: len(own) + place for place, code in enumerate(languages)},
        merges=tokenizer._merges,
        src_lang=tokenizer.src_lang,
        tgt_lang=tokenizer.tgt_lang,
        legacy_behaviour=tokenizer.legacy_behaviour,
        model_max_length=tokenizer.model_max_length,
    )
    made.backend_tokenizer.normalizer = tokenizer.backend_tokenizer.normalizer
    return made


def differs(tokenizer: Any, pieces: Any) -> str | None:
    """Return how a tokenizer reads otherwise than its sentencepiece file, if it does."""
    if not tokenizer.is_fast:
        return None  # those ask sentencepiece itself
    text = " ".join(_plain_words(pieces))
    wanted, found = pieces.encode(text, out_type=str), tokenizer.tokenize(text)
    for own, other in zip(wanted, found, strict=False):
        if own != other:
            return f"it cuts {other!r} where the file has {own!r}"
    numbers = tokenizer.convert_tokens_to_ids(wanted)
    if tokenizer.unk_token_id in numbers:
        return f"it does not know {wanted[numbers.index(tokenizer.unk_token_id)]!r}"
    meant = set(tokenizer.all_special_ids) - {tokenizer.unk_token_id}
    strange = tokenizer(NOWHERE, add_special_tokens=False)["input_ids"]
    if taken := meant.intersection(strange):
        return f"it reads a character it does not know as {tokenizer.decode(min(taken))!r}"
    [encoding] = tokenizer(text, verbose=False).encodings
    marks = zip(encoding.ids, encoding.tokens, encoding.special_tokens_mask, strict=True)
    for number, name, special in marks:
        if special and number == tokenizer.unk_token_id:
            return f"it has no number for {name!r}"
    return None


def _plain_words(pieces: Any) -> list[str]:
    """Return words and letters of a sentencepiece model that no normalisation changes."""
    names = (pieces.id_to_piece(number) for number in range(pieces.get_piece_size()))
    words = (name.removeprefix("▁") for name in names)
    plain = (
        word for word in words if word.isalpha() and normalize("NFKD", word).casefold() == word
    )
    return list(dict.fromkeys(plain))[:PROBED]


def _classes(source: ModelSource) -> Iterator[Any]:
    """Yield the classes to read a tokenizer with: the one transformers chooses, then others."""
    import transformers

    yield transformers.AutoTokenizer
    named = _declared(source.location) or source.config.get("tokenizer_class")
    stem = ELSE.get(str(source.config.get("model_type")))
    for name in (named, f"{stem}Tokenizer" if stem else None):
        kind = getattr(transformers, str(name).removesuffix("Fast"), None) if name else None
        if isinstance(kind, type) and issubclass(kind, transformers.PreTrainedTokenizerBase):
            yield kind


def _declared(folder: Path) -> Any:
    """Return the class that a tokenizer's config names."""
    path = folder / "tokenizer_config.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (ValueError, OSError, RecursionError):
        return None
    return found.get("tokenizer_class") if isinstance(found, dict) else None


def _reason(error: Exception, folder: Path) -> str:
    """Return why a tokenizer does not load, without advice on packages that are installed."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    nothing = ("instantiate the backend tokenizer", "PathLike object, not NoneType")
    if any(part in lines[0] for part in nothing) or "sentencepiece" in str(error):
        return f"transformers finds no file in {folder} that it can make it from"
    return lines[0].rstrip(".: ")
