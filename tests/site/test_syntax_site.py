"""A treebank through the command line, with an embedded model, and again from its arrays."""

from __future__ import annotations

import csv
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from attnatlas.analyses import by_name
from attnatlas.cli import run
from attnatlas.site.about import not_here

SENTENCES = 12


@pytest.fixture(scope="module")
def treebank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the first sentences of the bundled trees."""
    folder = tmp_path_factory.mktemp("treebank")
    whole = files("attnatlas.corpora").joinpath("syntax.conllu").read_text("utf-8")
    (folder / "few.conllu").write_text("\n\n".join(whole.split("\n\n")[:SENTENCES]) + "\n", "utf-8")
    return folder


def test_a_treebank_builds_and_builds_again_from_arrays(treebank: Path) -> None:
    out, again = treebank / "site", treebank / "again"
    more = ["--store", str(treebank / "store"), "--numbers", "float32"]
    corpus = str(treebank / "few.conllu")
    assert run(["build", corpus, "-m", "english", "-o", str(out), *more]) == 0
    assert run(["build", "--arrays", str(out / "data"), "-o", str(again), *more]) == 0
    page = (out / "models" / "english.html").read_text("utf-8")
    assert 'id="syntax"' in page
    assert 'id="context"' not in page
    assert page.count('href="../data/english/syntax.csv"') == 1
    for name in ("data/english/syntax.csv", "data/english/heads.csv", "data/findings.json"):
        assert (out / name).read_bytes() == (again / name).read_bytes()
    found = json.loads((out / "data" / "findings.json").read_text("utf-8"))
    by = {one["id"]: one for one in found if "syntax" in one["id"]}
    assert by["english-self-syntax-all"]["n"] > 30
    assert by["english-self-syntax"]["statement"].startswith("Of ")
    with (out / "data" / "english" / "syntax.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 32
    assert all(0 <= float(row["to_head"]) <= 1 for row in rows)
    assert {row["semantic"] for row in rows} == {""}


def test_the_page_on_method_names_what_is_not_on_this_site_and_what_it_takes(
    treebank: Path,
) -> None:
    page = (treebank / "site" / "about.html").read_text("utf-8")
    found = re.search(r"Not on this site: (.*?)\.</p>", page, re.DOTALL)
    assert found
    missing = re.sub("<[^>]+>", "", found.group(1)).split("; ")
    assert "How it was translated (needs a model that translates)" in missing
    assert not [one for one in missing if one.startswith("Syntax")]
    titles = [one.rpartition(" (")[0] for one in missing]
    assert all(f"<h3>{title}</h3>" not in page for title in titles)
    named = not_here([by_name()["syntax"], by_name()["norms"]], set())
    assert named == [
        "Syntax: heads that follow dependencies (needs texts with dependency trees)",
        f"{by_name()['norms'].title} (--with norms)",
    ]
    assert "Syntactic scores" in (treebank / "site/models/english.html").read_text("utf-8")


def test_the_record_pages_stay_as_they_were(treebank: Path) -> None:
    page = next((treebank / "site" / "records" / "english").glob("*.html")).read_text("utf-8")
    assert "Syntax: heads that follow" not in page
    assert "The same word in two texts" not in page
