"""What an analysis does wrong takes nothing with it, whatever it is about and however it fails."""

import json
from dataclasses import replace
from html import unescape

import attnatlas.analyses as registry
import numpy as np
import pytest
from attnatlas.analyses import analyses
from attnatlas.analyses.analysis import (
    Accumulation,
    Aggregate,
    Comparison,
    PairProbe,
    RecordAnalysis,
)
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.errors import AtlasError, ExplainedError
from attnatlas.results.shapes import (
    Finding,
    Grid,
    HeadDistances,
    Matrix,
    Result,
    Scores,
    Series,
    Table,
)

from tests.capture.tiny import tiny_model
from tests.foreign import words
from tests.plugins import installed
from tests.site.links import broken_links

PAIR = """id,text,group,variant
she,The nurse was late and she ran.,g,she
he,The nurse was late and he ran.,g,he
"""
ONES = np.ones((1, 2, 3))
UNSOUND = {
    "fewer numbers than places": {"series": (Series("rise", (0.0, 1.0), (0.5,)),)},
    "an end at fewer places": {"series": (Series("rise", (0.0, 1.0), (0.5, 0.6), (0.4,)),)},
    "a grid without its metrics": {"grids": (Grid("self", ("one", "two"), ONES),)},
    "a flat grid": {"grids": (Grid("self", ("one",), np.ones((1, 3))),)},
    "an interval of another grid": {"grids": (Grid("self", ("one",), ONES, low=np.ones(4)),)},
    "an infinite head": {"grids": (Grid("self", ("one",), ONES * np.inf),)},
    "a kind that is none": {"matrices": (Matrix("sideways", np.eye(2)),)},
    "a matrix of one axis": {"matrices": (Matrix("self", np.ones(4)),)},
    "scores of two axes": {"scores": (Scores("weights", np.ones((2, 3))),)},
    "distances of one axis": {"distances": (HeadDistances("self", np.ones(3)),)},
    "a row that is too short": {"tables": {"t": Table(("a", "b"), ((1,),))}},
    "a cell that is a list": {"tables": {"t": Table(("a",), (([1, 2],),))}},
    "no sentence": {"findings": (Finding("said", None),)},
    "an interval of three": {"findings": (Finding("said", "So.", 0.5, interval=(0, 1, 2)),)},
    "a number beyond all": {"findings": (Finding("said", "So.", value=10**400),)},
    "half a character": {"findings": (Finding("said", "So \ud800."),)},
}


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Settings of a minimal pair on two tiny models."""
    folder = tmp_path_factory.mktemp("failures")
    (folder / "pair.csv").write_text(PAIR)
    return Settings(
        corpora=(str(folder / "pair.csv"),),
        models=tuple(str(tiny_model(folder / name, "gpt2")) for name in ("one", "other")),
        output=folder / "site",
        store=folder / "store",
        without=("twins", "asking-the-model"),
    )


@pytest.fixture
def settings(given, tmp_path):
    return replace(given, output=tmp_path / "site")


def fail(*_):
    raise ZeroDivisionError("nothing to divide by")


def failures(site):
    return json.loads((site / "atlas.json").read_text())["failures"]


@pytest.mark.parametrize("parts", UNSOUND.values(), ids=UNSOUND)
def test_a_result_that_is_not_as_its_shapes_say_is_a_failure(settings, parts):
    unsound = tuple(
        kind(**words(kind.__name__), compute=lambda _: Result("unsound", **parts))
        for kind in (RecordAnalysis, Aggregate, Comparison)
    )
    with installed(*unsound):
        report = build_site(settings)
    assert dict(report.failed) == {"RecordAnalysis": 4, "Aggregate": 2, "Comparison": 1}
    assert broken_links(report.output) == []


def test_a_report_of_two_models_that_fails_says_which_and_where(settings):
    of_two = Comparison(**words("of-two"), compute=fail, pairwise=True)
    with installed(of_two):
        report = build_site(settings)
        with pytest.raises(AtlasError, match="'of-two' failed on one and other"):
            build_site(replace(settings, strict=True, title="Strict"))
    assert report.failed == (("of-two", 1),)
    [failure] = failures(report.output)
    assert failure["page"] == "reports/of-two-one-other.html"
    assert (failure["analysis"], failure["models"]) == ("of-two", ["one", "other"])
    page = unescape((report.output / failure["page"]).read_text("utf-8"))
    assert "Title of of-two" in page
    assert "nothing to divide by" in page
    findings = json.loads((report.output / "data/findings.json").read_text())
    said = "Title of of-two could not be computed for one and other"
    assert any(one["statement"].startswith(said) for one in findings)


def test_a_probe_of_pairs_that_fails_stands_on_the_page_of_the_first(settings):
    probe = PairProbe(**words("of-pair"), compute=fail)
    with installed(probe):
        report = build_site(replace(settings, without=("twins",)))
    assert dict(report.failed) == {"of-pair": 2}
    assert {one["record"] for one in failures(report.output)} == {"she"}
    page = unescape((report.output / "records/one/she.html").read_text("utf-8"))
    assert "Title of of-pair" in page
    assert "ZeroDivisionError: nothing to divide by" in page


def test_what_no_summary_can_be_made_of_is_told_on_the_page_of_the_model(settings):
    of_text = RecordAnalysis(
        **words("of-text"),
        compute=lambda _: Result("of-text", findings=(Finding("so", "It is so."),)),
        aggregate=fail,
    )
    with installed(of_text):
        report = build_site(settings)
    assert dict(report.failed) == {"of-text": 2}
    assert "It is so." in (report.output / "records/one/she.html").read_text("utf-8")
    page = unescape((report.output / "models/one.html").read_text("utf-8"))
    assert "ZeroDivisionError: nothing to divide by" in page


class Stumbling:
    """An accumulator that the second text is too much for, for a reason that lies in it."""

    seen = 0

    def add(self, capture, results):
        Stumbling.seen += 1
        if Stumbling.seen % 2 == 0:
            raise ExplainedError("the second text is too much")


def test_what_an_accumulator_stumbles_over_stays_if_the_input_explains_it(settings, tmp_path):
    over = Accumulation(**words("over"), accumulate=Stumbling, compute=lambda *_: Result("over"))
    settings = replace(settings, store=tmp_path / "store")
    with installed(over):
        report = build_site(settings)
        assert dict(report.failed) == {"over": 2}
        told = {(one["reason"], one["tried_again"]) for one in failures(report.output)}
        assert told == {("ExplainedError: the second text is too much", False)}
        assert Stumbling.seen == 2  # both models have the same weights, and one answer
        build_site(replace(settings, title="New"))
        assert Stumbling.seen == 2
        with pytest.raises(AtlasError, match="'over' failed on model 'one'"):
            build_site(replace(settings, title="Strict", strict=True, force=True))


def test_an_analysis_of_our_own_that_cannot_be_summed_up_fails_alone(
    settings, tmp_path, monkeypatch
):
    broken = [replace(one, aggregate=fail) if one.name == "anchors" else one for one in analyses()]
    monkeypatch.setattr(registry, "analyses", lambda: tuple(broken))
    (tmp_path / "four.txt").write_text("The bank.\nThe river.\nThe nurse.\nThe doctor.\n")
    changed = {"corpora": (str(tmp_path / "four.txt"),), "store": tmp_path / "store"}
    report = build_site(replace(settings, without=("twins",), **changed))
    assert dict(report.failed) == {"anchors": 2}
