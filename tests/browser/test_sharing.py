"""What leaves this machine opens in a browser without network, and shows what the folder shows."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from attnatlas.cli import run
from attnatlas.serve import server
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Open
from tests.capture.tiny import tiny_model
from tests.share.lines import small_site

pytestmark = pytest.mark.browser

PAGES = (
    "index.html",
    "about.html",
    "reports/errors.html",
    "models/sentiment.html",
    "heads/sentiment/self-L1H2.html",
    "records/sentiment/river.html",
)

SHOWN = """() => ({
  title: document.title,
  headings: [...document.querySelectorAll("h1,h2,h3")].map((node) => node.innerText),
  words: document.querySelector("main").innerText,
  painted: [...document.querySelectorAll("canvas")].map((node) => node.toDataURL()),
  drawn: document.querySelectorAll("svg *").length,
})"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small site with a single file, one of one text and one of a report beside it."""
    folder = small_site(tmp_path_factory.mktemp("shared"))
    for name, options in {
        "whole": ["--single-file"],
        "river": ["--single-file", "--only", "river", "--without-numbers"],
        "errors": ["--report", "errors"],
    }.items():
        target = folder.with_name(f"{name}.html")
        assert run(["export", str(folder), *options, "-o", str(target)]) == 0
    return folder


def shown(page: Page) -> dict[str, Any]:
    """Scroll through a page, so that all of it is drawn, and return what it shows."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for top in range(0, height, 600):
        page.evaluate(f"window.scrollTo(0, {top})")
        page.wait_for_timeout(60)
    page.wait_for_timeout(200)
    found: dict[str, Any] = page.evaluate(SHOWN)
    return found


@pytest.mark.parametrize("url", PAGES)
def test_a_single_file_shows_what_the_folder_shows(url: str, site: Path, open_page: Open) -> None:
    expected = shown(open_page(site / url))
    found = shown(open_page(site.with_name("whole.html"), f"?{url}"))
    assert found["headings"] == expected["headings"]
    assert found == expected
    assert found["words"]


def test_every_section_of_a_text_is_painted(site: Path, open_page: Open) -> None:
    found = shown(open_page(site.with_name("whole.html"), "?records/sentiment/river.html"))
    assert len(found["painted"]) > 1
    assert len(set(found["painted"])) > 1


def test_links_lead_from_page_to_page_in_one_file(site: Path, open_page: Open) -> None:
    page = open_page(site.with_name("whole.html"))
    assert page.title() == "Two lines"
    page.get_by_role("link", name="About", exact=True).click()
    page.wait_for_selector("body[data-ready]")
    assert page.title().startswith("About")
    page.go_back()
    page.wait_for_selector("body[data-ready]")
    page.locator("main a[href*='records/sentiment/film.html']").first.click()
    page.wait_for_url("**records/sentiment/film.html*")
    page.wait_for_selector("body[data-ready]")
    assert "film" in page.title()


def test_a_view_is_in_the_address_of_a_single_file(site: Path, open_page: Open) -> None:
    page = open_page(site.with_name("whole.html"), "?records/sentiment/river.html#layer=2&head=5")
    assert "L2H5" in page.locator("[data-sentence]").inner_text()
    assert page.locator("body").get_attribute("data-root") == "?"


def test_numbers_are_saved_from_a_single_file(site: Path, open_page: Open) -> None:
    page = open_page(site.with_name("whole.html"), "?records/sentiment/river.html")
    link = page.locator("main a", has_text="all numbers").first
    with page.expect_download() as started:
        link.evaluate("node => node.click()")
    saved = Path(started.value.path()).read_bytes()
    assert saved == (site / "data" / "sentiment" / "river.safetensors").read_bytes()


def test_a_figure_is_saved_from_a_single_file(site: Path, open_page: Open) -> None:
    page = open_page(site.with_name("whole.html"), "?records/sentiment/river.html")
    page.click("#heat .menu summary")
    with page.expect_download() as started:
        page.click("#heat [data-save=csv]")
    assert Path(started.value.path()).read_text("utf-8").startswith("query,key,")


def test_what_is_not_in_a_file_is_said(site: Path, open_page: Open) -> None:
    page = open_page(site.with_name("river.html"), "?records/sentiment/film.html")
    assert "made without records/sentiment/film.html" in page.locator("main").inner_text()
    page = open_page(site.with_name("river.html"), "?records/sentiment/river.html")
    assert page.locator("main a:not([href])").count() > 0
    page = open_page(site.with_name("errors.html"))
    assert page.title().startswith("Which answers are wrong")


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Publish a site to a bare repository; return where a clone of that is served, in /repo/."""

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], check=True, capture_output=True)

    tiny_model(tmp_path / "bert", "bert")
    folder = small_site(tmp_path, str(tmp_path / "bert"))
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    git("config", "user.name", "A reader")
    git("config", "user.email", "reader@example.org")
    git("init", "-q", "--bare", "remote.git")
    git("remote", "add", "origin", str(tmp_path / "remote.git"))
    assert run(["publish", str(folder)]) == 0
    git("clone", "-q", "-b", "gh-pages", "remote.git", "www/repo")
    shutil.copy(tmp_path / "www" / "repo" / "404.html", tmp_path / "www")
    running = server(tmp_path / "www", 0)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}/repo/"
    running.shutdown()
    running.server_close()


