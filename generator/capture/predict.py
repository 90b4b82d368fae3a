"""What a model said about a text, ready for JSON, out of the output of its head."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Literal

import torch
from torch import Tensor

from .precision import not_finite
from .tokens import TokenizedText
from .write import DecoderInput

TOP = 5
HOLDS = 0.5
"""From this probability on, a label of a model of several labels holds, as is the custom."""
Prediction = dict[str, Any]
ProblemType = Literal["single_label_classification", "multi_label_classification", "regression"]
"""What the numbers of a head are, in the words of transformers."""


def predict(loaded: Any, output: Any, row: int, reading: TokenizedText) -> Prediction:
    """Return what the model said about record `row` of a batch.

    The task decides what is in it, see `Capture`. Scores are probabilities, those of a regression
    are its values. Raises ValueError where the model's output is not finite.
    """
    if loaded.task not in PREDICTORS:
        return {"task": "none"}
    return {"task": loaded.task, **PREDICTORS[loaded.task](loaded, output, row, reading)}


def translation(logits: Tensor, written: DecoderInput) -> Prediction:
    """Return the text a decoder wrote, or was given, and how likely each of its tokens was.

    `logits` is [token, vocabulary]; `log_probabilities` has one natural logarithm a token, and
    `score` is their mean.
    """
    labels = torch.tensor(written.labels)[:, None]
    chosen = finite(logits).log_softmax(-1).gather(1, labels)[:, 0]
    return {
        "task": "translation",
        "text": written.text,
        "teacher_forced": written.teacher_forced,
        "finished": written.finished,
        **({} if written.teacher_forced else {"beams": written.beams}),
        "score": float(chosen.mean()),
        "log_probabilities": chosen.tolist(),
    }


def finite(values: Tensor) -> Tensor:
    """Return values as float32 on the CPU, or raise ValueError if one is not finite."""
    found = values.detach().float().cpu()
    if not torch.isfinite(found).all():
        dtype = str(values.dtype).removeprefix("torch.")
        raise ValueError(not_finite("the model's output", dtype))
    return found


def problem_type(config: Any, count: int) -> ProblemType:
    """Return what the `count` numbers of a classifier's head are: as its config says, if it does.

    A single number is a value, as transformers trains it, unless it is said to be a label's.
    """
    said = config.problem_type
    if said == "multi_label_classification":
        return "multi_label_classification"
    return "regression" if said == "regression" or count == 1 else "single_label_classification"


def _classification(loaded: Any, output: Any, row: int, reading: TokenizedText) -> Prediction:
    config, logits = loaded.model.config, finite(output.logits[row])
    names, kind = label_names(config, len(logits)), problem_type(config, len(logits))
    scores = SCALES[kind](logits).tolist()
    found = {"problem_type": kind, "labels": dict(zip(names, scores, strict=True))}
    if kind == "single_label_classification":
        best = max(range(len(scores)), key=scores.__getitem__)
        return {"label": names[best], "score": scores[best], **found}
    if kind == "multi_label_classification":
        pairs = zip(names, scores, strict=True)
        return {**found, "holds": [name for name, score in pairs if score >= HOLDS]}
    return {**found, **({"score": scores[0]} if len(scores) == 1 else {})}


SCALES: dict[ProblemType, Callable[[Tensor], Tensor]] = {
    "single_label_classification": lambda logits: logits.softmax(-1),
    "multi_label_classification": torch.sigmoid,
    "regression": lambda logits: logits,
}
"""How the numbers of a head become what is shown."""


def _token_classification(loaded: Any, output: Any, row: int, reading: TokenizedText) -> Prediction:
    """Label every token that stands for a piece of the text."""
    scores = finite(output.logits[row]).softmax(-1)
    names = label_names(loaded.model.config, scores.shape[-1])
    best = scores.max(-1)
    rows = zip(reading.tokens, best.values.tolist(), best.indices.tolist(), strict=True)
    return {
        "tokens": [
            {"position": place, "label": names[index], "score": score}
            for place, (token, score, index) in enumerate(rows)
            if not token.special
        ]
    }


def _question_answering(loaded: Any, output: Any, row: int, reading: TokenizedText) -> Prediction:
    """Return the likeliest span of the text that was read last (the pair, if there is one)."""
    start = finite(output.start_logits[row]).softmax(-1)
    end = finite(output.end_logits[row]).softmax(-1)
    usable = _last_segment(reading)
    if not usable:
        return {"text": "", "score": 0.0}
    joint = start[usable][:, None] * end[usable][None, :]
    at = int(joint.triu().argmax())
    first, last = divmod(at, len(usable))
    tokens = [reading.tokens[place] for place in usable[first : last + 1]]
    score = float(joint.flatten()[at])
    text = "".join(token.text for token in tokens).strip()
    return {"text": text, "score": score, "first": usable[first], "last": usable[last]}


def _masked(loaded: Any, output: Any, row: int, reading: TokenizedText) -> Prediction:
    mask = loaded.tokenizer.mask_token_id
    places = [place for place, number in enumerate(reading.ids) if number == mask]
    logits = output.logits[row]
    top = [{"position": place, "top": _top(loaded.tokenizer, logits[place])} for place in places]
    return {"masked": top}


def _next(loaded: Any, output: Any, row: int, reading: TokenizedText) -> Prediction:
    """Return what would come after the text, and how likely what it is said to go on with was."""
    start = reading.continued
    if not start:
        return {"next": _top(loaded.tokenizer, output.logits[row, -1])}
    own = [at for at in range(start, len(reading)) if not reading.tokens[at].special]
    before = output.logits[row, [at - 1 for at in own]]
    labels = torch.tensor([reading.ids[at] for at in own])[:, None]
    chosen = finite(before).log_softmax(-1).gather(1, labels)[:, 0]
    continuation = {
        "start": start,
        "text": "".join(reading.tokens[at].text for at in own).strip(),
        "score": float(chosen.mean()),
        "log_probabilities": chosen.tolist(),
    }
    following = _top(loaded.tokenizer, output.logits[row, start - 1])
    return {"next": following, "continuation": continuation}


def _top(tokenizer: Any, logits: Tensor) -> list[dict[str, Any]]:
    """Return the likeliest tokens of a vocabulary with their probabilities."""
    best = finite(logits).softmax(-1).topk(min(TOP, logits.shape[-1]))
    pairs = zip(best.indices.tolist(), best.values.tolist(), strict=True)
    return [
        {"text": token_name(tokenizer, number), "id": number, "score": score}
        for number, score in pairs
    ]


def token_name(tokenizer: Any, number: int) -> str:
    """Return a token of the vocabulary as text; its raw name where it is no whole character."""
    text = str(tokenizer.decode([number], clean_up_tokenization_spaces=False))
    if text and "\ufffd" not in text:
        return text
    return str(tokenizer.convert_ids_to_tokens(number) or f"#{number}")


def label_names(config: Any, count: int) -> list[str]:
    """Return what a model calls its classes, in their order; names given twice get a number."""
    names = [str((config.id2label or {}).get(index, f"LABEL_{index}")) for index in range(count)]
    repeated = len(set(names)) < count
    return [f"{name} ({index})" for index, name in enumerate(names)] if repeated else names


def _last_segment(reading: TokenizedText) -> list[int]:
    """Return the places of the tokens of the last text."""
    shown = [place for place, token in enumerate(reading.tokens) if not token.special]
    restarts = [
        place
        for before, place in pairwise(shown)
        if (reading.tokens[place].start or 0) < (reading.tokens[before].start or 0)
    ]
    return [place for place in shown if not restarts or place >= restarts[-1]]


PREDICTORS: dict[str, Callable[[Any, Any, int, TokenizedText], Prediction]] = {
    "classification": _classification,
    "token-classification": _token_classification,
    "question-answering": _question_answering,
    "masked-lm": _masked,
    "causal-lm": _next,
}
