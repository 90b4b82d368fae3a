"""The examples of CONTRIBUTING, pasted as they are: they build, and show what they say."""

import importlib.util
import re
import sys
import textwrap
from html import unescape
from pathlib import Path

import attnatlas.analyses as registry
import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings

from tests.capture.tiny import tiny_model
from tests.site.links import broken_links

DOCUMENT = Path(__file__).parents[2] / "CONTRIBUTING.md"


def examples():
    """Return the Python examples of the document by the name of their analysis."""
    found = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    codes = [textwrap.dedent(code) for code in found]
    return {re.search(r'^    name="(\w+)"', code, re.MULTILINE)[1]: code for code in codes}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of two texts, with the examples among our own analyses."""
    folder = tmp_path_factory.mktemp("contributing")
    (folder / "two.txt").write_text("The bank of the river.\nThe nurse was late.\n")
    with pytest.MonkeyPatch.context() as patch:
        for name, code in examples().items():
            path = folder / f"{name}.py"
            path.write_text(code, "utf-8")
            spec = importlib.util.spec_from_file_location(f"attnatlas.analyses.{name}", path)
            module = importlib.util.module_from_spec(spec)
            patch.setitem(sys.modules, spec.name, module)
            spec.loader.exec_module(module)
        patch.setattr(registry, "OWN", (*registry.OWN, *examples()))
        registry.analyses.cache_clear()
        build_site(
            Settings(
                corpora=(str(folder / "two.txt"),),
                models=(str(tiny_model(folder / "gpt2", "gpt2")),),
                output=folder / "site",
                store=folder / "store",
            )
        )
    registry.analyses.cache_clear()
    return folder / "site"


def test_the_analysis_shows_its_figure_and_its_words(site):
    page = unescape(next((site / "records" / "gpt2").glob("*.html")).read_text("utf-8"))
    assert 'data-of="reach"' in page
    assert '"chart":"shape-series","title":"Reach"' in page
    assert "How far tokens look" in page
    assert "Low is local. Compare layers, not texts of different length." in page
    assert 'href="../../about.html#method-reach"' in page
    about = unescape((site / "about.html").read_text("utf-8"))
    assert about.count("one head that looks far is lost among eleven") == 1


def test_the_report_has_its_page_its_numbers_and_its_links(site):
    page = (site / "reports" / "lengths.html").read_text("utf-8")
    assert "gpt2 reads 2 texts as" in page
    assert (site / "data/reports/lengths.csv").read_text().startswith("model,texts,tokens\ngpt2,2,")
    assert "reports/lengths.html" in (site / "index.html").read_text("utf-8")
    assert broken_links(site) == []
