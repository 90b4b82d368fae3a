"""What a caller holds, down to a model of transformers and its tokenizer."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

from ..errors import ArgumentError, InputError
from ..zoo import zoo_folder, zoo_names
from .fit import some
from .hub import patient

WRAPPERS = ("DataParallel", "DistributedDataParallel")
"""Classes of torch that keep the model they wrap in `module`."""
INNER = 8
"""So many wrappers are taken off; nobody wraps a model more often."""


def unwrapped(model: Any, tokenizer: Any, offline: bool = False) -> tuple[Any, Any]:
    """Return the model inside a pipeline, a trainer or a wrapper, and its tokenizer.

    Raises InputError, one sentence, for what is no model, or not in memory as it was trained.
    """
    for _ in range(INNER):
        if _is(model, "Pipeline"):
            model, tokenizer = model.model, tokenizer or model.tokenizer
        elif _is(model, "Trainer"):
            model, tokenizer = model.model, tokenizer or model.processing_class
        elif _is(model, *WRAPPERS):
            model = model.module
        elif _is(model, "OptimizedModule"):
            model = model._orig_mod
        else:
            break
    if tokenizer is None:
        raise ArgumentError("A loaded model needs its tokenizer: build(..., model, tokenizer).")
    model = _merged(model) if _is(model, "PeftModel") else model
    _require_readable(model)
    return model, _tokenizer(tokenizer, offline)


def _is(thing: Any, *names: str) -> bool:
    """Say whether a thing is of a class with one of these names, or of one made from it."""
    return any(kind.__name__ in names for kind in type(thing).__mro__)


def _merged(model: Any) -> Any:
    """Return a copy of an adapted model with the adapter in its weights, if it is switched on."""
    if not hasattr(model.base_model, "merge_and_unload"):
        raise InputError(
            f"A {type(model).__name__} whose adapter adds tokens, not weights, cannot be shown."
        )
    own = copy.deepcopy(model)
    off = any(getattr(module, "disable_adapters", False) is True for module in model.modules())
    return own.unload() if off else own.merge_and_unload()


def _require_readable(model: Any) -> None:
    """Raise if something is no model of transformers, or not whole and in memory."""
    from transformers import PreTrainedModel

    what = type(model).__name__
    if not isinstance(model, PreTrainedModel):
        raise ArgumentError(
            f"model= is of the class {what}, which is no model of transformers; "
            "give the PreTrainedModel inside it, or the name of a folder."
        )
    held = (*model.named_parameters(), *model.named_buffers())
    if meta := [name for name, weight in held if weight.is_meta]:
        raise InputError(
            f"{what} holds no numbers for {some(meta)}: they are on the device 'meta', offloaded "
            "or never loaded; load the model whole, without device_map."
        )
    if _is_quantized(model):
        raise InputError(
            f"{what} is quantised, and not as it was trained; load it without quantization_config."
        )
    if getattr(model, "_hf_peft_config_loaded", False):
        raise InputError(f"{what} holds an adapter; give it as a PeftModel, or in its own folder.")


def _is_quantized(model: Any) -> bool:
    """Say whether weights are kept in fewer bits than they were trained in."""
    if getattr(model, "is_quantized", False) or getattr(model, "hf_quantizer", None) is not None:
        return True
    if any("quantized" in type(module).__module__ for module in model.modules()):
        return True
    return not all(w.is_floating_point() and w.itemsize > 1 for w in model.parameters())


def _tokenizer(given: Any, offline: bool) -> Any:
    """Return the tokenizer itself, loaded if it was given as a folder or a Hub id."""
    from transformers import AutoTokenizer, PreTrainedTokenizerBase

    if isinstance(given, str | os.PathLike):
        name = os.fspath(given)
        place = zoo_folder(name) if name in zoo_names() else Path(name)
        try:
            with patient():
                given = AutoTokenizer.from_pretrained(
                    place if place.is_dir() else name,
                    trust_remote_code=False,
                    local_files_only=offline or place.is_dir(),
                )
        except Exception as error:
            first = (str(error).splitlines() or [type(error).__name__])[0].rstrip(".: ")
            raise InputError(f"The tokenizer {name!r} does not load: {first}.") from error
    given = getattr(given, "tokenizer", given)  # a processor holds one
    if not isinstance(given, PreTrainedTokenizerBase):
        raise ArgumentError(
            f"tokenizer= is of the class {type(given).__name__}, which is no tokenizer of "
            "transformers; PreTrainedTokenizerFast(tokenizer_object=...) makes one of it."
        )
    return given
