"""What people have in hand, built: the site says how it was read, and never serves a stale one."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings

REVIEWS = """id;review;stars;note_of_ours
one;The room was clean and quiet.;Positive;x
two;We never got our money back.;0;y
three;It is a hotel.;so so;z
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "reviews.csv").write_text(REVIEWS)
    return Settings(
        corpora=(str(tmp_path / "reviews.csv"),),
        models=("sentiment",),
        column=("text=review", "label=stars"),
        output=tmp_path / "site",
        store=tmp_path / "store",
    )


def told(site: Path) -> str:
    """Return the pages of all texts."""
    return "".join(page.read_text("utf-8") for page in sorted(site.glob("records/*/*.html")))


def test_a_site_says_how_its_corpus_was_read(settings: Settings) -> None:
    report = build_site(settings)
    assert report.notes == (
        "reviews: cells are separated by semicolons",
        "reviews: ignored, as they are no field of a record: 'note_of_ours'",
        "reviews: 'so so', in 1 record, is no label of sentiment ('negative', 'positive')",
        "reviews: labels are read by their place among those of sentiment: '0' as 'negative'",
    )
    about = unescape((report.output / "about.html").read_text())
    assert all(note in about for note in report.notes)
    assert "--column text=review --column label=stars" in about
    atlas = json.loads((report.output / "atlas.json").read_text())
    assert tuple(atlas["provenance"]["notes"]) == report.notes
    assert [record.get("label") for record in atlas["records"]] == ["Positive", "0", "so so"]
    home = unescape((report.output / "index.html").read_text())
    assert "positive" in home
    assert "as labelled" in home
    assert "labelled so so" in home
    assert "not labelled by people" not in told(report.output)
    again = build_site(settings)
    assert again.unchanged
    assert again.notes == report.notes


def test_another_column_or_part_is_never_served_from_an_old_site(settings: Settings) -> None:
    build_site(settings)
    other = replace(settings, column=("text=note_of_ours",))
    report = build_site(other)
    assert not report.unchanged
    atlas = json.loads((report.output / "atlas.json").read_text())
    assert [record["text"] for record in atlas["records"]] == ["x", "y", "z"]
    assert told(report.output).count('<span class="note">not labelled by people</span>') == 3
    part = build_site(replace(settings, sample=2, seed=3))
    assert (part.unchanged, part.records) == (False, 2)
    about = unescape((part.output / "about.html").read_text())
    assert "2 of 3 records, drawn with seed 3" in about
    assert "--sample 2 --seed 3" in about
    atlas = json.loads((part.output / "atlas.json").read_text())
    assert atlas["provenance"]["corpora"][0]["part"] == "2 of 3 records, drawn with seed 3"
