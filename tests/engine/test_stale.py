"""Whatever changes what a site says is never served as it was before."""

import importlib
import sys
from dataclasses import replace
from functools import partial

import pytest
from attnatlas.analyses.analysis import RecordAnalysis
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.engine import keys
from attnatlas.results.shapes import Result

from tests.capture.tiny import tiny_model
from tests.foreign import words

CORPUS = """title = "Two"
about = "{about}"
licence = "{licence}"
source = "{source}"

[[record]]
id = "bank"
text = "The bank of the river."
"""
SAID = {"about": "First words", "licence": "First licence", "source": "First source"}
CARD = "---\nabout: {about}\nlicence: {licence}\n---\n"


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stale")
    (folder / "two.toml").write_text(CORPUS.format(**SAID))
    model = tiny_model(folder / "gpt2", "gpt2")
    (model / "README.md").write_text(CARD.format(**SAID))
    settings = Settings(
        corpora=(str(folder / "two.toml"),),
        models=(str(model),),
        output=folder / "site",
        store=folder / "store",
        without=("twins", "asking-the-model"),
    )
    build_site(settings)
    return settings


def shown(site):
    return "".join((site / page).read_text("utf-8") for page in ("index.html", "atlas.json"))


@pytest.mark.parametrize("name", SAID)
def test_what_a_corpus_says_of_itself_is_shown_as_it_is_now(given, name):
    file = given.output.parent / "two.toml"
    file.write_text(CORPUS.format(**SAID | {name: f"Another {name}"}))
    report = build_site(given)
    assert not report.unchanged
    assert f"Another {name}" in shown(given.output)
    file.write_text(CORPUS.format(**SAID))


@pytest.mark.parametrize("name", ["about", "licence"])
def test_what_a_model_says_of_itself_is_shown_as_it_is_now(given, name):
    card = given.output.parent / "gpt2" / "README.md"
    card.write_text(CARD.format(**SAID | {name: f"Another {name}"}))
    assert not build_site(given).unchanged
    assert f"Another {name}" in shown(given.output)
    assert build_site(given).unchanged


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package in a namespace, with an analysis in one part of it and its numbers in another."""
    inner = tmp_path / "vendor_space" / "other"
    for part in ("analyses", "numbers"):
        (inner / part).mkdir(parents=True)
        (inner / part / "__init__.py").touch()
    (inner / "__init__.py").touch()
    (inner / "numbers" / "mean.py").write_text("def mean(): return 1\n")
    code = "from ..numbers.mean import mean\n\ndef compute(capture, factor=1): return mean()\n"
    (inner / "analyses" / "mine.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    known = set(sys.modules)
    yield inner
    for name in set(sys.modules) - known:
        del sys.modules[name]


def code_of(analysis):
    keys._code_of.cache_clear()
    return keys.foreign_code(analysis)


def test_all_code_of_another_package_counts_however_it_is_called(package):
    mine = importlib.import_module("vendor_space.other.analyses.mine")
    plain = RecordAnalysis(**words("mine"), compute=mine.compute)
    calls = (
        plain,
        replace(plain, compute=partial(mine.compute, factor=2)),
        replace(plain, compute=test_all_code_of_another_package_counts_however_it_is_called),
        RecordAnalysis(**words("summed"), compute=Result, aggregate=mine.compute),
    )
    before = [code_of(one) for one in calls]
    (package / "numbers" / "mean.py").write_text("def mean(): return 2\n")
    changed = [old != code_of(one) for old, one in zip(before, calls, strict=True)]
    assert changed == [True, True, False, True]


def test_our_own_analyses_are_pinned_by_our_own_code():
    assert keys.foreign_code(RecordAnalysis(**words("own"), compute=Result)) == ""
