"""Measure the translator: BLEU, chrF, agreement and word alignment."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from . import data as texts
from .grammar import Grammar, Sentence, combinations, frame_of
from .measure import Clusters, Figure, alone, clustered, drawn_whole, interval, whole_draws
from .measure_alignment import alignment_figures, corpus_gold, probe_cases, probe_gold

SHORT = 6
RESAMPLES = 1000
DRAWS = 200
HARD = [
    ("The engineer said that she had finished the bridge.", ("ingénieur",)),
    ("My grandmother planted three apple trees behind the barn.", ("pommiers",)),
    ("We found the missing keys under the sofa.", ("manquantes",)),
    ("The museum opens at nine on Sundays.", ("musée", "ouvre")),
    ("The teacher gave the girls their books back.", ("livres", "rendu")),
    ("They were wearing black shoes and white hats.", ("noires", "chapeaux", "blancs")),
    ("The clouds became dark before the storm.", ("sombres",)),
    ("Neural networks learn from data.", ("réseaux",)),
    ("The queen is intelligent.", ("reine",)),
    ("Her sister is taller than her brother.", ("sœur", "grande")),
    ("The soup tastes like soap.", ("soupe", "savon")),
]


def translations(model: Any, tokenizer: Any, lines: list[str], beams: int = 4) -> list[str]:
    """Translate texts, similar lengths together."""
    order = sorted(range(len(lines)), key=lambda at: len(lines[at]))
    found = [""] * len(lines)
    for start in range(0, len(lines), 48):
        part = order[start : start + 48]
        batch = tokenizer([lines[at] for at in part], return_tensors="pt", padding=True)
        with torch.no_grad():
            ids = model.generate(
                batch["input_ids"], attention_mask=batch["attention_mask"], num_beams=beams
            )
        decoded = tokenizer.batch_decode(ids, skip_special_tokens=True)
        for at, text in zip(part, decoded, strict=True):
            found[at] = text
    return found


def corpus_score(
    name: str, metric: Any, said: list[str], references: list[list[str]], about: str
) -> Figure:
    """Score a corpus with a metric of sacrebleu, which bootstraps it over sentences.

    `references` holds those of each sentence, one or more.
    """
    most = max(map(len, references))
    streams = [
        [found[at] if at < len(found) else None for found in references] for at in range(most)
    ]
    found = metric.corpus_score(said, streams, n_bootstrap=RESAMPLES)
    low, high = found._mean - found._ci, found._mean + found._ci
    return Figure(name, float(found.score), float(low), float(high), len(said), about)


def drawn_score(
    name: str, metric: Any, said: list[str], references: list[list[str]], about: str
) -> Figure:
    """Score each sentence once, with one of its references by chance: the mean of many draws.

    The interval comes from as many draws in which the sentences are drawn anew, too.
    """
    chance = np.random.default_rng(0)

    def score(places: Any) -> float:
        drawn = [references[at][chance.integers(len(references[at]))] for at in places]
        return float(metric.corpus_score([said[at] for at in places], [drawn]).score)

    count = len(said)
    value = float(np.mean([score(range(count)) for _ in range(DRAWS)]))
    low, high = interval(
        np.array([score(chance.integers(count, size=count)) for _ in range(DRAWS)])
    )
    return Figure(name, value, low, high, count, about)


def clustered_score(
    name: str,
    metric: Any,
    rows: list[tuple[str, str]],
    clusters: Clusters,
    about: str,
    unit: str = "English sentences",
) -> Figure:
    """Score rows (what was said, its reference); the rows of one cluster are drawn together."""

    def score(places: Any) -> float:
        said, references = zip(*(rows[at] for at in places), strict=True)
        return float(metric.corpus_score(said, [references]).score)

    value = score(range(len(rows)))
    low, high = interval(np.array([score(some) for some in whole_draws(clusters, DRAWS)]))
    said = drawn_whole(about, len(set(clusters)), unit)
    return Figure(name, value, low, high, len(rows), said)


def quality(data: Path, model: Any, tokenizer: Any) -> list[Figure]:
    """Measure BLEU and chrF on the test split: by sentence and by row."""
    pairs = texts.pairs(data, "test")
    once = list(dict.fromkeys(english for english, _ in pairs))
    said = dict(zip(once, translations(model, tokenizer, once), strict=True))
    short = [pair for pair in pairs if len(pair[0].split()) <= SHORT]
    return scores("all", "all lengths", pairs, said) + scores(
        "short", f"at most {SHORT} words", short, said
    )


def scores(
    suffix: str, about: str, rows: list[tuple[str, str]], said: dict[str, str]
) -> list[Figure]:
    """Score test rows whose English may come again with another translation, in three ways.

    Each sentence once with one reference, each once with all of its references, and row by row.
    """
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    gold: dict[str, list[str]] = {}
    for english, french in rows:
        gold.setdefault(english, []).append(french)
    lines, several = [said[english] for english in gold], list(gold.values())
    by_row, clusters = [(said[english], french) for english, french in rows], [e for e, _ in rows]
    once = f"{about}, each English sentence once with one of its references, mean of {DRAWS} draws"
    joined = f"{about}, each English sentence once with all its references"
    row = f"{about}, every test row with its one reference"
    figures = []
    for name, metric in ((f"bleu.{suffix}", BLEU()), (f"chrf.{suffix}", CHRF())):
        figures.append(drawn_score(f"{name}.once", metric, lines, several, once))
        figures.append(corpus_score(f"{name}.joined", metric, lines, several, joined))
        figures.append(clustered_score(name, metric, by_row, clusters, row))
    return figures


def gold_quality(model: Any, tokenizer: Any) -> list[Figure]:
    """Measure BLEU and chrF on the bundled corpus, which needs no test split."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF

    cases = corpus_gold()
    said = translations(model, tokenizer, [case.source for case in cases])
    rows = [(one, case.target) for one, case in zip(said, cases, strict=True)]
    clusters = alone([case.group for case in cases])
    about = "the bundled corpus: short, plain sentences, one reference each"
    return [
        clustered_score(name, metric, rows, clusters, about, "groups of like sentences")
        for name, metric in (("bleu.gold", BLEU()), ("chrf.gold", CHRF()))
    ]


