"""Syntax, scores and words in two texts on a model page, in Chromium, from disk."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.data.record_files import write_record
from playwright.sync_api import Browser

from tests.analyses.trees import following, pieces, read, tree
from tests.browser.test_pages import INK, opened

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a site of made-up attention whose L1H2 attends to each word's head."""
    folder = tmp_path_factory.mktemp("relations")
    for seed in range(24):
        record = tree(seed)
        text = record.text.replace("w4", "bank")
        hostile = "<img src=x onerror=alert(1)>" if seed % 2 else "det"
        names = tuple(hostile if name == "det" else name for name in record.deprel)
        record = replace(record, text=text, group=f"bank{seed // 2}", deprel=names)
        tokens = pieces(record)
        weights = following(record, tokens, seed)
        capture = read(record, weights, tokens)
        saliency = np.random.default_rng(seed).normal(size=len(tokens)).astype(np.float32)
        path = folder / "arrays" / f"{record.id}.safetensors"
        write_record(path, capture, numbers="float32", saliency={"gradient": saliency})
    settings = Settings(
        arrays=folder / "arrays", output=folder / "site", store=folder / "store", numbers="float32"
    )
    build_site(settings)
    return folder / "site"


def model(site: Path) -> str:
    return (site / "models" / "m.html").as_uri()


def test_the_sections_are_drawn_with_their_numbers(chromium: Browser, site: Path) -> None:
    with opened(chromium, model(site)) as page:
        for name in ("relations", "scores", "words"):
            assert page.locator(f"[data-{name}] canvas").evaluate(INK) > 5, name
        assert "Of 4 relations, 4 have a head" in page.text_content(".measured")
        page.click("#syntax .left-out summary")
        rows = page.locator("#syntax .left-out tbody tr")
        assert rows.count() == 5
        assert rows.first.inner_text().startswith("all words")
        assert "100%" in rows.first.inner_text()
        assert page.locator("#context tbody tr").count() >= 8
        assert page.locator("*").count() < 3000


def test_figures_have_a_table_twin_and_survive_a_change_of_theme(
    chromium: Browser, site: Path
) -> None:
    with opened(chromium, model(site), scheme="dark") as page:
        before = page.locator("[data-scores] canvas").evaluate("c => c.toDataURL()")
        page.click("[data-theme-switch]")
        assert page.locator("[data-scores] canvas").evaluate("c => c.toDataURL()") != before
        for name, columns in (("relations", 10), ("scores", 6), ("words", 5)):
            figure = page.locator("figure.figure").filter(has=page.locator(f"[data-{name}]"))
            figure.locator("summary").click()
            figure.locator("[data-save=table]").click()
            assert figure.locator(".twin th[scope=col]").count() == columns
            assert figure.locator(".twin tbody tr").count() >= 2


def test_links_lead_to_heads_and_to_the_texts(chromium: Browser, site: Path) -> None:
    with opened(chromium, model(site)) as page:
        page.click("#syntax .left-out summary")
        page.click("#context > details > summary")
        assert "#layer=" in page.locator("#syntax tbody a").first.get_attribute("href")
        page.locator("#context tbody a").first.click()
        page.wait_for_url("**/records/m/**")


def test_the_sections_fit_a_phone_and_do_without_scripts(chromium: Browser, site: Path) -> None:
    with opened(chromium, model(site), width=390) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with opened(chromium, model(site), scripts=False) as page:
        page.click("#syntax .left-out summary")
        assert page.locator("#syntax .left-out tbody").is_visible()


def test_metrics_of_syntax_join_the_map_of_heads(chromium: Browser, site: Path) -> None:
    with opened(chromium, model(site)) as page:
        page.click("[data-metric=syntactic]")
        assert "joins to their head" in page.inner_text("#map-metric h3")


def test_scores_lie_in_a_file_of_their_own(site: Path) -> None:
    with (site / "data" / "m" / "syntax.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["kind"], row["layer"], row["head"]) for row in rows] == [
        ("self", str(layer), str(head)) for layer in range(2) for head in range(3)
    ]
    assert rows[5]["to_head"] == "1.0"
    assert {row["records"] for row in rows} == {"24"}
    found = json.loads((site / "data" / "findings.json").read_text())
    assert any(
        "joins a word to its syntactic head" in one["statement"]
        and ": in 100% of" in one["statement"]
        for one in found
    )
