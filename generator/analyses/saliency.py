"""Saliency: how much the model's answer depends on each token, by several methods.

Computed in `probes`: Simonyan et al. 2013; Sundararajan et al. 2017.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from ..capture import Capture
from ..results.columns import Columns, Maybe, Number, Tables, Words
from ..results.shapes import Cell, Result, Scores, Table
from ..results.wording import count, sentence
from .analysis import ASKED_FIELDS, RecordProbe, RecordResults
from .attention_views import masked_views, misread

if TYPE_CHECKING:
    from ..models import LoadedModel
    from ..probes import ExplainedInput
    from ..probes.gradients import Integral

METHODS = {
    "integrated_gradients": "integrated gradients",
    "gradient_x_input": "gradient × input",
    "gradient": "gradient length",
    "occlusion": "occlusion",
    "smoothgrad": "SmoothGrad length",
    "complete_gradients": "complete integrated gradients",
}
MORE = ("smoothgrad", "complete_gradients")
"""Those that are analyses of their own, which run if they are asked for."""
"""What each method is called, the one that sentences quote first."""
OCCLUDED = 12
"""Up to how many tokens each is also erased on its own: that takes a forward pass a token."""
LEFT_OUT = "left_out"
"""The table of an analysis that says which methods it left out, because they did not converge."""
TARGET = ("words", "unit", "erased by", "method", "steps", "sum", "difference", "converged")
CONVERGED = Maybe(Words(("yes", "no")))
TABLES: Tables = {
    "target": Columns(
        {
            **dict.fromkeys(TARGET[:3], Words()),
            "method": Words(tuple(METHODS)),
            "steps": Maybe(Number(1, whole=True)),
            **dict.fromkeys(("sum", "difference"), Maybe(Number())),
            "converged": CONVERGED,
        },
        least=1,
        unique=("method",),
        together=("sum", "difference", "converged"),
    )
}


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return Scores for each method, and what was explained in the table `target`.

    For the class a classifier chose, a word of a text read from left to right or what follows it,
    the token at a blank, the tag of a token, the piece of text that answers a question, and the
    tokens of a translation together;
    nothing where a model gave no such answer (`why_no_target` says why). Of a text that is asked
    about with tokens masked, also what others need of the attention of the masked text.
    """
    from ..probes import ExplainedInput, gradients, occlusion
    from ..probes.as_asked import capture_as_asked
    from ..probes.gradients import integrated

    explained = ExplainedInput.of(loaded, capture)
    if explained is None or not explained.content:
        return Result(ANALYSIS.name)
    asked = capture_as_asked(explained, capture)
    integral = integrated(explained)
    found = {"integrated_gradients": integral.values, **gradients(explained)}
    if len(explained.content) <= OCCLUDED:
        found["occlusion"] = occlusion(explained)
    whole = {"integrated_gradients": integral}
    rows = tuple(target_row(explained, name, whole.get(name)) for name in METHODS if name in found)
    return Result(
        ANALYSIS.name,
        tables={"target": Table(TARGET, rows)},
        scores=tuple(Scores(name, found[name]) for name in METHODS if name in found),
        partials=() if asked is capture else masked_views(asked),
    )


def methods(results: Mapping[str, Result]) -> tuple[Scores, ...]:
    """Return the scores of every method, those of optional analyses too."""
    found = (results[name].scores for name in ("saliency", *MORE) if name in results)
    return tuple(scores for several in found for scores in several)


def unconverged(results: Mapping[str, Result]) -> frozenset[str]:
    """Return the methods whose integral does not add up to what it should, of one record.

    They are shown and marked; no sentence is made from them.
    """
    found = [results[name] for name in ("saliency", *MORE) if name in results]
    rows = [row for one in found for row in one.rows("target")]
    return frozenset(str(row["method"]) for row in rows if row["converged"] == "no")


def without(record_results: RecordResults, analysis: str, method: str | None = None) -> str:
    """Say how many texts an analysis left out because a method did not converge, "" for none."""
    tables = (results[analysis].tables for _, results in record_results if analysis in results)
    named = ({row[0] for row in found[LEFT_OUT].rows} for found in tables if LEFT_OUT in found)
    texts = sum(bool(names) if method is None else method in names for names in named)
    if not texts:
        return ""
    return f" {sentence(count(texts))} more text{'s' if texts > 1 else ''} did not converge."


def left_out(methods: Collection[str]) -> dict[str, Table]:
    """Return the table of the methods that were left out of an analysis, none where none was."""
    rows = tuple((name,) for name in sorted(methods))
    return {LEFT_OUT: Table(("method",), rows)} if rows else {}


def steps_of(result: Result | None) -> int:
    """Return the steps that the integrated gradients of an analysis took, 0 where it took none."""
    table = result.tables.get("target") if result else None
    if table is None:
        return 0
    at = table.columns.index("steps")
    return sum(int(row[at] or 0) for row in table.rows)


def target_row(
    explained: ExplainedInput, method: str, integral: Integral | None
) -> tuple[Cell, ...]:
    """Return a row of TARGET, with what the integral of a method adds up to, if it is one."""
    target = explained.target
    start: tuple[Cell, ...] = (target.words, target.unit, explained.erased_by, method)
    if integral is None:
        return (*start, None, None, None, None)
    total = integral.difference + integral.missed
    converged = "yes" if integral.converged else "no"
    return (*start, integral.steps, total, integral.difference, converged)


ANALYSIS = RecordProbe(
    name="saliency",
    tables=TABLES,
    title="Saliency beside attention",
    about=(
        "How much the answer of the model depends on each token. Integrated gradients follow the "
        "answer from a blank text, made of masks or of unknown tokens, to this one and share the "
        "difference out among the tokens. Gradient × input and the length of the "
        "gradient look at this text alone. Occlusion erases one token at a time and asks again."
    ),
    reading=(
        "A long bar is a token that matters to this answer; a hollow one speaks against it. The "
        "answer is the class a classifier chose, the token a language model puts at a blank, the "
        "surest tag of a token that is not O (that of the mention, if the record has one), the "
        "piece of text that answers a question, or all tokens of a translation together, "
        "on the scale of its logit, of the sum of the logits of start and end, or of its log "
        "probability. A text without a blank is asked about with its mention masked. A model that "
        "reads from left to right is asked how sure it was of the mention, else of the last word "
        "that says something, when it had read what comes before; in a text that goes on, of the "
        "next token. Integrated "
        "gradients must add up to the difference between text and blank; where they do not, they "
        "are marked as not converged."
    ),
    limits=(
        "Methods disagree, gradients are local, and a blank text is unlike any text the model has "
        "read. A token can matter through others. Erasing single tokens misses what two say "
        f"alike; it is done up to {OCCLUDED} tokens."
    ),
    cite=(
        "Simonyan et al. 2013, Deep Inside Convolutional Networks, "
        "https://arxiv.org/abs/1312.6034; "
        "Sundararajan et al. 2017, Axiomatic Attribution for Deep Networks, "
        "https://proceedings.mlr.press/v70/sundararajan17a.html"
    ),
    compute=compute,
    misread=misread,
    version="4",
    fields=ASKED_FIELDS,
    method=True,
)
