"""One text and one model, to be asked again and again: with other tokens, or other embeddings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from ..capture import Capture, Token
from ..capture.encode import UNCUT
from ..capture.run import RecordInput, Run
from ..capture.token_positions import content_positions
from ..capture.tokens import TokenizedText
from ..capture.unpadded import unpadded
from ..capture.write import DecoderInput
from ..config import Settings
from ..models import LoadedModel
from .target import Target, target_of

BATCH_TOKENS = 4096
"""Tokens in one forward pass, so that memory does not grow with the number of questions."""
Read = Callable[[Any], Tensor]
"""What is read off an output: `Target.score` or `Target.confidence`."""
_LAST: ContextVar[list[tuple[Capture, ExplainedInput]] | None] = ContextVar("last", default=None)


class ExplainedInput:
    """What a model said about one text, ready to be asked again.

    `tokens` are the source tokens, `content` the places of those that are neither special nor to
    be filled in: what can be erased. `replacement_token` stands in for an erased one, None where
    tokens are deleted, and `erased_by` says so. `baseline_token` is that of a text that says
    nothing: mask, unknown, or end of text. Tokens that the target hides are masked in `ids`.
    A model that reads from left to right does not see what follows the place of its answer: erased
    texts have only the first `kept` tokens, and `erased_target` is read off their last.
    `known` is for what was found out and may be of use again.
    """

    def __init__(self, loaded: LoadedModel, capture: Capture, target: Target) -> None:
        self.loaded, self.model, self.target = loaded, loaded.model, target
        self.known: dict[str, Any] = {}
        self.tokens: tuple[Token, ...] = capture.maps[0].queries
        self.ids = tuple(int(token.id or 0) for token in self.tokens)
        self.replacement_token, self.erased_by = _replacement_token(loaded), "the mask token"
        self.baseline_token = _baseline_token(loaded, self.replacement_token)
        reads_on = loaded.task == "causal-lm" and capture.maps[0].causal and target.placed
        if self.replacement_token is None:
            stays = target.placed and not reads_on
            self.replacement_token = self.baseline_token if stays else None
            self.erased_by = "an unknown token" if stays else "deletion"
        self.kept = (target.place or 0) + 1 if reads_on else len(self.ids)
        self.erased_target = target.at_the_end if reads_on else target
        self.content = tuple(place for place in content_positions(capture) if place < self.kept)
        self.inputs = inputs_of(loaded, capture)
        self._hide(target.hidden, loaded.tokenizer.mask_token_id)

    @classmethod
    def of(cls, loaded: LoadedModel, capture: Capture) -> ExplainedInput | None:
        """Return the text and answer of a capture, None where the model gave no answer."""
        last = _LAST.get()
        for asked, explained in last or ():
            if asked is capture and explained.model is loaded.model:
                return explained
        target = target_of(loaded, capture)
        if target is None:
            return None
        explained = cls(loaded, capture, target)
        if last is not None:
            last[:] = [(capture, explained)]
        return explained

    def _hide(self, places: Sequence[int], mask: int | None) -> None:
        """Mask some tokens of the text for all that is asked."""
        if places and mask is not None:
            self.ids = tuple(mask if at in places else i for at, i in enumerate(self.ids))
            self.inputs["input_ids"] = self.inputs["input_ids"].new_tensor([self.ids])

    def run(self, inputs: dict[str, Tensor], read: Read) -> Tensor:
        """Return what `read` makes of the model's output for a batch of source inputs, [row]."""
        rows = len(inputs["input_ids"])
        others = {
            name: value.expand(rows, *value.shape[1:]) if isinstance(value, Tensor) else value
            for name, value in self.inputs.items()
            if name not in inputs
        }
        return read(self.model(**others, **inputs, return_dict=True))

    def embeddings(self) -> Tensor:
        """Return what the model's embedding gives for the text, [1, token, width]."""
        with torch.no_grad():
            found: Tensor = embedding_of(self.model)(self.inputs["input_ids"])
        return found.detach()

    def baseline_embeddings(self) -> Tensor:
        """Return the embeddings of a text that says nothing, [1, token, width].

        The baseline token in place of every token of the text; special tokens stay.
        """
        ids = self.inputs["input_ids"].clone()
        ids[0, list(self.content)] = self.baseline_token
        with torch.no_grad():
            baseline: Tensor = embedding_of(self.model)(ids)
        return baseline.detach()

    def of_embeddings(self, embeddings: Tensor) -> Tensor:
        """Return the target's score with these embeddings [row, token, width], [row]."""
        names = ("input_ids", "attention_mask", "token_type_ids")
        rows = len(embeddings)
        inputs = {n: self.inputs[n].expand(rows, -1) for n in names if n in self.inputs}
        with embedded(self.model, embeddings):
            return self.run(inputs, self.target.score)

    @contextmanager
    def session(self) -> Iterator[None]:
        """Freeze the weights, so that gradients are taken of the embeddings alone."""
        weights = [weight for weight in self.model.parameters() if weight.requires_grad]
        training = self.model.training
        self.model.eval()
        for weight in weights:
            weight.requires_grad_(False)
        try:
            with unpadded(self.loaded):
                yield
        finally:
            self.model.train(training)
            for weight in weights:
                weight.requires_grad_(True)


