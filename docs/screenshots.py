"""Take the pictures of the README from a built site: `python docs/screenshots.py [SITE]`.

Opens the pages from disk in Chromium, light, dark and on a phone, and writes docs/images/. Without
SITE it takes site_output/, and builds the showcase there when it is empty. Pillow, where it is
installed, makes the files a third as large.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

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
HALF = 128
"""Half of the colours of a picture."""
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
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else showcase()
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
        browser.close()
    print(f"{IMAGES.relative_to(ROOT)}: {total / 1000:,.0f} kB")
    if total > BUDGET:
        sys.exit(f"The pictures take more than {BUDGET / 1e6:.0f} MB: show less, or fewer colours.")


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


def take(browser: Browser, page: Path, look: Look) -> bytes:
    """Return the top of a page as PNG, once all of it is drawn."""
    size: Any = {"width": look.width, "height": look.height}
    context = browser.new_context(viewport=size, color_scheme=look.scheme, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(page.resolve().as_uri())
    tab.wait_for_selector("body[data-ready]", state="attached")
    tab.wait_for_timeout(500)
    length = tab.evaluate("document.documentElement.scrollHeight")
    height = min(look.height, length)
    picture = tab.screenshot(clip={"x": 0, "y": 0, "width": look.width, "height": height})
    context.close()
    return picture


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
