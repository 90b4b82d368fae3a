"""The one number that is explained: the model's answer to a text, out of the output of its head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from ..capture import Capture
from ..models import LoadedModel

Unit = Literal["logit", "log probability", "value"]


@dataclass(frozen=True, slots=True)
class Target:
    """An answer: the class or token `at` a place in the output, or the tokens of a translation.

    `words` says what is explained and `unit` in what. `place` is the token whose output counts,
    None for a classifier, and -1 for the last one.
    """

    words: str
    unit: Unit
    at: int = 0
    place: int | None = None
    labels: tuple[int, ...] = ()
    several: bool = False

    def score(self, output: Any) -> Tensor:
        """Return the answer's logit, or the summed log probability of a translation, [row]."""
        if self.labels:
            return self._chosen(output).sum(-1)
        logits: Tensor = self._logits(output)[:, self.at]
        return logits

    def confidence(self, output: Any) -> Tensor:
        """Return how likely the answer is, [row], in [0, 1]; of a regression, its value.

        Of a translation, the geometric mean of its tokens' probabilities.
        """
        if self.labels:
            return self._chosen(output).mean(-1).exp()
        logits = self._logits(output)
        if self.unit == "value":
            return logits[:, self.at]
        shares = logits.sigmoid() if self.several else logits.softmax(-1)
        return shares[:, self.at]

    def _logits(self, output: Any) -> Tensor:
        logits: Tensor = output.logits
        return logits if self.place is None else logits[:, self.place]

    def _chosen(self, output: Any) -> Tensor:
        labels = torch.tensor(self.labels, device=output.logits.device)
        logs: Tensor = output.logits.log_softmax(-1)
        return logs.gather(2, labels.expand(len(logs), -1)[..., None])[..., 0]


def target_of(loaded: LoadedModel, capture: Capture) -> Target | None:
    """Return what the model said about a text as a target, None where it gave no such answer."""
    said, config = capture.prediction, loaded.model.config
    if loaded.task == "classification":
        scores = list(said.get("labels", {}).values())
        name = str(said.get("label", ""))
        unit: Unit = "logit" if len(scores) > 1 else "value"
        several = config.problem_type == "multi_label_classification"
        best = max(range(len(scores)), key=scores.__getitem__)
        return Target(f"the class “{name}”", unit, best, several=several)
    if loaded.task == "causal-lm":
        return _token(said["next"][0], -1)
    if loaded.task == "masked-lm" and said.get("masked"):
        hole = said["masked"][0]
        return _token(hole["top"][0], hole["position"])
    if loaded.task == "translation":
        return _translation(capture)
    return None


def _token(top: dict[str, Any], place: int) -> Target:
    where = "as the next token" if place < 0 else "in place of the mask"
    return Target(f"“{top['text'].strip() or top['text']}” {where}", "logit", top["id"], place)


def _translation(capture: Capture) -> Target | None:
    wanted: Sequence[int | None] = [
        token.id for part in capture.maps if part.kind == "decoder" for token in part.predicted
    ]
    labels = tuple(number for number in wanted if number is not None)
    return Target("the translation", "log probability", labels=labels) if labels else None
