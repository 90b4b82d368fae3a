"""Whether a file of weights and a config fit: what is missing, what is left over, and why."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

WRAPPERS = {
    "module": ("DataParallel or DistributedDataParallel", "model.module"),
    "_orig_mod": ("torch.compile", "model._orig_mod"),
    "_fsdp_wrapped_module": ("FullyShardedDataParallel", "the model it wraps"),
    "_checkpoint_wrapped_module": ("activation checkpointing", "the model it wraps"),
    "base_layer": ("peft", "model.merge_and_unload()"),
    "default": ("peft", "the PeftModel itself"),
    "base_model.model": ("peft", "model.merge_and_unload()"),
}
"""Parts of names that wrappers add: which wrapper, and what to save instead."""
NUMBER = re.compile(r"(?<=\.)\d+(?=\.)")
COMPUTED = re.compile(r"(^|\.)position_ids$")
"""Buffers that are counted up, and not learnt."""
BIAS = "final_logits_bias"
"""What some translators add to their logits; BART and its kin were trained without it."""
POOLER = re.compile(r"(\w+\.)?pooler\.")
ADDED = re.compile(r"(^|[._])(lora|adapters?)[._]")
"""What the names of weights have that change a layer from beside it."""
WITHIN = ("state_dict", "model_state_dict")
"""Where a checkpoint of training keeps the weights, beside much else."""


@dataclass(frozen=True, slots=True)
class Fit:
    """What a model needs and its file lacks, and what the file holds that has no place in it.

    `headless` says that nothing but the head is missing, and that of the head nothing is there;
    `zero` that the bias of the logits is not in the file of a model that has one.
    """

    missing: tuple[str, ...]
    unused: tuple[str, ...]
    headless: bool = False
    zero: bool = False


def fit_of(model: Any, report: Mapping[str, Any], stored: Collection[str], own: bool) -> Fit:
    """Return how a loaded model fits its file, out of the report that transformers gives.

    `stored` are the names in the file, and `own` says that the file is of this very class. What
    may be missing is a pooler that no head uses, a table of sinusoids and a count of positions,
    each of them only as a whole, and the bias of BART's logits, which is zero.
    """
    other = (key if isinstance(key, str) else key[0] for key in report.get("mismatched_keys", ()))
    missing = {*report["missing_keys"], *other, *_unreported(model, stored)}
    missing -= {name for name in missing if COMPUTED.search(name)}
    for dispensable in (_poolers(model), _sinusoids(model)):
        if dispensable and dispensable <= missing:
            missing -= dispensable
    zero = {BIAS} & missing if not own or model.config.model_type != "marian" else set()
    missing -= zero
    unused = tuple(sorted(report["unexpected_keys"]))
    headless = _is_headless(model, missing)
    return Fit(tuple(sorted(missing)), unused, headless, zero=bool(own and zero))


def _is_headless(model: Any, missing: Collection[str]) -> bool:
    """Say whether just the head is missing, with the pooler that it reads, and all of it."""
    head = _head(model)
    body = {*missing} - head - {BIAS}
    tied = {*model.all_tied_weights_keys, *model.all_tied_weights_keys.values()}
    poolers = {name for name in body if POOLER.match(name)}
    return body == poolers and bool(head & {*missing}) and head - {*missing} <= tied


def _head(model: Any) -> set[str]:
    """Return the weights outside the body; where no model is inside, those of the output."""
    state = set(model.state_dict())
    if model.base_model is not model:
        prefix = f"{model.base_model_prefix}."
        return {name for name in state if not name.startswith(prefix)} - {BIAS}
    output = model.get_output_embeddings()
    outputs = [f"{name}." for name, module in model.named_modules() if module is output]
    return {name for name in state if name.startswith(tuple(outputs))}


def _unreported(model: Any, stored: Collection[str]) -> Iterable[str]:
    """Yield what the file lacks and the class of the model says nothing of."""
    silent = model._keys_to_ignore_on_load_missing or ()
    for name in model.state_dict():
        known = name in stored or name.removeprefix(f"{model.base_model_prefix}.") in stored
        if not known and any(re.search(pattern, name) for pattern in silent):
            yield name


def _poolers(model: Any) -> set[str]:
    """Return the weights of a pooler that nothing reads: that of a model without a head."""
    if model.base_model is not model:
        return set()
    return {name for name in model.state_dict() if POOLER.match(name)}


def _sinusoids(model: Any) -> set[str]:
    """Return the tables of positions that are computed, and not learnt."""
    return {
        f"{name}.weight"
        for name, module in model.named_modules()
        if "Sinusoidal" in type(module).__name__ and hasattr(module, "weight")
    } & set(model.state_dict())


def misfit(model: Any, fit: Fit, stored: Collection[str]) -> str | None:
    """Return why a file and a config do not belong together, as the end of a sentence, or None."""
    if fit.missing:
        return wrapped(fit.missing, stored, model.base_model_prefix) or (
            f"its weights lack {some(fit.missing)}, which its config.json asks for; "
            "save it again, whole, with save_pretrained"
        )
    places = set(map(_pattern, model.state_dict()))
    layers = [name for name in fit.unused if NUMBER.search(name) and _pattern(name) in places]
    if layers:
        return (
            f"its weights hold {some(layers)}, for which its config.json has no layer; "
            "put the config.json beside them that they were saved with"
        )
    if biases := [name for name in fit.unused if _is_left_out(model, name)]:
        return (
            f"its weights hold {some(biases)}, which its config.json leaves out; "
            "put the config.json beside them that they were saved with"
        )
    if added := [name for name in fit.unused if _changes(model, name)]:
        return (
            f"its weights hold {some(added)}, which would change it and has no place in it; "
            "save it without, such as model.merge_and_unload() with save_pretrained"
        )
    return None


def wrapped(missing: Collection[str], stored: Collection[str], base: str = "") -> str | None:
    """Return, as the end of a sentence, which wrapper the names in a file still carry, or None.

    `base` is the prefix of the body, which names in a file may lack.
    """
    wanted = {*missing, *(name.removeprefix(f"{base}.") for name in missing)} - {*stored}
    if nest := next((name for name in WITHIN if name in stored), None):
        return f"its weights lie under {nest!r}, in a checkpoint; save them with save_pretrained"
    found = [part for part in WRAPPERS if _holds(stored, part) and not _holds(missing, part)]
    if found and wanted & {_bare(name, found) for name in stored}:
        adds = " and ".join(f"{part + '.'!r}, which {WRAPPERS[part][0]} adds" for part in found)
        instead = WRAPPERS[found[0]][1] if len(found) == 1 else "the model inside"
        return f"the names of its weights hold {adds}; save {instead} with save_pretrained"
    inner = {name.partition(".")[0] for name in missing}
    outer = {start for name in stored for start, rest in _split(name) if rest in wanted}
    found = sorted(outer - inner, key=lambda start: (start.count("."), start))
    return _named_by_a_class(found[0]) if found else None


def _split(name: str) -> Iterator[tuple[str, str]]:
    """Yield the beginnings of a name, up to each of its dots, with what follows."""
    parts = name.split(".")
    for at in range(1, len(parts)):
        yield ".".join(parts[:at]), ".".join(parts[at:])


def _named_by_a_class(start: str) -> str:
    """Return, as the end of a sentence, whose names begin so."""
    from transformers import CONFIG_MAPPING

    said = f"the names of its weights begin with {start + '.'!r}, which"
    if start.replace("_", "-") in CONFIG_MAPPING or start in CONFIG_MAPPING:
        return (
            f"{said} another kind of model has, or a class around the model adds; put the "
            f"config.json beside them that they were saved with, or save the {start!r} of the "
            "class with save_pretrained"
        )
    return (
        f"{said} a class around the model adds, such as a LightningModule; "
        f"save its {start!r} with save_pretrained"
    )


def _holds(names: Iterable[str], part: str) -> bool:
    return any(f".{part}." in f".{name}" for name in names)


def _bare(name: str, parts: Iterable[str]) -> str:
    """Return the name of a tensor without what wrappers add."""
    dotted = f".{name}"
    for part in parts:
        dotted = dotted.replace(f".{part}.", ".")
    return dotted[1:]


def remarks(name: str, fit: Fit) -> tuple[str, ...]:
    """Return what is to be said of a model that was read all the same, in sentences."""
    said = []
    if fit.unused:
        said.append(f"Model {name!r} has no use for {some(fit.unused)}, which its file holds.")
    if fit.zero:
        said.append(f"Model {name!r} reads its {BIAS} as zero, which its file lacks.")
    return tuple(said)


def beyond(name: str, model: Any, tokenizer: Any) -> tuple[str, ...]:
    """Return the sentence that a tokenizer has more tokens than a model embeddings, if it has."""
    try:
        rows = len(getattr(model.get_input_embeddings(), "weight", ()))
    except NotImplementedError:  # of a model that reads more than texts
        return ()
    if len(tokenizer) <= rows or not rows:
        return ()
    more = sum(number >= rows for number in tokenizer.get_vocab().values())
    return (
        f"Model {name!r} has {rows:,} embeddings, and its tokenizer {more:,} tokens beyond them; "
        "a text with one of these is left out.",
    ) * bool(more)


def some(names: Collection[str]) -> str:
    """Return the first of some names, and how many more there are."""
    first, more = min(names, key=lambda name: (len(name.split(".")), name)), len(names) - 1
    return f"{first} and {more:,} more" if more else first


def _pattern(name: str) -> str:
    """Return the name of a tensor with a star for the number of its layer."""
    return NUMBER.sub("*", name)


def _changes(model: Any, name: str) -> bool:
    """Say whether a tensor without a place would change a layer that is there."""
    return bool(ADDED.search(name)) or any(
        rest and _is_leaf(model, start) for start, rest in _split(name)
    )


def _is_leaf(model: Any, path: str) -> bool:
    """Say whether a path leads to a module with weights and no modules in it."""
    try:
        module = model.get_submodule(path)
    except AttributeError:
        return False
    return bool(module._parameters) and not module._modules


def _is_left_out(model: Any, name: str) -> bool:
    """Say whether a tensor belongs to a module that is there and was made without it."""
    path, _, part = name.rpartition(".")
    try:
        module = model.get_submodule(path)
    except AttributeError:
        return False
    return part in module._parameters and module._parameters[part] is None
