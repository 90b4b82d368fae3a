"""Attention that a program holds, as transformers returns it, as files that a build reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ..capture.maps import Token
from ..corpus import Record, RecordError, corpus_from_records, record_to_json
from ..errors import ArgumentError
from ..names import Kind

if TYPE_CHECKING:
    from ..array_types import Floats

SIDES: Mapping[str, tuple[Kind, str, str]] = {
    "attentions": ("self", "tokens", "tokens"),
    "encoder_attentions": ("encoder", "encoder_tokens", "encoder_tokens"),
    "decoder_attentions": ("decoder", "decoder_tokens", "decoder_tokens"),
    "cross_attentions": ("cross", "decoder_tokens", "encoder_tokens"),
}
"""For each argument: the kind of attention, and which tokens ask and which are looked at."""
TOKENS = ("tokens", "encoder_tokens", "decoder_tokens")
EAGER = 'load the model with attn_implementation="eager" and call it with output_attentions=True'


@contextmanager
def held_attention(given: Mapping[str, Any], records: Any, name: str | None) -> Iterator[Path]:
    """Yield a folder with a file for each text of a batch, for as long as the block lasts.

    `given` has the arguments of SIDES and TOKENS: attention as a tuple with a layer each, [batch,
    head, query, key] or [head, query, key], of any library, and the names of tokens.
    """
    from ..capture.header import capture_from_arrays
    from ..capture.rows import ArrayError
    from ..data.record_files import write_record

    weights = {part: layers(part, given[part]) for part in SIDES if given.get(part) is not None}
    _check(given, weights)
    count = len(next(iter(weights.values()))[0])
    tokens = {
        part: _token_lists(part, given[part], count)
        for part in TOKENS
        if given.get(part) is not None
    }
    texts = _records(records, tokens, count)
    with TemporaryDirectory(prefix="attnatlas-") as root:
        folder = Path(root) / "attention"
        for place, record in enumerate(texts):
            names = {part: lists[place] for part, lists in tokens.items()}
            try:
                arrays, header = _record(weights, names, place, record, name or "attention")
                header["dtype"] = "bfloat16" if _is_coarse(given) else "float32"
                capture = capture_from_arrays(arrays, header)
            except (ArrayError, RecordError) as error:
                reason = str(error).partition(", or declare")[0]
                raise ArgumentError(f"Attention of text {place + 1}: {reason}.") from error
            about = {"name": "texts", "title": "Texts", "order": [place]}
            path = folder / f"{place:06d}.safetensors"
            write_record(path, capture, numbers="float32", corpus=about)
        yield folder


def layers(name: str, given: Any) -> list[Floats]:
    """Return attention layer by layer, each [batch, head, query, key]."""
    if not isinstance(given, list | tuple):
        given = list(given) if hasattr(given, "__len__") and len(given) else []
    if not given or any(layer is None for layer in given):
        raise ArgumentError(f"{name} holds no attention; {EAGER}.")
    found = [_layer(f"{name}[{place}]", layer) for place, layer in enumerate(given)]
    if len({layer.shape for layer in found}) > 1:
        raise ArgumentError(f"The layers of {name} differ in shape; give those of one pass.")
    return found


def _is_coarse(given: Mapping[str, Any]) -> bool:
    """Say whether a model that ran in bfloat16 gave some of the attention."""
    parts = (given[part] for part in SIDES if given.get(part) is not None)
    every = (layer for part in parts for layer in part)
    return any(str(getattr(layer, "dtype", "")).endswith("bfloat16") for layer in every)


def _layer(name: str, given: Any) -> Floats:
    import numpy as np

    if isinstance(given, list | tuple) and any(hasattr(part, "shape") for part in given):
        raise ArgumentError(
            f"{name} is a tuple itself, as generate() returns it step by step; "
            "give the attention of one pass over the whole text."
        )
    if hasattr(given, "detach"):
        given = given.detach().float().cpu().numpy()
    try:
        array = np.asarray(given, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"{name} is no array of numbers.") from error
    if array.ndim not in (3, 4):
        raise ArgumentError(f"{name} has {array.ndim} axes; it needs [batch, head, query, key].")
    return array if array.ndim == 4 else array[None]


def _check(given: Mapping[str, Any], weights: Mapping[str, list[Floats]]) -> None:
    """Raise unless there is attention of one kind of model, with the tokens that it needs."""
    if not weights:
        raise ArgumentError(f"Tokens without attention; give attentions= beside them: {EAGER}.")
    if "attentions" in weights and len(weights) > 1:
        raise ArgumentError(
            "attentions= is of a model with one stack; of an encoder-decoder, give "
            "encoder_attentions=, decoder_attentions= and cross_attentions=."
        )
    for part in weights:
        for needed in SIDES[part][1:]:
            if given.get(needed) is None:
                raise ArgumentError(f"{part}= needs {needed}=, the names of its tokens.")
    if len({len(found[0]) for found in weights.values()}) > 1:
        raise ArgumentError("The kinds of attention are of different batches; give one batch.")


def _token_lists(name: str, given: Any, count: int) -> list[list[str]]:
    """Return the names of the tokens of each text of a batch."""
    lists = list(given)
    if all(isinstance(token, str) for token in lists):
        lists = [lists]
    fine = all(
        isinstance(names, list | tuple) and all(isinstance(token, str) for token in names)
        for names in lists
    )
    if not fine:
        raise ArgumentError(
            f"{name}= must be a list of texts, as convert_ids_to_tokens gives it, "
            "or a list of these for each text of the batch."
        )
    if len(lists) != count:
        raise ArgumentError(f"{name}= is of {len(lists)} texts, and the attention of {count}.")
    return [list(names) for names in lists]


def _records(records: Any, tokens: Mapping[str, list[list[str]]], count: int) -> Sequence[Record]:
    """Return the texts that were given, else those that the tokens spell."""
    if records is not None:
        found = corpus_from_records([records] if isinstance(records, str) else records, strict=True)
        if len(found.records) != count:
            raise ArgumentError(
                f"There are {len(found.records)} texts, and the attention is of {count}."
            )
        return found.records
    source = tokens.get("tokens") or tokens.get("encoder_tokens") or tokens["decoder_tokens"]
    written = tokens.get("decoder_tokens", [[]] * count)
    return [
        Record(f"text-{place + 1}", spelt_text(names), target=spelt_text(target) or None)
        for place, (names, target) in enumerate(zip(source, written, strict=True))
    ]


def spelt_text(names: Sequence[str]) -> str:
    """Return the text that tokens spell; their names where none is part of a text."""
    from ..capture.named import named_tokens

    tokens = named_tokens(tuple(Token(name) for name in names), ("",))
    own = [token.text for token in tokens if not token.special]
    blanks = any(text != text.strip() for text in own)
    return ("" if blanks else " ").join(own).strip() or " ".join(names)


def _record(
    weights: Mapping[str, list[Floats]],
    names: Mapping[str, list[str]],
    place: int,
    record: Record,
    model: str,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the arrays and the header of one text; what a batch was padded with is cut off."""
    import numpy as np

    arrays, tokens = {}, {}
    for part, found in weights.items():
        kind, asking, asked = SIDES[part]
        queries, keys = names[asking], names[asked]
        whole = np.stack([layer[place] for layer in found])
        if len(found[0]) > 1:
            whole = whole[:, :, : len(queries), : len(keys)]
        arrays[f"attention.{kind}"] = whole
        tokens[kind] = {"queries": queries, "keys": keys}
    header = {
        "record": record_to_json(record),
        "model": {"name": model, "family": _family(arrays)},
        "tokens": tokens,
    }
    return arrays, header


def _family(arrays: Mapping[str, Floats]) -> str:
    """Return what has such attention: none of a decoder's queries sees a later key."""
    if "attention.self" not in arrays:
        return "encoder-decoder"
    import numpy as np

    weights = arrays["attention.self"]
    return "encoder" if np.triu(weights, 1).any() or weights.shape[-1] < 2 else "decoder"
