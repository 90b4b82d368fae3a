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
from .files import TOKENIZER_FILES, read_object
from .pinned import ModelSource

PIECES = [
    "sentencepiece.bpe.model",
    "sentencepiece.model",
    "spiece.model",
    "spm.model",
    "tokenizer.model",
]
ASKED = ("source.spm", "target.spm", "spm_char.model")
"""Files of pieces that tokenizers ask themselves, whatever else is there."""
READY = ("tokenizer.json", "tekken.json")
ELSE = {
    **{"llama": "Llama", "mistral": "Llama", "mixtral": "Llama", "mt5": "T5", "umt5": "T5"},
    "m2m_100": "Nllb",
}
"""Whose tokenizer reads the sentencepiece file of a model, where the model's own does not."""
TIKTOKEN = re.compile(rb"[A-Za-z0-9+/]+=* [0-9]+\r?\n")
"""How a vocabulary in tiktoken's format begins, which goes by the same file names."""
NOTHING = ("backend tokenizer", "PathLike object, not NoneType", "model_file or model_proto")
"""What is said where transformers finds no file to make a tokenizer from."""
SELDOM = ("tokenizer_config.json", "target_vocab.json")
"""Files that few tokenizers need of those that their class names."""
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
        except Exception as error:  # the next class may read what this one does not
            fault = fault or f"does not load: {_reason(error, kind, source)}"
            continue
        if not set(tokenizer.get_vocab()) - {*map(str, tokenizer.added_tokens_decoder.values())}:
            fault = fault or f"does not load: {nothing_from(kind, source)}"
            continue
        tokenizer = with_languages(tokenizer) if pieces else tokenizer
        wrong = differs(tokenizer, pieces) if pieces else None
        if wrong is None:
            return tokenizer
        fault = fault or f"is not read right from its sentencepiece file: {wrong}"
    ready = any((source.location / name).is_file() for name in READY)
    advice = "; save it again, with save_pretrained" if ready else REMEDY
    raise InputError(f"The tokenizer of model {source.info.name!r} {fault}{advice}.")


REMEDY = "; save it with the transformers that it was made with, so that tokenizer.json is there"


def sentence_pieces(folder: Path) -> Any | None:
    """Return the sentencepiece model of a folder that has nothing readier, if it has one."""
    for asked in (folder / name for name in ASKED if (folder / name).is_file()):
        _pieces_of(asked)
    path = next((folder / name for name in PIECES if (folder / name).is_file()), None)
    if path is None or any((folder / name).is_file() for name in READY):
        return None
    return _pieces_of(path)


def _pieces_of(path: Path) -> Any | None:
    """Return the sentencepiece model in a file, None if it is a vocabulary of tiktoken."""
    from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2

    raw = path.read_bytes()
    if TIKTOKEN.match(raw):
        return None
    try:
        found = SentencePieceProcessor(model_proto=raw)
        whole = bool(raw) and _whole(sentencepiece_model_pb2, raw)
    except Exception as error:
        raise InputError(_damaged(path)) from error
    if not whole:
        raise InputError(_damaged(path))
    return found


def _whole(schema: Any, raw: bytes) -> bool:
    """Say whether a sentencepiece file goes on to its end, which says how it was trained."""
    return bool(schema.ModelProto.FromString(raw).HasField("trainer_spec"))


def _damaged(path: Path) -> str:
    return f"{path}: not a sentencepiece file, or damaged; copy it anew."


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


def _reason(error: Exception, kind: Any, source: ModelSource) -> str:
    """Return why a tokenizer does not load, without advice on packages that are installed."""
    if fault := _not_an_object(source.location):
        return fault
    lines = str(error).strip().splitlines() or [type(error).__name__]
    if any(part in lines[0] for part in NOTHING) or "sentencepiece" in str(error):
        return nothing_from(kind, source)
    if isinstance(error, KeyError):
        return f"its files lack {error}"
    return lines[0].rstrip(".: ")


def nothing_from(kind: Any, source: ModelSource) -> str:
    """Return, as the end of a sentence, which files a tokenizer of a kind is made from."""
    from transformers.models.auto import tokenization_auto as auto

    folder, model_type = source.location, str(source.config.get("model_type"))
    if not hasattr(kind, "vocab_files_names"):
        named = _declared(folder) or auto.TOKENIZER_MAPPING_NAMES.get(model_type)
        kind = auto.tokenizer_class_from_name(str(named)) if named else None
    names = getattr(kind, "vocab_files_names", {}).values()
    lacking = [name for name in names if not (folder / name).is_file()]
    needed = [name for name in lacking if name not in (*READY, *SELDOM)] or lacking
    if not needed:
        return f"transformers finds no file in {folder} that it can make it from"
    return f"{folder} lacks {' and '.join(needed)}, which it is made from"


def _not_an_object(folder: Path) -> str | None:
    """Return, as the end of a sentence, which file of a tokenizer is no JSON object, if any."""
    for path in (folder / name for name in TOKENIZER_FILES if name.endswith(".json")):
        try:
            read_object(path) if path.is_file() else {}
        except InputError as error:
            return error.message.rstrip(".")
    return None
