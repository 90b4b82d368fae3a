"""Short names that are pieces of the program's own words hide the user's words alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from attnatlas.analyses import own_words
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.cli import run
from attnatlas.corpus import Record
from attnatlas.redaction import Redactor, redactor_for
from attnatlas.redaction.values import hidden_capture, hidden_result
from attnatlas.results.shapes import Finding, Partial, Result, Table
from attnatlas.share.built_site import open_site
from attnatlas.share.check.everything import check
from numpy import full, zeros

LINES = "Ed said that the food was good.\nThe film was bad, said Al.\n"


def hiding(*patterns: str) -> Redactor:
    found = redactor_for(patterns, None)
    assert found
    return found


def test_a_short_piece_of_our_own_word_stays() -> None:
    redactor = hiding("(?i)ed", "gradients")
    said = "Integrated gradients are compared, says “Ed”: ed."
    assert redactor.hide(said, ours=True) == "Integrated █████████ are compared, says “██”: ██."
    assert redactor.hide("Ed edited", ours=False) == "██ ██it██"
    numbers = hiding("[0-9]+")
    assert numbers.hide("0-1 2p10 of 512, 0.97, in 2024", ours=True) == (
        "0-1 2p10 of 512, 0.97, in ████"
    )


def test_what_a_result_is_read_by_stays() -> None:
    redactor = hiding("[a-z0-9]")
    result = Result(
        "importance",
        tables={"words": Table(("word", "start"), (("integrated_gradients", 1), ("a tide", 2)))},
        findings=(Finding("reach", "A tide.", key="k"),),
        partials=(Partial("sizes:a/b", zeros((7, 2)), ("5", "10")),),
    )
    hidden = hidden_result(result, redactor, own_words())
    assert (hidden.analysis, hidden.findings[0].id, hidden.findings[0].key) == (
        *("importance", "reach", "k"),
    )
    assert hidden.tables["words"] == Table(
        ("word", "start"), (("integrated_gradients", 1), ("█ tide", 2))
    )
    assert hidden.findings[0].statement == "A tide."
    assert hidden.partials[0].labels == ("5", "10")


def test_what_a_prediction_is_read_by_stays_and_its_classes_go() -> None:
    tokens = tuple(Token(text, start=at, end=at + 1) for at, text in enumerate("ab"))
    said = {
        "task": "classification", "problem_type": "single_label_classification", "label": "sea",
        "labels": {"sea": 0.5, "tea": 0.5},
    }  # fmt: skip
    weights = full((1, 1, 2, 2), 0.5)
    maps = (AttentionMap("self", tokens, tokens, weights),)
    one = Capture(ModelInfo("m", "encoder"), Record("r", "ab"), maps, said)
    assert hidden_capture(one, hiding("e")).prediction == {
        **said, "label": "s█a", "labels": {"s█a": 0.5, "t█a": 0.5},
    }  # fmt: skip


def test_a_name_that_was_made_is_not_hidden_again() -> None:
    redactor = hiding("[0-9]")
    made = [redactor.name(name) for name in ("record-001", "record-002", "record-001")]
    assert made == ["record-███", "record-███-2", "record-███"]
    assert [redactor.hide(name) for name in made] == made
    assert redactor.name(made[1]) == made[1]


@pytest.fixture
def build(tmp_path: Path) -> list[str]:
    """Return the words of a command that builds a site of two lines."""
    (tmp_path / "lines.txt").write_text(LINES, "utf-8")
    (tmp_path / "names.txt").write_text("Ed\nAl\n", "utf-8")
    words = ["build", str(tmp_path / "lines.txt"), "-m", "sentiment", "--without", "twins", "-q"]
    return [*words, "-o", str(tmp_path / "site"), "--store", str(tmp_path / "store")]


def test_a_site_without_short_names_is_a_good_site(build: list[str], tmp_path: Path) -> None:
    assert run([*build, "--redact-list", str(tmp_path / "names.txt")]) == 0
    site = open_site(tmp_path / "site")
    assert [record["text"] for record in site.atlas["records"]] == [
        "██ said that the food was good.",
        "The film was bad, said ██.",
    ]
    assert "integrated gradients" in site.text("models/sentiment.html")
    assert check(site).problems == ()


@pytest.mark.parametrize("pattern", ["[0-9]", "[a-z]+"])
def test_what_pages_are_made_of_is_refused_in_one_sentence(
    pattern: str, build: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = [] if pattern == "[0-9]" else ["--without", "asking-the-model"]
    assert run([*build, *more, "--redact", pattern]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("Error: What was to be hidden is left in ")
    assert said.endswith("use a narrower regular expression.")
    assert not (tmp_path / "site").exists()
