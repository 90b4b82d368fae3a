"""Load a model and its tokenizer, quietly and without running anybody else's code."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ..config import Settings
from ..errors import AtlasError, InputError
from .adapters import adapted, head_of
from .families import SAME_NAMES, Task, names_head, task_of
from .fit import Fit, beyond, fit_of, misfit, remarks, some
from .headers import not_trained, other_shape, tensor_names
from .info import ModelInfo
from .pinned import ModelSource
from .tokenizers import load_tokenizer

AUTO_CLASSES: dict[Task, str] = {
    "classification": "AutoModelForSequenceClassification",
    "token-classification": "AutoModelForTokenClassification",
    "question-answering": "AutoModelForQuestionAnswering",
    "masked-lm": "AutoModelForMaskedLM",
    "causal-lm": "AutoModelForCausalLM",
    "translation": "AutoModelForSeq2SeqLM",
    "none": "AutoModel",
}


TOLD = {
    "mismatched": (
        "its weights do not have the shapes that its config.json gives; "
        "put the config.json beside them that they were saved with"
    ),
    "does not recognize this architecture": (
        "its model_type is none that the installed transformers knows; a newer one may know it"
    ),
    "Unrecognized configuration class": (
        "transformers has no model of its kind for this task, which --task or its config.json gives"
    ),
    "is not valid UTF-8": "the name of its folder is no UTF-8, and so not opened; rename it",
    "automatic conversion": (
        "its weights lack a part of a tensor that is put together from several, such as one expert "
        "of many; save it again, whole, with save_pretrained"
    ),
}
"""What is said, to somebody who did not call transformers, in place of what it says."""
CHECK = "; check its config.json"
EXPERTS = ("experts_implementation", "_experts_implementation")


@dataclass(frozen=True, slots=True, eq=False)
class LoadedModel:
    """A model in memory, ready to read: a PreTrainedModel and its tokenizer."""

    model: Any
    tokenizer: Any
    info: ModelInfo
    task: Task
    pinned: str
    remarks: tuple[str, ...] = ()
    """Sentences on what its file holds and it does not use, or the other way round."""

    def fingerprint(self) -> str:
        """Return a sha256 of all that decides what the model computes."""
        return self.pinned


def load_model(source: ModelSource, settings: Settings) -> LoadedModel:
    """Load weights and tokenizer of a model that was found; the task's head if it has one."""
    with quiet():
        model, task, said = _load(source, settings)
        try:
            model = model.to(settings.device).eval()
        except (RuntimeError, AssertionError) as error:
            raise InputError(
                f"Device {settings.device!r} cannot be used: {_line(error)}."
            ) from error
        tokenizer = load_tokenizer(source)
    said += beyond(source.info.name, model, tokenizer)
    return LoadedModel(model, tokenizer, source.info, task, source.fingerprint(), said)


def tokenizer_and_config(model: ModelSource | LoadedModel) -> tuple[Any, Any]:
    """Return what decides how a model divides a text, and how far it reads; loads no weights."""
    if isinstance(model, LoadedModel):
        return model.tokenizer, model.model.config
    with quiet():
        return load_tokenizer(model), _config(model)


@contextmanager
def quiet() -> Iterator[None]:
    """Keep transformers from printing warnings and progress; put its switches back after."""
    from transformers.utils import logging as untyped

    logging: Any = untyped
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _load(source: ModelSource, settings: Settings) -> tuple[Any, Task, tuple[str, ...]]:
    """Return the model with the head for its task, and what is to be said of its file.

    A file without this head is read as the bare model where it is of one, or has another head.
    """
    labels = head_of(source.adapter) if source.adapter else 0
    stored = tensor_names(source.weights)
    if source.asked and (own := task_of(source.config)) and {own, source.task} in SAME_NAMES:
        raise InputError(
            f"Model {source.info.name!r} was not trained for the task {settings.task!r}, but for "
            f"{own!r}, as its config.json says; leave --task out."
        )
    model, fit = _from_pretrained(source, source.task, settings, labels)
    if fit.headless and source.asked:
        raise InputError(
            f"Model {source.info.name!r} was not trained for the task {settings.task!r}; "
            f"its weights lack {some(fit.missing)}."
        )
    if fit.headless and not source.adapter and (fit.unused or not names_head(source.config)):
        bare, task, said = _load(dataclasses.replace(source, task="none"), settings)
        return bare, task, (*_beheaded(source, fit), *said)
    if source.adapter and fit.missing:
        raise _refused(source, f"its base model lacks {some(fit.missing)}")
    if reason := not_trained(model, source.weights):
        raise _refused(source, reason)
    if reason := misfit(model, fit, stored):
        hint = "; --task none reads it without its head" if fit.headless else ""
        raise _refused(source, reason + hint)
    return model, source.task, remarks(source.info.name, fit)