def inputs_of(loaded: LoadedModel, capture: Capture) -> dict[str, Any]:
    """Return what the model was given when a text was captured: [1, token] of each input."""
    run = Run(loaded, Settings())
    ids = [int(token.id or 0) for token in capture.maps[0].queries]
    reading = _reading(run, capture, ids)
    return run.inputs([RecordInput(0, capture.record, reading, _written(capture))])


@contextmanager
def remembering() -> Iterator[None]:
    """Let analyses of one capture share an ExplainedInput and what it knows; forget all after."""
    token = _LAST.set([])
    try:
        yield
    finally:
        _LAST.reset(token)


def embedding_of(model: Any) -> Any:
    """Return the module that embeds the tokens of the text."""
    part = model.get_encoder() if model.config.is_encoder_decoder else model
    return part.get_input_embeddings()


@contextmanager
def embedded(model: Any, embeddings: Tensor) -> Iterator[None]:
    """Let the model read these embeddings where it would look up its tokens.

    Only the first look-up is replaced: that of the text, before any that a decoder makes.
    """
    seen: list[int] = []

    def give(module: Any, inputs: Any, output: Tensor) -> Tensor:
        seen.append(1)
        return embeddings.to(output.dtype) if len(seen) == 1 else output

    handle = embedding_of(model).register_forward_hook(give)
    try:
        yield
    finally:
        handle.remove()
    if not seen:
        raise ValueError("the model does not look its tokens up in its embedding")


def _replacement_token(loaded: LoadedModel) -> int | None:
    """Return the mask token of a model that was trained with it."""
    number, rows = loaded.tokenizer.mask_token_id, len(embedding_of(loaded.model).weight)
    if number is None or number >= rows or loaded.info.family == "decoder":
        return None
    return int(number)


def _baseline_token(loaded: LoadedModel, replacement_token: int | None) -> int:
    tokenizer, rows = loaded.tokenizer, len(embedding_of(loaded.model).weight)
    known = (
        replacement_token,
        tokenizer.unk_token_id,
        tokenizer.eos_token_id,
        tokenizer.pad_token_id,
    )
    return next((int(number) for number in known if number is not None and number < rows), 0)


def _written(capture: Capture) -> DecoderInput | None:
    decoder = next((part for part in capture.maps if part.kind == "decoder"), None)
    if decoder is None:
        return None
    return DecoderInput(tuple(int(token.id or 0) for token in decoder.queries), decoder.queries)


def _reading(run: Run, capture: Capture, ids: Sequence[int]) -> TokenizedText:
    """Return the text as it was captured, with its segment numbers where the model reads them."""
    reading = TokenizedText(tuple(ids), (0,) * len(ids), capture.maps[0].queries)
    if not run.segmented:
        return reading
    run.reader.limit = len(ids) if capture.truncated else UNCUT
    again = run.reader.source(capture.record)
    if again.ids != reading.ids:
        raise ValueError("the text is not cut into the tokens that were captured")
    return replace(reading, segments=again.segments)
