"""Analyses of another package, one at each scope with every shape: drawn, kept, failing alone."""

import json
from dataclasses import replace
from html import unescape

import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.errors import AtlasError
from attnatlas.pages.sections import result_sections
from attnatlas.results.shapes import Result, Table

from tests.capture.tiny import tiny_model
from tests.foreign import FOREIGN, SHAPES
from tests.plugins import installed
from tests.site.links import broken_links

ON_RECORD = ("of-record", "follow-up", "probe")
ON_MODEL = ("aggregate", "accumulation", "model-probe")


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Settings of two short texts on a tiny model."""
    folder = tmp_path_factory.mktemp("shapes")
    (folder / "two.txt").write_text("The bank of the river.\nThe nurse was late.\n")
    return Settings(
        corpora=(str(folder / "two.txt"),),
        models=(str(tiny_model(folder / "gpt2", "gpt2")),),
        output=folder / "site",
        store=folder / "store",
    )


@pytest.fixture(scope="module")
def site(given):
    with installed(*FOREIGN):
        build_site(given)
    return given.output


def test_what_was_not_asked_takes_no_room():
    columns = ("asked", "total", "why_not")

    def sections(*row):
        table = Table(columns, (row,))
        return result_sections((), {"causal": Result("causal", tables={"odds": table})})

    assert sections("", None, "the texts have no ending in common") == []
    assert len(sections("“a” against “b”", 0.2, "")) == 1


def pages(site):
    record = next((site / "records" / "gpt2").glob("*.html"))
    return {
        **dict.fromkeys(ON_RECORD, record),
        **dict.fromkeys(ON_MODEL, site / "models" / "gpt2.html"),
        "comparison": site / "reports" / "comparison.html",
    }


@pytest.mark.parametrize("name", [analysis.name for analysis in FOREIGN])
def test_every_shape_is_drawn_on_every_kind_of_page(site, name):
    page = unescape(pages(site)[name].read_text("utf-8"))
    for said in ("Title of", "How to read", "A sentence of"):
        assert f"{said} {name}" in page or f"{said} x" in page
    method = unescape((site / "about.html").read_text("utf-8"))
    assert f'about.html#method-{name}"' in page
    assert f'id="method-{name}"' in method
    assert f"About {name}." in method
    assert f"Limits of {name}." in method
    assert page.count(f'data-of="{name}"') == len(SHAPES)
    for shape in SHAPES:
        assert f'"chart":"shape-{shape}"' in page
    assert "a cell" in page
    assert "77712" not in page
    assert "never shown" not in page


def test_the_site_holds_together_and_reports_have_their_numbers(site):
    assert broken_links(site) == []
    assert (site / "data/reports/comparison.csv").read_text() == "word,number\na cell,0.125\n"
    report = json.loads((site / "data/reports/comparison.json").read_text())
    assert report["series"][0]["y"] == [0.25, 0.5]
    atlas = json.loads((site / "atlas.json").read_text())
    assert {"name": "comparison", "page": "reports/comparison.html"} in atlas["reports"]
    assert "reports/comparison.html" in (site / "index.html").read_text()


def failing(analysis):
    def fail(*_):
        raise ZeroDivisionError("nothing to divide by")

    return replace(analysis, compute=fail)


@pytest.mark.parametrize("at", range(len(FOREIGN)), ids=[one.name for one in FOREIGN])
def test_an_analysis_that_fails_takes_nothing_with_it(given, site, tmp_path, at):
    broken = FOREIGN[at].name
    analyses = [failing(one) if one.name == broken else one for one in FOREIGN]
    settings = replace(given, output=tmp_path / "site", store=tmp_path / "store")
    with installed(*analyses):
        report = build_site(settings)
    assert dict(report.failed)[broken] == (2 if broken in ON_RECORD else 1)
    page = unescape(pages(report.output)[broken].read_text("utf-8"))
    assert f"Title of {broken}" in page
    assert "ZeroDivisionError: nothing to divide by" in page
    for other in (one.name for one in FOREIGN if one.name != broken):
        assert f'data-of="{other}"' in pages(report.output)[other].read_text("utf-8")
    atlas = json.loads((report.output / "atlas.json").read_text())
    assert {(f["analysis"], f["reason"], f["tried_again"]) for f in atlas["failures"]} == {
        (broken, "ZeroDivisionError: nothing to divide by", True)
    }
    findings = json.loads((report.output / "data/findings.json").read_text())
    assert any("nothing to divide by" in one["statement"] for one in findings)
    with installed(*analyses), pytest.raises(AtlasError) as error:
        build_site(replace(settings, output=tmp_path / "strict", strict=True))
    assert broken in error.value.message
    assert "ZeroDivisionError" in error.value.message
    if broken != "comparison":
        assert "gpt2" in error.value.message
    with installed(*FOREIGN):
        again = build_site(settings)
    assert not again.unchanged
    assert again.failed == ()


def test_a_failing_analysis_of_our_own_leaves_a_model_page(given, tmp_path, monkeypatch):
    from attnatlas.analyses.profile import all_records

    monkeypatch.setattr(all_records, "summaries", lambda records: 1 / 0)
    report = build_site(replace(given, output=tmp_path / "site", store=tmp_path / "store"))
    assert dict(report.failed) == {"profile": 1}
    assert broken_links(report.output) == []
    page = (report.output / "models" / "gpt2.html").read_text("utf-8")
    assert "ZeroDivisionError" in page
