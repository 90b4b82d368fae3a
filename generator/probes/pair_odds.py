"""What the two texts of a minimal pair are asked: which odds, and why not where they cannot be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..capture import Capture
from ..capture.token_positions import covered, mention_positions
from ..corpus import Span
from ..models import LoadedModel
from .contrast import pair_of
from .explained_input import inputs_of
from .head_swap import Asked

Question = tuple[Asked, str]
"""What is asked, and in words."""


class NotAsked(ValueError):
    """The two texts cannot be asked for the same odds; says why in one sentence."""


def question(loaded: LoadedModel, first: Capture, second: Capture) -> Question:
    """Return the odds that both texts are asked for, or raise NotAsked."""
    tokens = [capture.maps[0].queries for capture in (first, second)]
    if len(tokens[0]) != len(tokens[1]):
        raise NotAsked("the texts differ in their number of tokens")
    ask = {
        "classification": _labels,
        "masked-lm": _candidates,
        "causal-lm": _ending,
    }.get(loaded.task)
    if ask is None:
        raise NotAsked("the model gives no odds that two texts could share")
    return ask(loaded, first, second)


def _ids(capture: Capture) -> list[int]:
    return [int(token.id or 0) for token in capture.maps[0].queries]


def _labels(loaded: LoadedModel, first: Capture, second: Capture) -> Question:
    """Ask for the odds of one label against another: the last of two, else the likeliest two."""
    if first.prediction.get("problem_type") != "single_label_classification":
        raise NotAsked("its labels do not share one probability")
    scores = first.prediction["labels"]
    names = [*scores]
    order = sorted(range(len(names)), key=lambda at: -scores[names[at]])
    low, high = (0, 1) if len(names) == 2 else (order[0], order[1])

    def log_odds(output: Any) -> Tensor:
        logits: Tensor = output.logits
        return logits[:, high] - logits[:, low]

    return _asked(loaded, first, second, log_odds), f"“{names[high]}” against “{names[low]}”"


def _candidates(loaded: LoadedModel, first: Capture, second: Capture) -> Question:
    """Ask for one candidate’s noun against the other’s where the mention stands, masked.

    Where that is what differs, or a noun is several tokens, for the first candidate’s noun where
    it stands, masked.
    """
    record = first.record
    if record.mention is None or len(record.candidates) < 2:
        raise NotAsked("a model that fills masks is asked about texts with two candidates alone")
    nouns = [_noun(first, one) for one in record.candidates[:2]]
    own, other = _ids(first), _ids(second)
    words = [one.text.split()[-1] for one in record.candidates[:2]]
    asked = mention_positions(first)
    if any(own[place] != other[place] for place in nouns[0]):
        raise NotAsked("the first candidate is not the same in both texts")
    single = len(asked) == len(nouns[0]) == len(nouns[1]) == 1
    if single and own[asked[0]] == other[asked[0]]:
        place, (one, against) = asked[0], (own[places[0]] for places in nouns)

        def log_odds(output: Any) -> Tensor:
            logits: Tensor = output.logits
            return logits[:, place, against] - logits[:, place, one]

        said = f"“{words[1]}” against “{words[0]}” where the mention stands, masked"
        return _asked(loaded, first, second, log_odds, hidden=asked), said

    def of_noun(output: Any) -> Tensor:
        return _summed(output.logits[:, nouns[0]], [own[place] for place in nouns[0]])

    said = f"how likely “{words[0]}” is where it stands, masked"
    return _asked(loaded, first, second, of_noun, hidden=nouns[0]), said


def _noun(capture: Capture, candidate: Span) -> list[int]:
    """Return the places of the last word of a candidate."""
    word = candidate.text.split()[-1]
    places = covered(capture.maps[0].queries, candidate.end - len(word), candidate.end)
    if not places:
        raise NotAsked(f"the model did not read “{word}”")
    return places


def _summed(logits: Tensor, ids: Sequence[int]) -> Tensor:
    """Return the log probability of some tokens together, [row], from logits [row, token, word]."""
    logs = logits.log_softmax(-1)
    wanted = torch.tensor(ids, device=logs.device).expand(len(logs), -1)
    summed: Tensor = logs.gather(2, wanted[..., None])[..., 0].double().sum(-1)
    return summed


def _ending(loaded: LoadedModel, first: Capture, second: Capture) -> Question:
    """Ask for the record's two next words, or for what both texts end in after they differ."""
    own, other = _ids(first), _ids(second)
    if first.record.contrast and first.record.contrast == second.record.contrast:
        pair = pair_of(loaded, first)
        if pair is not None and pair.place is None:

            def of_words(output: Any) -> Tensor:
                logits: Tensor = output.logits
                return logits[:, -1, pair.against] - logits[:, -1, pair.at]

            words = f"“{pair.other}” against “{pair.one}” as the next word"
            return _asked(loaded, first, second, of_words), words
    differ = [at for at, (a, b) in enumerate(zip(own, other, strict=True)) if a != b]
    start = (differ[-1] if differ else len(own)) + 1
    tokens = first.maps[0].queries
    stop = max((at for at, token in enumerate(tokens) if not token.special), default=0) + 1
    words = "".join(token.text for token in tokens[start:stop]).strip()
    if not any(letter.isalnum() for letter in words):
        raise NotAsked("the texts have no ending in common that could be asked for")

    def of_ending(output: Any) -> Tensor:
        return _summed(output.logits[:, start - 1 : stop - 1], own[start:stop])

    said = f"how likely “{words}” follows"
    return _asked(loaded, first, second, of_ending, rows=start), said


def _asked(
    loaded: LoadedModel,
    first: Capture,
    second: Capture,
    log_odds: Any,
    hidden: Sequence[int] = (),
    rows: int | None = None,
) -> Asked:
    ids = [_ids(one) for one in (first, second)]
    both = [
        tuple(loaded.tokenizer.mask_token_id if at in hidden else i for at, i in enumerate(own))
        for own in ids
    ]
    inputs = inputs_of(loaded, first)
    return Asked((both[0], both[1]), inputs, log_odds, len(ids[0]) if rows is None else rows)
