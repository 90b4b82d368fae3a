"""Pages that are not of one text or model: of each report, and of what is made of sites."""

from __future__ import annotations

import json
from pathlib import Path

from attnatlas.build import build_site
from attnatlas.cli import run
from attnatlas.config import Settings

from tests.capture.tiny import tiny_model
from tests.site.test_from_sites import TEXTS, site

PAIRS = (
    ("cook", "The doctor told the nurse that {} was late.", "The doctor"),
    ("river", "The nurse told the doctor that {} was muddy.", "the doctor"),
    ("bank", "The doctor of the bank told the nurse that {} was late.", "the nurse"),
)
HEAD = 'title = "Pairs"\nabout = "For tests."\nlicence = "CC0-1.0"\nsource = "These tests."\n'
REPORTS = ("coreference", "counterfactuals", "errors")
OF_CORPORA = ("sentiment", "slices", "translation", "relations", "tree")
SHARED = ("history", "diff", "one-file")
KINDS = (*REPORTS, *OF_CORPORA, "compare", *SHARED)


def record(name: str, text: str, answer: str, word: str) -> str:
    """Return a text with a mention, a label, and a group whose other text has another word."""
    people = [one if one in text else one.capitalize() for one in ("the doctor", "the nurse")]
    return (
        f'\n[[record]]\nid = "{name}-{word}"\ntext = "{text.format(word)}"\nmention = "{word}"\n'
        f'candidates = {json.dumps(people)}\nanswer = "{answer}"\ngroup = "{name}"\n'
        f'variant = "{"female" if word == "she" else "male"}"\nlabel = "LABEL_0"\n'
    )


def build_kinds(folder: Path) -> dict[str, Path]:
    """Build a site of two classifiers, and what is made of sites; return a file of each kind."""
    folder.mkdir(exist_ok=True)
    rows = [record(*pair, word) for pair in PAIRS for word in ("she", "he")]
    (folder / "pairs.toml").write_text(HEAD + "".join(rows), "utf-8")
    models = [tiny_model(folder / name, "bert-classifier") for name in ("one", "two")]
    settings = Settings(
        corpora=(str(folder / "pairs.toml"),), models=tuple(map(str, models)),
        output=folder / "site", store=folder / "store", vary=("swap:she=he",), threads=1,
        without=("twins", "faithfulness", "word_erasure", "similarity", "flow"),
    )  # fmt: skip
    build_site(settings)
    found = {name: folder / f"site/reports/{name}.html" for name in REPORTS}
    found["compare"] = min((folder / "site/reports").glob("compare*.html"))
    return found | of_corpora(folder) | shared(folder)


def of_corpora(folder: Path) -> dict[str, Path]:
    """Return pages on corpora of this package, as the embedded models read them."""
    read = {"reviews": ("sentiment", 12), "translation": ("en-fr", 4), "syntax": ("english", 4)}
    for corpus, (model, limit) in read.items():
        settings = Settings(
            corpora=(corpus,), models=(model,), limit=limit, output=folder / corpus,
            store=folder / "store", threads=1,
            without=("twins", "faithfulness", "similarity", "flow", "counterfactuals"),
        )  # fmt: skip
        build_site(settings)
    return {
        "sentiment": folder / "reviews/reports/sentiment.html",
        "slices": folder / "reviews/reports/errors.html",  # and how sure: where texts have tags
        "translation": folder / "translation/reports/translation.html",
        "relations": folder / "syntax/models/english.html",
        "tree": min((folder / "syntax/records/english").glob("*.html")),
    }


def shared(folder: Path) -> dict[str, Path]:
    """Return a history, a difference and a single file of made-up sites."""
    made = [site(folder / f"s{seed}", "made", TEXTS["tide"], seed) for seed in range(3)]
    found = {"history": "history/index.html", "diff": "diff/index.html", "one-file": "one.html"}
    paths = {name: folder / path for name, path in found.items()}
    first, second, *_ = sites = [str(one) for one in made]
    assert run(["history", *sites, "-o", str(folder / "history")]) == 0
    run(["diff", first, second, "-o", str(folder / "diff")])  # says by its code that they differ
    assert run(["export", first, "--single-file", "-o", str(paths["one-file"])]) == 0
    return paths
