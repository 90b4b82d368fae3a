"""Whom a mention means, and which pronoun stands there, by what a language model finds likelier.

Candidates in the mention's place: Trinh & Le 2018, "A Simple Method for Commonsense Reasoning"
(partial score); at masks: Kocijan et al. 2019, "A Surprisingly Robust Trick for the Winograd
Schema Challenge".
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from ..array_types import Doubles, Singles
from ..capture import Capture
from ..capture.attend import attend
from ..capture.run import RecordInput, Run
from ..capture.token_positions import covered, mask_positions, mention_positions
from ..capture.tokens import TokenizedText
from ..capture.unpadded import unpadded
from ..config import Settings
from ..corpus import Record, Span
from ..models import LoadedModel
from .contrast import pair_of
from .explained_input import ExplainedInput, inputs_of
from .target import targets_of

POSSESSIVE = ("his", "its", "their")
ARTICLES = ("a", "an", "the", "my", "his", "her", "our", "their", "one", "two", "some")


def pronoun_shares(loaded: LoadedModel, capture: Capture) -> tuple[tuple[str, str], float] | None:
    """Return two words that compete in one place, and the first one's share of both, [0, 1].

    The mention and its counterpart, where that is a gendered pronoun, or the record's contrast.
    """
    pair = pair_of(loaded, capture)
    targets = [one for one in targets_of(loaded, capture) if one.kind == "contrast"]
    if pair is None or len(targets) != 1:
        return None
    explained = ExplainedInput(loaded, capture, targets[0])
    with explained.session(), torch.no_grad():
        score = explained.run({"input_ids": explained.inputs["input_ids"]}, targets[0].score)
    return (pair.one, pair.other), float(torch.sigmoid(score.double())[0])


def candidate_scores(loaded: LoadedModel, capture: Capture) -> Doubles | None:
    """Return the log probability of each candidate in the mention's place, [candidate].

    Of a decoder, that of what follows it; of a model that fills masks, the mean over the
    candidate's own tokens. None where a candidate cannot stand there, or nothing follows.
    """
    record, mention = capture.record, capture.record.mention
    ask = {"causal-lm": _of_the_rest, "masked-lm": _at_masks}.get(loaded.task)
    if ask is None or mention is None or len(record.candidates) < 2 or mask_positions(capture):
        return None
    if mention.text.lower() == "her" or record.chat or capture.truncated:
        return None  # her is of her, or about her
    run = Run(loaded, Settings())
    found = [ask(run, *_written(record, mention, one)) for one in record.candidates]
    if any(one is None for one in found):
        return None
    return np.array(found, np.float64)


def _written(record: Record, mention: Span, candidate: Span) -> tuple[Record, Span]:
    """Return the record with a candidate where the mention stood, and where that is."""
    words = candidate.text
    if mention.start and not candidate.start and words.split()[0].lower() in ARTICLES:
        words = words[:1].lower() + words[1:]
    elif not mention.start:
        words = words[:1].upper() + words[1:]
    put = f"{words}'s" if mention.text.lower() in POSSESSIVE else words
    text = record.text[: mention.start] + put + record.text[mention.end :]
    bare = Record(record.id, text, pair=record.pair, prefix=record.prefix)
    asked = replace(bare, source_lang=record.source_lang, markers=record.markers)
    return asked, Span(put, mention.start)


def _of_the_rest(run: Run, record: Record, place: Span) -> float | None:
    read = run.source(record)
    after = [
        at
        for at, token in enumerate(read.tokens)
        if at and not token.special and (token.start or 0) >= place.end
    ]
    return _log(run, record, read, after, 1).sum().item() if after else None


def _at_masks(run: Run, record: Record, place: Span) -> float | None:
    read = run.source(record)
    own = covered(read.tokens, place.start, place.end)
    mask = run.loaded.tokenizer.mask_token_id
    if not own or mask is None or read.truncated:
        return None
    return _log(run, record, read, own, 0, mask).mean().item()


def _log(
    run: Run,
    record: Record,
    read: TokenizedText,
    own: list[int],
    back: int,
    mask: int | None = None,
) -> torch.Tensor:
    """Return the log probabilities of some tokens, read `back` places before them, [token]."""
    inputs = run.inputs([RecordInput(0, record, read)])
    if mask is not None:
        inputs["input_ids"] = inputs["input_ids"].clone()
        inputs["input_ids"][0, own] = mask
    with run.session(), torch.no_grad():
        logits = run.model(**inputs, return_dict=True).logits[0]
    logs = logits[[at - back for at in own]].double().log_softmax(-1)
    ids = torch.tensor([read.ids[at] for at in own], device=logs.device)
    found: torch.Tensor = logs.gather(1, ids[:, None])[:, 0]
    return found


def label_probabilities(loaded: LoadedModel, capture: Capture) -> Doubles:
    """Return the probability of each label of a classifier, [label], as `predict` has them."""
    several = capture.prediction["problem_type"] == "multi_label_classification"
    with unpadded(loaded), torch.no_grad():
        logits = loaded.model(**inputs_of(loaded, capture), return_dict=True).logits[0].double()
    found: Doubles = (logits.sigmoid() if several else logits.softmax(-1)).cpu().numpy()
    return found


def attention_to_candidates(loaded: LoadedModel, capture: Capture) -> Doubles | None:
    """Return each head’s attention from the mention to each candidate, [layer, head, candidate]."""
    rows, tokens = mention_positions(capture), capture.maps[0].queries
    places = [covered(tokens, one.start, one.end) for one in capture.record.candidates]
    if not rows or len(places) < 2 or not all(places):
        return None
    with unpadded(loaded), torch.no_grad():
        _, found = attend(loaded.model, inputs_of(loaded, capture), _first)
    layers = found.get("self") or found.get("encoder")
    if not layers:
        return None
    mean = np.stack(layers)[:, :, rows].mean(axis=2, dtype=np.float64)
    sums: Doubles = np.stack([mean[..., own].sum(axis=-1) for own in places], axis=-1)
    return sums


def _first(weights: torch.Tensor) -> Singles:
    found: Singles = weights[0].float().cpu().numpy()
    return found
