"""A real Chromium without network, and record pages to open in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.browser.firefox import Firefox, program
from tests.browser.firefox import firefox as firefox_in
from tests.browser.kinds import build_kinds
from tests.browser.synthetic import Made, Shape, build

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


Open = Callable[..., Page]
Sites = Callable[[Shape], Made]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return one Chromium for all tests."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("no Chromium is on the PATH; `make chromium` installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Return a function that opens a file and waits until its charts are drawn.

    A `script` runs before those of the page.

    The test fails if any page logs an error or asks for anything but files.
    """
    problems: list[str] = []
    contexts = []

    def opened(
        path: Path, fragment: str = "", ready: bool = True, script: str = "", **options: Any
    ) -> Page:
        given = {"viewport": {"width": 1360, "height": 900}, "offline": True} | options
        context = chromium.new_context(**given)
        contexts.append(context)
        page = context.new_page()
        watch(page, problems)
        if script:
            page.add_init_script(script)
        page.goto(path.as_uri() + fragment)
        if ready:
            page.wait_for_selector("body[data-ready]", timeout=20_000)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def watch(page: Page, problems: list[str]) -> None:
    """Note errors, dialogs and requests that leave the page."""
    page.on("console", lambda message: _complain(message, problems))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: (problems.append(dialog.message), dialog.dismiss()))
    local = ("file:", "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(local) else problems.append(r.url))


def _complain(message: ConsoleMessage, problems: list[str]) -> None:
    ours = "willReadFrequently" in message.text  # a test that reads pixels
    if message.type in ("error", "warning") and not ours:
        problems.append(message.text)


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Return one Firefox for all tests."""
    found = program()
    if found is None:
        pytest.fail("no Firefox is on the PATH; `make browsers` installs one")
    with firefox_in(found, tmp_path_factory.mktemp("firefox")) as running:
        yield running


@pytest.fixture
def firefox(browser: Firefox) -> Iterator[Firefox]:
    """Return Firefox; the test fails if a page logs an error or asks for anything but files."""
    browser.problems.clear()
    yield browser
    browser.run("() => 0")  # what was said meanwhile
    assert browser.problems == []


@pytest.fixture(scope="session")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """Return a function that builds the record pages of a shape, each shape once."""
    made: dict[Shape, Made] = {}
    assets = tmp_path_factory.mktemp("assets")

    def site(shape: Shape) -> Made:
        if shape not in made:
            made[shape] = build(tmp_path_factory.mktemp("site"), shape, cache=assets)
        return made[shape]

    return site


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a page of every kind of report, and of all that is made of sites."""
    return build_kinds(tmp_path_factory.mktemp("kinds"))
