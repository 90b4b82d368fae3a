"""What else may be explained: the class of the label, and one answer against another.

Attributions of a difference of logits, Yin & Neubig 2022, "Interpreting Language Models with
Contrastive Explanations".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..array_types import Singles
from ..capture import Capture
from ..corpus import Record
from ..results.columns import Columns, Maybe, Number, Tables, Words
from ..results.shapes import Cell, Result, Scores, Table
from .analysis import ASKED_FIELDS, RecordProbe
from .saliency import CONVERGED, steps_of

if TYPE_CHECKING:
    from ..models import LoadedModel
    from ..probes import ExplainedInput
    from ..probes.target import Target


TOLERANCE = 0.05
"""As in `probes.gradients`: how much of the difference the sum may miss."""
TARGET = ("target", "words", "unit", "score", "steps", "sum", "difference", "converged")
TABLES: Tables = {
    "target": Columns(
        {
            "target": Words(("contrast", "label")),
            **dict.fromkeys(("words", "unit"), Words()),
            "score": Maybe(Number()),
            "steps": Maybe(Number(1, whole=True)),
            **dict.fromkeys(("sum", "difference"), Maybe(Number())),
            "converged": CONVERGED,
        },
        optional=True,
        unique=("target",),
        together=("sum", "difference", "converged"),
    ),
    "unmet": Columns({"why": Words()}, rows=1, optional=True),
}


def compute(capture: Capture, loaded: LoadedModel, results: Mapping[str, Result]) -> Result:
    """Return Scores `<target>.<method>` for each further target, and what it is in `target`.

    The targets are `contrast`, one class or word against another, and `label`, the class that the
    record is labelled with where the model says another. Integrated gradients are taken where the
    record asks for any of it, by a contrast, a mention, or a label that is not the answer, and
    where the answer itself has left steps for them, of those that a text may take. `unmet` says
    that the model cannot make the contrast that the record asks for.
    """
    from ..probes import ExplainedInput
    from ..probes.gradients import FEWEST, STEPS, most_steps
    from ..probes.target import targets_of

    answer, *others = targets_of(loaded, capture) or (None,)
    record, found = capture.record, dict[str, Explained]()
    asked = bool(record.contrast or record.mention or len(others) > 1)
    allowed = most_steps(len(capture.maps[0].queries)) if asked else 0
    left = allowed - steps_of(results.get("saliency"))
    for target in reversed(others):
        rest = found.get("contrast")
        if rest and answer and (rest.at, rest.against) == (answer.at, target.at):
            found[target.kind] = _less(target, results.get("saliency"), rest)
        else:
            steps = min(left, STEPS) if left >= FEWEST else 0
            found[target.kind] = _explained(ExplainedInput(loaded, capture, target), steps)
            left -= found[target.kind].steps
    unmet = _unmet(record, [target for target in others if target.kind == "contrast"])
    tables = {"unmet": Table(("why",), ((unmet,),))} if unmet else {}
    if not found:
        return Result(ANALYSIS.name, tables=tables)
    return Result(
        ANALYSIS.name,
        tables={"target": Table(TARGET, tuple(one.row for one in found.values())), **tables},
        scores=tuple(
            Scores(f"{kind}.{name}", one.values[name])
            for kind, one in found.items()
            for name in one.values
        ),
    )


@dataclass(frozen=True, slots=True)
class Explained:
    """One target with the values of each method [token], and its row of TARGET."""

    at: int
    against: int | None
    values: Mapping[str, Singles]
    row: tuple[Cell, ...]
    steps: int = 0


def _unmet(record: Record, contrasts: Sequence[Target]) -> str:
    """Say that the contrast a record asks for could not be made, "" where it was."""
    if len(record.contrast) != 2:
        return ""
    one, other = (f"“{word}”" for word in record.contrast)
    pairs = (f"{one} against {other}", f"{other} against {one}")
    if any(target.words.startswith(pairs) for target in contrasts):
        return ""
    instead = "its likeliest two are compared instead" if contrasts else "nothing is compared"
    return (
        f"The record asks for {pairs[0]}, but not both are one class or one token of this model in "
        f"that place: {instead}."
    )


def _explained(explained: ExplainedInput, steps: int) -> Explained:
    from ..probes import gradients
    from ..probes.gradients import integrated

    target, product = explained.target, gradients(explained)["gradient_x_input"]
    if not steps:
        start: tuple[Cell, ...] = (target.kind, target.words, target.unit)
        values = {"gradient_x_input": product}
        return Explained(target.at, target.against, values, (*start, *[None] * 5))
    integral = integrated(explained, most=steps)
    values = {"integrated_gradients": integral.values, "gradient_x_input": product}
    total = integral.difference + integral.missed
    sums = (total, integral.difference, "yes" if integral.converged else "no")
    row = (target.kind, target.words, target.unit, integral.score, integral.steps, *sums)
    return Explained(target.at, target.against, values, row, integral.steps)


def _less(target: Target, answer: Result | None, rest: Explained) -> Explained:
    """Return what is left of the answer without its difference from the target: the target itself.

    Both methods are linear in the output, so this asks the model nothing more.
    """
    known = {scores.name: scores.values for scores in answer.scores} if answer else {}
    values = {name: known[name] - v for name, v in rest.values.items() if name in known}
    rows = answer.rows("target") if answer else []
    whole = next((row for row in rows if row["method"] == "integrated_gradients"), None)
    row: tuple[Cell, ...] = (target.kind, target.words, target.unit, None, None, None, None, None)
    of_rest = dict(zip(TARGET, rest.row, strict=True))
    if whole and rest.steps:
        numbers = ((whole[name], of_rest[name]) for name in ("sum", "difference"))
        total, difference = (float(str(one)) - float(str(other)) for one, other in numbers)
        close = abs(total - difference) <= TOLERANCE * abs(difference)
        row = (*row[:5], total, difference, "yes" if close else "no")
    return Explained(target.at, None, values, row)


ANALYSIS = RecordProbe(
    name="contrast",
    tables=TABLES,
    title="Saliency for another answer, and for one answer against another",
    about=(
        "The same attributions for what else could be asked: why one answer rather than another "
        "(the difference of their logits), and, where the record is labelled otherwise than the "
        "model says, for the class of the label. A classifier’s first choice is compared with its "
        "second; a language model’s likeliest word with the next one. A record may name the two "
        "words or classes (`contrast`); where its mention is a gendered pronoun, she is compared "
        "with he where that pronoun stands, his with her, and so on."
    ),
    reading=(
        "A long bar is a token that speaks for the first of the two, a hollow one for the second. "
        "What speaks for both alike drops out of a difference. A model that reads from left to "
        "right is asked before the pronoun, so what follows it has 0."
    ),
    limits=(
        "Gradients alone; where the record names a contrast, a mention or another label, also "
        "integrated gradients, in a few steps that are never added to, marked where these are too "
        "few to add up. Both "
        "words must be one token each in this place, else they are not compared. A difference that "
        "favours one pronoun in one sentence is no finding about the model."
    ),
    cite=(
        "Yin & Neubig 2022, Interpreting Language Models with Contrastive Explanations, "
        "https://doi.org/10.18653/v1/2022.emnlp-main.14"
    ),
    compute=compute,
    version="3",
    fields=ASKED_FIELDS,
    after=("saliency",),
)
