"""The list of analyses: our own, those of other packages, and what their failures say."""

import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

import attnatlas.analyses as registry
import pytest
from attnatlas.analyses.analysis import Aggregate, RecordAnalysis
from attnatlas.errors import InputError
from attnatlas.results.shapes import Result

WORDS = {"title": "Other", "about": "", "reading": "", "limits": "", "cite": ""}
OTHER = Aggregate(name="other", **WORDS, compute=lambda record_results: Result("other"))


@pytest.fixture
def plugins(monkeypatch):
    """Return a function that installs entry points, name = value."""
    module = ModuleType("other_package")
    module.ANALYSIS, module.nothing = OTHER, 1
    monkeypatch.setitem(sys.modules, "other_package", module)

    def install(**values):
        points = [EntryPoint(name, value, registry.GROUP) for name, value in values.items()]
        monkeypatch.setattr(registry, "entry_points", lambda group: points)
        registry.analyses.cache_clear()

    install()
    yield install
    registry.analyses.cache_clear()


def test_our_own_analyses_are_listed_by_scope(plugins):
    assert {"rollout", "heads"} <= {a.name for a in registry.of_records()}
    assert "profile" in {a.name for a in registry.of_models()}
    assert {a.scope for a in registry.of_records()} == {"record"}
    assert {a.scope for a in registry.of_models()} == {"model"}


def test_every_module_that_holds_an_analysis_is_named_and_says_all_there_is_to_say(plugins):
    folder = Path(registry.__file__).parent
    holding = {
        path.parent.name if path.parent != folder else path.stem
        for path in folder.rglob("*.py")
        if re.search(r"^ANALYSIS = ", path.read_text("utf-8"), re.MULTILINE)
    }
    assert holding == set(registry.OWN)
    for analysis in registry.analyses():
        for text in (analysis.title, analysis.about, analysis.reading, analysis.limits):
            assert text
        for text in (analysis.about, analysis.reading, analysis.limits):
            assert text.endswith((".", "?"))
        assert "https://" in analysis.cite


@pytest.mark.parametrize("value", ["other_package", "other_package:ANALYSIS"])
def test_another_package_adds_an_analysis_by_module_or_by_name(plugins, value):
    plugins(other=value)
    assert OTHER in registry.of_models()


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("no_such_package", "The analysis 'broken' (no_such_package) cannot be loaded (No module"),
        ("other_package:missing", "The analysis 'broken' (other_package:missing) cannot be loaded"),
        ("other_package:nothing", "The analysis 'broken' (other_package:nothing) is not an Analys"),
    ],
)
def test_a_broken_package_is_named_in_one_sentence(plugins, value, sentence):
    plugins(broken=value)
    with pytest.raises(InputError) as error:
        registry.of_records()
    assert error.value.message.startswith(sentence)
    assert "update or remove" in error.value.message
    assert "\n" not in error.value.message


def test_two_analyses_of_one_name_are_refused(plugins):
    plugins(one="other_package", two="other_package:ANALYSIS")
    with pytest.raises(InputError, match="Two analyses are called 'other'"):
        registry.of_models()


RARE = RecordAnalysis(name="rare", **WORDS, compute=lambda capture: Result("rare"), optional=True)


def test_an_optional_analysis_runs_only_when_asked_for(plugins):
    sys.modules["other_package"].RARE = RARE
    plugins(rare="other_package:RARE")
    assert RARE in registry.of_records()
    assert RARE not in registry.of_records(also=())
    assert RARE in registry.of_records(also=("rare",))
    registry.check_chosen(["rare"], ["rollout"])
    with pytest.raises(InputError, match="'rollout' is not an analysis that can be added"):
        registry.check_chosen(["rare", "rollout"], [])
