"""Sentences of a real build: short, in points, and without words that only the build knows."""

import json
import re
from pathlib import Path

import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings

CORPORA = ("coreference", "reviews", "showcase", "syntax", "translation")
MODELS = ("english", "sentiment", "stories", "en-fr")
SHORT = ("agreement", "anchors", "faithfulness", "semantic")
"""The analyses of what an answer depends on."""
WORDS = 25
FORBIDDEN = re.compile(
    r"\d less likely|\btwins?\b|the fifth of the tokens|gets that from|what was learnt",
    re.IGNORECASE,
)
ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build one record of each bundled corpus, read by every embedded model."""
    folder = tmp_path_factory.mktemp("short")
    settings = Settings(
        corpora=CORPORA, models=MODELS, limit=1, without=("twins",),
        output=folder / "site", store=folder / "store",
    )  # fmt: skip
    build_site(settings)
    return settings.output


def findings(site: Path) -> list[dict[str, str]]:
    found = json.loads((site / "data" / "findings.json").read_text("utf-8"))
    return found if isinstance(found, list) else found["findings"]


def of_records(site: Path) -> list[str]:
    """Return what the pages of texts say of anchors and of erasing."""
    found = []
    for page in sorted((site / "records").rglob("*.html")):
        text = page.read_text("utf-8")
        found += re.findall(r">\s*([^<]* versions of the text\.)", text)
        found += re.findall(r'class="standing">([^<]*)<', text)
        found += re.findall(r'"([^"]*One text proves nothing\.)"', text)
    return found


def too_long(text: str) -> list[str]:
    return [part for part in ENDS.split(text) if len(part.split()) > WORDS]


def test_every_sentence_is_short(site: Path) -> None:
    mine = [one for one in findings(site) if one["analysis"] in SHORT]
    assert {one["analysis"] for one in mine} == set(SHORT)
    said = of_records(site)
    assert any("proves nothing" in text for text in said)
    assert any("random words" in text for text in said)
    assert any("random orders" in text for text in said)
    for text in (*(one["statement"] for one in mine), *said):
        assert not too_long(text), text


def test_no_sentence_says_what_only_the_build_knows(site: Path) -> None:
    for one in findings(site):
        assert not FORBIDDEN.search(one["statement"]), one["statement"]
    for page in sorted(site.rglob("*.html")):
        text = page.read_text("utf-8")
        assert not re.search(r"\d less likely|fifth of the tokens", text), page


def test_a_language_model_is_asked_about_a_word_of_the_text(site: Path) -> None:
    asked = []
    for page in sorted((site / "records").rglob("*.html")):
        if "stories" in page.parent.name:
            asked += re.findall(r'"what": ?"How likely ([^"]*?) is"', page.read_text("utf-8"))
    assert not any("endoftext" in text for text in asked)
    assert asked
    assert all("where it stands" in text for text in asked), asked
