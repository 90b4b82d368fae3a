"""The one number that is explained: the model's answer to a text, out of the output of its head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch
from torch import Tensor

from ..capture import Capture
from ..capture.predict import ProblemType, label_names
from ..capture.token_positions import (
    OUTSIDE,
    blank_position,
    explained_place,
    explained_tag,
    last_read,
    mask_positions,
    target_ids,
    why_no_target,
)
from ..corpus.labels import gold
from ..models import LoadedModel
from ..results.wording import value_words
from .contrast import WordPair, pair_of

Unit = Literal["logit", "log probability", "value", "logit difference", "sum of two logits"]
Measure = Literal["probability", "value"]
Kind = Literal["answer", "label", "contrast"]


@dataclass(frozen=True, slots=True)
class Target:
    """An answer: the class or token `at` a place in the output, or the tokens of a translation.

    `words` says what is explained and `unit` in what. `place` is the token whose output counts,
    None for a classifier, and -1 for the last one. `against` is the class or token that the answer
    is compared with, `ends` the first and last token of an answer that is a piece of the text, and
    `hidden` the tokens of the text that are masked before the model is asked.
    """

    words: str
    unit: Unit
    at: int = 0
    place: int | None = None
    labels: tuple[int, ...] = ()
    several: bool = False
    against: int | None = None
    ends: tuple[int, int] | None = None
    hidden: tuple[int, ...] = ()
    kind: Kind = "answer"

    @property
    def measure(self) -> Measure:
        """Return what `confidence` is."""
        return "value" if self.unit == "value" else "probability"

    @property
    def at_the_end(self) -> Target:
        """Return the same, read off the last token: of a text that stops before the answer."""
        return self if self.place is None else replace(self, place=-1)

    @property
    def placed(self) -> bool:
        """Return whether the answer is read off one token of the text, so that none may go."""
        return self.ends is not None or (self.place is not None and self.place >= 0)

    def score(self, output: Any) -> Tensor:
        """Return what is explained, [row]: a logit, the difference or the sum of two of them.

        Of a translation, the summed log probability.
        """
        if self.ends:
            first, last = self.ends
            both: Tensor = output.start_logits[:, first] + output.end_logits[:, last]
            return both
        if self.labels:
            return self._chosen(output).sum(-1)
        logits = self._logits(output)
        found: Tensor = logits[:, self.at]
        return found if self.against is None else found - logits[:, self.against]

    def confidence(self, output: Any) -> Tensor:
        """Return how likely the answer is, [row], in [0, 1]; of a regression, its value.

        Of a translation, the geometric mean of its tokens' probabilities.
        """
        if self.ends:
            first, last = self.ends
            start, end = output.start_logits.softmax(-1), output.end_logits.softmax(-1)
            both: Tensor = start[:, first] * end[:, last]
            return both
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
    return next(iter(targets_of(loaded, capture)), None)


def targets_of(loaded: LoadedModel, capture: Capture) -> tuple[Target, ...]:
    """Return all that is explained: the answer, then the label if it is another, then a contrast.

    None where the model gave no answer; `why_no_target` says why.
    """
    if loaded.task not in ASKED or why_no_target(capture):
        return ()
    return tuple(ASKED[loaded.task](loaded, capture))


def _classes(loaded: LoadedModel, capture: Capture) -> list[Target]:
    """Explain the likeliest class, or value, and the labelled one; then one class against another.

    Labels that hold each by itself do not compete, so none is held against another.
    """
    said, record = capture.prediction["labels"], capture.record
    kind = capture.prediction["problem_type"]
    names, scores = list(said), list(said.values())
    order = sorted(range(len(names)), key=lambda at: -scores[at])
    if kind == "regression":
        return [_class(names[0], 0, kind)]
    found = [_class(names[order[0]], order[0], kind)]
    labelled = next((one.at for one in gold(record, names) if one and one.at != order[0]), None)
    if labelled is not None:
        named = _class(names[labelled], labelled, kind)
        words = f"{named.words}, as the record is labelled"
        found.append(replace(named, words=words, kind="label"))
    if kind == "single_label_classification":
        one, other = (names[at] for at in order[:2])
        if len(record.contrast) == 2 and set(record.contrast) <= set(names):
            one, other = record.contrast
        found.append(_contrast(WordPair(one, other, names.index(one), names.index(other)), None))
    return found


def _class(name: str, at: int, kind: ProblemType) -> Target:
    if kind == "regression":
        return Target(value_words(name), "value", at)
    if kind == "multi_label_classification":
        return Target(f"the label “{name}”", "logit", at, several=True)
    return Target(f"the class “{name}”", "logit", at)


def _next(loaded: LoadedModel, capture: Capture) -> list[Target]:
    """Explain a word of the text, as told from what comes before it, or what follows the text.

    Where the record says what follows, its first token is explained, not what the model would say.
    """
    top, at = capture.prediction["next"], explained_place(capture)
    if at is None and "continuation" in capture.prediction:
        at = last_read(capture) + 1
    if at is not None and at < len(capture.maps[0].queries):
        token = capture.maps[0].queries[at]
        word = token.shown.strip()
        found = [Target(f"the word “{word}” where it stands", "logit", int(token.id or 0), at - 1)]
        return [*found, *_contrasts(loaded, capture, [], f"where “{word}” stands", at - 1)]
    found = [Target(f"the next token {_quoted(top[0])}", "logit", top[0]["id"], -1)]
    return [*found, *_contrasts(loaded, capture, top, "as the next token", -1)]


def _filled(loaded: LoadedModel, capture: Capture) -> list[Target]:
    """Explain what a mask stands for, or the mention, which is then masked for the question."""
    place = blank_position(capture)
    assert place is not None  # or there is a reason why it has no target
    if masks := mask_positions(capture):
        top = capture.prediction["masked"][0]["top"]
        where = "at the blank" if len(masks) == 1 else "at the first blank"
        found = [Target(f"{_quoted(top[0])} {where}", "logit", top[0]["id"], place)]
        return [*found, *_contrasts(loaded, capture, top, where, place)]
    token = capture.maps[0].queries[place]
    word = token.text.strip()
    words = f"the word “{word}” where it stands, masked for this question"
    found = [Target(words, "logit", int(token.id or 0), place, hidden=(place,))]
    where = f"where “{word}” stands, masked for this question"
    contrasts = _contrasts(loaded, capture, [], where, place)
    return [*found, *(replace(one, hidden=(place,)) for one in contrasts)]


def _contrasts(
    loaded: LoadedModel, capture: Capture, top: list[dict[str, Any]], where: str, place: int
) -> list[Target]:
    """Compare two words: those of the record, two pronouns, or the likeliest two of `top`."""
    if (pair := pair_of(loaded, capture)) is not None:
        return [_contrast(pair, place if pair.place is None else pair.place, pair.where or where)]
    if len(top) < 2:
        return []
    one, other = ((row["text"].strip() or row["text"], row["id"]) for row in top[:2])
    return [_contrast(WordPair(one[0], other[0], one[1], other[1]), place, where)]


def _contrast(pair: WordPair, place: int | None, where: str = "") -> Target:
    words = f"“{pair.one}” against “{pair.other}”{f' {where}' if where else ''}"
    return Target(
        words, "logit difference", pair.at, place, against=pair.against, kind="contrast"
    )  # fmt: skip


def _written(loaded: LoadedModel, capture: Capture) -> list[Target]:
    found = [Target("the translation", "log probability", labels=target_ids(capture))]
    pair = pair_of(loaded, capture)
    return found if pair is None else [*found, _contrast(pair, pair.place, pair.where)]


def _tagged(loaded: LoadedModel, capture: Capture) -> list[Target]:
    said, config = explained_tag(capture), loaded.model.config
    assert said is not None  # or there is a reason why it has no target
    names, place = label_names(config, config.num_labels), int(said["position"])
    of = f"of “{capture.maps[0].queries[place].text.strip()}”"
    at = names.index(said["label"])
    found = [Target(f"the tag “{said['label']}” {of}", "logit", at, place)]
    if OUTSIDE in names and said["label"] != OUTSIDE:
        pair = WordPair(said["label"], OUTSIDE, at, names.index(OUTSIDE))
        found.append(_contrast(pair, place, f"as the tag {of}"))
    return found


def _found(loaded: LoadedModel, capture: Capture) -> list[Target]:
    said = capture.prediction
    words = f"the answer “{said['text']}”"
    return [Target(words, "sum of two logits", ends=(said["first"], said["last"]))]


def _quoted(top: dict[str, Any]) -> str:
    return f"“{top['text'].strip() or top['text']}”"


ASKED: dict[str, Callable[[LoadedModel, Capture], list[Target]]] = {
    "classification": _classes,
    "causal-lm": _next,
    "masked-lm": _filled,
    "translation": _written,
    "token-classification": _tagged,
    "question-answering": _found,
}
