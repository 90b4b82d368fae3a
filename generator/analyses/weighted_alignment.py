"""Word alignment by attention times its gradient, head by head, beside attention alone.

Weights as in Chefer, Gur & Wolf 2021, "Generic Attention-model Explainability for Interpreting
Bi-Modal and Encoder-Decoder Transformers", equation 5, before heads are put together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..array_types import Doubles, Singles
from ..capture import Capture
from ..results.shapes import Finding, Partial, Result, Table
from ..results.wording import percent
from .alignment import aligned
from .alignment.aligned import PLAIN, Tallies
from .alignment.pairs import TranslationPair, pair_of_capture
from .alignment.sentences import other_texts
from .analysis import RecordProbe, RecordResults, Results

if TYPE_CHECKING:
    from ..models import LoadedModel

WRITTEN, WEIGHTED = "written", "weighted"
TALLIES, SHAPE = "tallies", "shape"


def compute(capture: Capture, loaded: LoadedModel, results: Results) -> Result:
    """Return the counts of links against gold, handed on: [1, links, way, 4].

    Empty where a text has no gold links, was not given its translation, or is not explained.
    """
    from ..probes import ExplainedInput, attention_gradients

    pair = pair_of_capture(capture)
    if pair is None or pair.gold is None:
        return Result(ANALYSIS.name)
    explained = ExplainedInput.of(loaded, capture)
    if explained is None:
        return Result(ANALYSIS.name)
    weights, gradients = attention_gradients(explained)
    return counted(capture, weights["cross"] * gradients["cross"])


def counted(capture: Capture, products: Singles) -> Result:
    """Return the counts by cross-attention times gradients, [layer, head, query, key]."""
    found = aligned.counted(weighted_pair(capture, products))
    shape = Partial(SHAPE, np.array(products.shape[:2]))
    return Result(ANALYSIS.name, partials=(Partial(TALLIES, found.ways[:1]), shape))


def weighted_pair(capture: Capture, products: Singles) -> TranslationPair:
    """Return a translation with its cross-attention times gradients [layer, head, query, key].

    What is below zero counts as nothing, and rows sum to 1; a word that no gradient speaks for
    has NaN, and so no link.
    """
    kept = np.maximum(products, 0)
    sums = kept.sum(axis=-1, keepdims=True)
    shares = np.divide(kept, sums, out=np.zeros_like(kept), where=sums > 0)
    maps = tuple(
        replace(part, weights=shares) if part.kind == "cross" else part for part in capture.maps
    )
    pair = pair_of_capture(replace(capture, maps=maps))
    assert pair is not None
    return replace(
        pair, attention={name: _known(values) for name, values in pair.attention.items()}
    )


def _known(values: Doubles) -> Doubles:
    """Return shares, NaN in the rows of words that none is left of."""
    found: Doubles = np.where((values > 0).any(axis=-1, keepdims=True), values, np.nan)
    return found


def aggregate(record_results: RecordResults) -> Result:
    """Return the table `ways`, every head and mean over all texts, and a sentence on the best."""
    tallies = Tallies()
    for record, results in record_results:
        result = results.get(ANALYSIS.name, Result(ANALYSIS.name))
        ways, shape = result.partial(TALLIES), result.partial(SHAPE)
        if ways and shape:
            plain = np.zeros((len(PLAIN), 4), int)  # what needs no model has no gradient
            layers, heads = map(int, shape.values)
            tallies.add(record, ways.values.astype(int), plain, (layers, heads))
    if not tallies.clusters:
        return Result(ANALYSIS.name)
    rows = tuple(tallies.of_reading(WRITTEN, WEIGHTED))
    head = tallies.best_head()
    said = () if head is None else (_said(tallies, head),)
    return Result(ANALYSIS.name, tables={"ways": Table(aligned.COLUMNS, rows)}, findings=said)


def _said(tallies: Tallies, head: int) -> Finding:
    rate = tallies.told(head)
    text = (
        f"Multiplied by its gradient, attention of {tallies.names[head]} finds source words with "
        f"an alignment error rate of {percent(rate.value)} {other_texts(rate)}."
    )
    return Finding(
        "cross-alignment-weighted", text, value=rate.value, n=rate.n, interval=rate.interval,
        clusters=rate.clusters,
    )  # fmt: skip


ANALYSIS = RecordProbe(
    name="weighted_alignment",
    title="Word alignment by attention and its gradient",
    about=(
        "Links between the words of a text and of its translation, from each target word to the "
        "source word with most cross-attention times its gradient: how much the translation would "
        "be likelier if the head looked there more."
    ),
    reading=(
        "Read beside the error rate by attention alone: where it is lower, what moves the answer "
        "is nearer to the links that people drew than what is merely looked at."
    ),
    limits=(
        "The gradient is that of all written words together. What speaks against them counts as "
        "nothing; a word that no gradient speaks for gets no link. Of a word that the model is "
        "sure of, hardly any gradient is left."
    ),
    cite="Chefer, Gur & Wolf 2021, https://arxiv.org/abs/2103.15679",
    fields=("words", "target_words", "alignment", "group"),
    compute=compute,
    aggregate=aggregate,
)
