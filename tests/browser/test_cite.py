"""The line to cite a text by: a full address where a server gave the page, else its place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from attnatlas.serve import HOST, server
from playwright.sync_api import Browser

from tests.browser.whole import Whole, build, texts

pytestmark = pytest.mark.browser
STANDS = "() => document.querySelector('[data-address]').textContent.includes('#')"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("cite")
    return build(folder / "site", folder / "store", texts(2), extent=(2, 3))


@pytest.fixture
def served(site: Whole) -> Iterator[str]:
    with server(site.folder, 0) as found:
        Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://{HOST}:{found.server_port}"
        found.shutdown()


@pytest.mark.parametrize("over", ["http", "file"])
def test_an_address_to_cite_leads_back_from_elsewhere_if_it_can(
    chromium: Browser, site: Whole, served: str, over: str
) -> None:
    place = next((site.folder / "records").rglob("*.html")).relative_to(site.folder).as_posix()
    base = served if over == "http" else Path(site.folder).as_uri()
    page = chromium.new_page()
    page.goto(f"{base}/{place}#layer=1&head=2")
    cited = page.locator("[data-address]")
    cited.scroll_into_view_if_needed()
    start = f"{served}/{place}" if over == "http" else place
    page.wait_for_function(STANDS)
    assert cited.inner_text().startswith(f"{start}#layer=1&head=2")
    page.close()
