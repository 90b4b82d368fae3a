"""What a model did with one text, as plain arrays. Nothing here imports torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..array_types import Singles
from ..corpus import Record
from ..models.info import ModelInfo
from ..names import Kind as Kind


@dataclass(frozen=True, slots=True)
class Token:
    """One token as shown: its piece of the source text, and where that piece lies.

    `start` and `end` are code points in the text the token came from (None for a token that the
    tokenizer added). The pieces of the tokens that are not special join to exactly that text, or
    to the part of it that was read. Where several tokens make one character, the last one has it
    as its piece; the others have an empty piece and the character's place, and `name` says what
    the tokenizer calls them.
    """

    text: str
    id: int | None = None
    special: bool = False
    start: int | None = None
    end: int | None = None
    name: str | None = None

    @property
    def shown(self) -> str:
        """Return what stands for the token where it is printed alone."""
        return self.text or self.name or ""


@dataclass(frozen=True, slots=True)
class AttentionMap:
    """Attention probabilities of one kind.

    `weights` is float32 [layer, head, query, key], each row summing to 1 over keys. Where a model
    lets a head attend to nothing, `sink` float32 [layer, head, query] holds that share, and the
    row and its sink sum to 1. `window[layer]` is how many tokens away, itself included, a query
    of that layer may look (None: no limit). `predicted` holds, for each query of a decoder that
    was fed a translation, the token that it had to come up with (empty elsewhere).
    """

    kind: Kind
    queries: tuple[Token, ...]
    keys: tuple[Token, ...]
    weights: Singles
    causal: bool = False
    window: tuple[int | None, ...] | None = None
    sink: Singles | None = None
    predicted: tuple[Token, ...] = ()

    @property
    def rows(self) -> tuple[Token, ...]:
        """Return the tokens that rows go by: queries, of cross-attention what they write.

        A decoder looks at its source to find the next token, so what it has just been fed is one
        token off from what its row is about.
        """
        return self.predicted if self.kind == "cross" and self.predicted else self.queries

    @property
    def layers(self) -> int:
        """Return the number of layers."""
        return int(self.weights.shape[0])

    @property
    def heads(self) -> int:
        """Return the number of query heads."""
        return int(self.weights.shape[1])


@dataclass(frozen=True, slots=True)
class Capture:
    """One record read by one model.

    `prediction` is what the model said, ready for JSON: always a `task`, then what that task has;
    every score is a probability, except that of a regression and the mean log-probability (natural
    logarithm, per token) of a translation.

    - `classification`: `problem_type`, `labels` {label: score}, and by the first of them
      `single_label_classification`: `label` and its `score`;
      `multi_label_classification`: `holds` (the labels from 0.5 on, each by itself);
      `regression`: `score` (the value) where there is one value
    - `token-classification`: `tokens` [{position, label, score}]
    - `question-answering`: `text`, `score`, `first` and `last` (positions of its tokens)
    - `masked-lm`: `masked` [{position, top: [{text, id, score}]}], one for each mask in the text
    - `causal-lm`: `next` [{text, id, score}] after the text, and where the record has a target
      `continuation`: its `text`, `start` (its first token), `score`, `log_probabilities`
    - `translation`: `text`, `score`, `log_probabilities`, `teacher_forced` (the text was given),
      `finished` (the model ended it by itself), `beams` (unless the text was given)
    - `none`: nothing more

    `truncated` counts the tokens that the model had no room for.
    """

    model: ModelInfo
    record: Record
    maps: tuple[AttentionMap, ...]
    prediction: dict[str, Any] = field(default_factory=lambda: {"task": "none"})
    truncated: int = 0

    @property
    def text_map(self) -> AttentionMap | None:
        """Return the map over the tokens of the text itself, None where there is none."""
        return next((one for one in self.maps if one.kind in ("self", "encoder")), None)
