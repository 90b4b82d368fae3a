"""What is left out leaves the reports that read it whole."""

import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings

from tests.site.links import broken_links


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("left-out")


@pytest.mark.parametrize("name", ["alignment", "weighted_alignment"])
def test_translations_are_reported_without_one_reading_of_their_links(store, tmp_path, name):
    report = build_site(
        Settings(
            corpora=("translation",),
            models=("en-fr",),
            output=tmp_path / "site",
            store=store,
            limit=3,
            without=("twins", "saliency", "faithfulness", "word_erasure", name),
        )
    )
    assert report.failed == ()
    assert (report.output / "reports/translation.html").exists()
    assert broken_links(report.output) == []