def words(text: str) -> list[str]:
    """Split French into lower-case words; elided articles stand alone."""
    for mark in ".?!,":
        text = text.replace(mark, " ")
    return text.lower().replace("'", "' ").split()


def probe_marks(model: Any, tokenizer: Any, cases: list[dict[str, Any]]) -> list[int]:
    """Return 1 where the adjective and its noun come out in the form of the reference."""
    said = translations(model, tokenizer, [case["en"] for case in cases])
    marks = []
    for case, text in zip(cases, said, strict=True):
        adjectives = {found for pair in combinations(case["en"]) for found in pair}
        places = [at for at, word in enumerate(case["en_words"]) if word in adjectives]
        wanted = [case["fr_words"][to] for at, to in case["align"] if at in places]
        marks.append(int(all(word.lower() in words(text) for word in wanted)))
    return marks


def grammar_marks(model: Any, tokenizer: Any, cases: list[Sentence]) -> list[int]:
    """Return 1 where every adjective and noun comes out in the form of the grammar."""
    said = translations(model, tokenizer, [case.english for case in cases])
    return [
        int(all(word.lower() in words(text) for word in case.agreeing))
        for case, text in zip(cases, said, strict=True)
    ]


def agreement(data: Path, model: Any, tokenizer: Any) -> list[Figure]:
    """Measure agreement on combinations of adjective and noun that no authored row holds."""
    about = "adjective and noun as in the reference, unseen combinations"
    probe = probe_cases(data)
    frames = [frame_of(case["en"]) for case in probe]
    found = [clustered("agreement.probe", probe_marks(model, tokenizer, probe), frames, about)]
    cases = unseen_sentences()
    marks = grammar_marks(model, tokenizer, cases)
    frames = [case.frame for case in cases]
    joined = "plurals, persons, two phrases together"
    found.append(clustered("agreement.grammar", marks, frames, joined))
    for kind in ("plural", "person", "two"):
        some = [at for at, case in enumerate(cases) if case.kind == kind]
        right, own = [marks[at] for at in some], [frames[at] for at in some]
        found.append(clustered(f"agreement.{kind}", right, own, about))
    return found


def unseen_sentences(count: int = 300) -> list[Sentence]:
    """Draw sentences of the grammar with held-out combinations."""
    return Grammar(99).draw(count, unseen=True)


def failures(model: Any, tokenizer: Any, most: int = 4) -> list[str]:
    """Quote sentences of the grammar and hard ones that come out wrong."""
    cases = [(case.english, case.agreeing) for case in unseen_sentences()]
    found = []
    for some in (cases, HARD):
        said = translations(model, tokenizer, [english for english, _ in some])
        wrong = [
            f"“{english}” gives “{text}”, which lacks “{'” and “'.join(missing)}”"
            for (english, wanted), text in zip(some, said, strict=True)
            if (missing := [word for word in wanted if word.lower() not in words(text)])
        ]
        found += wrong[: most if some is cases else len(wrong)]
    return found


def measure(data: Path, model: Any, tokenizer: Any) -> tuple[list[Figure], list[str]]:
    """Measure everything the card of `en-fr` reports."""
    figures = quality(data, model, tokenizer) + gold_quality(model, tokenizer)
    figures += agreement(data, model, tokenizer)
    figures += alignment_figures("gold", model, tokenizer, corpus_gold())
    figures += alignment_figures("probe", model, tokenizer, probe_gold(data))
    return figures, failures(model, tokenizer)