def test_every_link_of_a_published_site_leads_to_a_page(published: str, chromium: Browser) -> None:
    problems: list[str] = []
    page = chromium.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "response", lambda r: problems.append(f"{r.status} {r.url}") if r.status > 399 else None
    )
    page.on(
        "request",
        lambda r: (
            None
            if r.url.startswith((published, "data:", "blob:"))
            else problems.append(f"elsewhere: {r.url}")
        ),
    )
    waiting, seen = [published], {published}
    while waiting:
        here = waiting.pop()
        page.goto(here)
        page.wait_for_selector("body[data-ready]")
        hrefs = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
        for url, _ in (urldefrag(urljoin(here, href)) for href in hrefs):
            if url.startswith(published) and url.endswith(".html") and url not in seen:
                seen.add(url)
                waiting.append(url)
    assert problems == []
    assert len(seen) > 10
    page.close()


def test_a_wrong_address_is_answered_at_any_depth(published: str, chromium: Browser) -> None:
    page = chromium.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for url in ("nowhere", "records/x/y/z/nowhere.html"):
        response = page.goto(published + url)
        assert response is not None
        assert response.status == 404
        assert page.locator("h1").inner_text() == "Not on this map"
    assert len(asked) == 2
    page.close()


def test_a_page_without_its_folder_says_so(site: Path, chromium: Browser, tmp_path: Path) -> None:
    lonely = Path(shutil.copy(site / "records" / "sentiment" / "river.html", tmp_path))
    page = chromium.new_page()
    page.goto(lonely.as_uri())
    line = page.get_by_text("This page was opened without its folder")
    assert line.is_visible()
    page.goto((site / "records" / "sentiment" / "river.html").as_uri())
    page.wait_for_selector("body[data-ready]")
    assert not line.is_visible()
    page.close()


@pytest.mark.parametrize("form", ["zip", "bag"])
@pytest.mark.parametrize("url", ["index.html", "records/sentiment/river.html"])
def test_what_is_unpacked_is_painted(
    form: str, url: str, site: Path, tmp_path: Path, open_page: Open
) -> None:
    packed = tmp_path / f"{form}.zip"
    assert run(["export", str(site), f"--{form}", "-o", str(packed)]) == 0
    shutil.unpack_archive(packed, tmp_path / "out")
    (page,) = (tmp_path / "out").rglob(url)
    found = shown(open_page(page))
    assert found == shown(open_page(site / url))
    assert len(set(found["painted"])) > 1
