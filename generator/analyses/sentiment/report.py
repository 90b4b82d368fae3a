"""The report of what drives the answers of classifiers: words by part of speech, and aspects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...corpus.labels import agrees, gold_words
from ...corpus.record import group_of
from ...results.shapes import Cell, Finding, Result, Table
from ...results.wording import counted, listed
from ..analysis import Comparison, Everything, Read
from .aspects import ASPECTS, TEXTS, AspectText, aspect_rows, parts, share_of
from .drivers import WORDS, Word, add_words, leading, word_rows

QUOTED = 4
"""Words that a sentence names for each label."""
WEIGHTY = 0.05
"""The share of the answer that a word has to carry to be named."""
Rows = dict[str, list[tuple[Cell, ...]]]


def compute(everything: Everything) -> Result:
    """Return the words that speak for each label, the aspects, and the texts that have several.

    `words` has a row a model, label and word, adjectives first; a share is the part of all that
    speaks for or against the answer, signed, in the mean over the texts with the word. `aspects`
    has a row a model and aspect, `texts` one for each text with several: first those where erasing
    does not put first what the words do. Empty where no classifier had words erased.
    """
    rows: Rows = {name: [] for name in TABLES}
    said: list[Finding] = []
    for model in everything.models:
        words: dict[tuple[str, str], Word] = {}
        texts: list[AspectText] = []
        for read in everything.reads(model):
            _add(read, words, texts)
        rows["words"] += word_rows(model.name, words)
        rows["aspects"] += aspect_rows(model.name, texts)
        compared = sorted((one for one in texts if one.compared), key=_order)
        rows["texts"] += [one.row for one in compared]
        said += [*_of_words(model.name, words), *_of_aspects(model.name, compared)]
    tables = {name: Table(TABLES[name], tuple(rows[name])) for name in TABLES if rows[name]}
    return Result(ANALYSIS.name, tables=tables, findings=tuple(said))


TABLES = {"words": WORDS, "aspects": ASPECTS, "texts": TEXTS}


def _order(one: AspectText) -> tuple[bool, bool]:
    return one.agrees, one.right is not False


def _add(read: Read, words: dict[tuple[str, str], Word], texts: list[AspectText]) -> None:
    prediction, record = read.capture.prediction, read.capture.record
    result = read.results.get("word_erasure")
    if result is None or result.empty or "label" not in prediction:
        return
    cluster = group_of(record) or (read.corpus, record.id)
    add_words(words, read.capture, result, cluster)
    if own := parts(result.rows("aspects")):
        texts.append(
            AspectText(
                model=read.model.name,
                corpus=read.corpus,
                record=record.id,
                text=record.text,
                label=gold_words(record, prediction),
                predicted=str(prediction["label"]),
                right=agrees(record, prediction),
                full=float(result.rows("answer")[0]["full"]),
                parts=own,
                cluster=cluster,
            )
        )


def _of_words(model: str, words: Mapping[tuple[str, str], Word]) -> list[Finding]:
    """Say which adjectives speak most for each label: those that carry enough of the answer."""
    said, named = [], []
    for label in dict.fromkeys(label for label, _ in words):
        own = [word for word in leading(words, label) if word.adjective and _weighty(word)]
        if own := own[:QUOTED]:
            named += own
            said.append(f"for “{label}”: {listed([f'“{word.name}”' for word in own])}")
    if not said:
        return []
    least = min(len(word.heard) for word in named)
    text = (
        f"The adjectives that weigh most in the answers of {model}, each in {least} texts or more: "
        f"{'; '.join(said)}."
    )
    return [Finding(f"words-{model}", text, n=least, model=model, key="words")]


def _weighty(word: Word) -> bool:
    """Return whether a word carries enough of the answer; where there is an interval, above 0."""
    return word.share >= WEIGHTY and (word.interval is None or word.interval[0] > 0)


def _of_aspects(model: str, texts: Sequence[AspectText]) -> list[Finding]:
    if not texts:
        return []
    agrees = [one.agrees for one in texts]
    found = [
        _finding(
            model,
            "erasure-agrees",
            f"In {sum(agrees)} of {counted(len(texts), 'text')}, the aspect whose words weigh most "
            f"for {model} is also the one whose erasure costs its answer most.",
            texts,
            agrees,
        )
    ]
    mixed = [one for one in texts if one.mixed]
    judged = [one for one in mixed if one.right is not None]
    if judged:
        wrong = [one.right is False for one in judged]
        text = (
            f"In {counted(len(judged), 'labelled text')} the aspects speak for different answers; "
            f"{model} follows the wrong one in {sum(wrong)}."
        )
        found.append(_finding(model, "wrong-aspect-wins", text, judged, wrong))
    return found


def _finding(
    model: str, key: str, text: str, texts: Sequence[AspectText], true: Sequence[bool]
) -> Finding:
    value, ends = share_of(texts, true)
    clusters = len({one.cluster for one in texts})
    return Finding(
        f"{key}-{model}", text, value=value, n=len(texts), clusters=clusters, interval=ends,
        model=model, key=key,
    )  # fmt: skip


ANALYSIS = Comparison(
    name="sentiment",
    title="What drives the answers",
    about=(
        "Which words speak for which label over all texts, adjectives first. And which aspect of a "
        "text carries the answer: by its words, and by what erasing it does."
    ),
    reading=(
        "A share is the part of all that speaks for or against an answer, with its sign, on "
        "average over the texts with that word. An aspect that leads should also be the one that "
        "costs the answer most when it is erased; where it is not, trust neither."
    ),
    limits=(
        "A word that stands in two texts says little. Adjectives are those that the corpus marks "
        "as such (upos); elsewhere, those of our own list of English adjectives. What speaks of an "
        "aspect is a piece of its sentence, cut at marks and words such as “but”: no parser finds "
        "it. Attribution is no proof of a reason."
    ),
    cite=(
        "Li et al. 2016, Understanding Neural Networks through Representation Erasure, "
        "https://arxiv.org/abs/1612.08220"
    ),
    fields=("label", "labels", "label_index", "label_count", "words", "upos", "aspects"),
    compute=compute,
)