def _beheaded(source: ModelSource, fit: Fit) -> tuple[str, ...]:
    """Return the sentence that a model's head is not in its file, where its config names one."""
    if not names_head(source.config):
        return ()
    return (
        f"Model {source.info.name!r} is read without a head: its file lacks {some(fit.missing)}, "
        f"which {source.info.architecture} needs.",
    )


def _from_pretrained(
    source: ModelSource, task: Task, settings: Settings, labels: int = 0
) -> tuple[Any, Fit]:
    """Return a model, and how it fits its file.

    `labels` is the size of a head that the model's adapter brings.
    """
    import torch
    import transformers

    try:
        model, report = getattr(transformers, _auto_class(source, task)).from_pretrained(
            source.location,
            config=_config(source, **({"num_labels": labels} if labels else {})),
            dtype=getattr(torch, settings.dtype),
            trust_remote_code=False,
            local_files_only=True,
            use_safetensors=None if settings.allow_pickle else True,
            output_loading_info=True,
            ignore_mismatched_sizes=bool(labels),
        )
        own = type(model).__name__ == source.info.architecture
        fit = fit_of(model, report, tensor_names(source.weights), own)
        if source.adapter:
            model, fit = adapted(model, fit, source.adapter)
    except AtlasError:
        raise
    except Exception as error:
        told = _told(error)
        if "mismatched" in str(error):
            told = told.replace(";", f"{_shape(source, task)};")
        raise _refused(source, told) from error
    return model, fit


def _told(error: Exception) -> str:
    """Return what to say of an error of transformers, as the end of a sentence."""
    reason = _line(error)
    hint = "" if isinstance(error, ImportError) else CHECK
    return next((said for part, said in TOLD.items() if part in reason), reason + hint)


def _shape(source: ModelSource, task: Task) -> str:
    """Return which tensor has another shape, in brackets; nothing where it cannot be told."""
    import torch
    import transformers

    try:
        with torch.device("meta"):
            empty = getattr(transformers, _auto_class(source, task)).from_config(_config(source))
        found = other_shape(empty, source.weights)
    except Exception:  # this only helps to explain another error
        return ""
    return f" ({found})" if found else ""


def _config(source: ModelSource, **changes: Any) -> Any:
    """Return the config of a model, with attention that can be shown whatever it asks for."""
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(
            source.location, trust_remote_code=False, local_files_only=True, **changes
        )
        config._attn_implementation = "eager"
        if any(name in source.config for name in EXPERTS):
            config._experts_implementation = "eager"
    except Exception as error:
        raise _refused(source, _told(error)) from error
    return config


def _refused(source: ModelSource, reason: str) -> InputError:
    return InputError(f"Model {source.info.name!r} does not load: {reason}.")


def _auto_class(source: ModelSource, task: Task) -> str:
    alone = task == "none" and source.info.architecture.endswith("EncoderModel")
    return "AutoModelForTextEncoding" if alone else AUTO_CLASSES[task]


def _line(error: BaseException) -> str:
    """Return the first line of an error, without a full stop."""
    if isinstance(error, KeyError):
        return f"it names {error}, which transformers does not know"
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".: ") if lines else type(error).__name__
