"""One page of a site as PDF, printed by a Chromium that is on this machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from ..errors import AtlasError, InputError
from .built_site import BuiltSite
from .trusted import require_whole

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--no-pdf-header-footer",
    "--virtual-time-budget=15000",  # milliseconds that figures have to be drawn
)
SECONDS = 120


def print_page(site: BuiltSite, page: str) -> bytes:
    """Return a page of a site's folder as PDF; its figures are drawn first.

    Raises InputError where there is no such page or no Chromium.
    """
    browser = next(filter(None, map(shutil.which, NAMES)), None)
    if browser is None:
        raise InputError("A PDF is printed by Chromium, and none is on the PATH; install one.")
    if site.form != "folder" or page not in site.files or not page.endswith(".html"):
        raise InputError(f"No page {page!r} in the folder {site.where}; index.html is one.")
    require_whole(site)
    address = (site.where / site.above / page).absolute().as_uri()
    with tempfile.TemporaryDirectory(prefix="attnatlas-") as made:
        printed = Path(made) / "page.pdf"
        words = [*FLAGS, f"--user-data-dir={made}/profile", f"--print-to-pdf={printed}"]
        command = [browser, *_unboxed(), *words, address]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS)  # noqa: S603
        except subprocess.TimeoutExpired as error:
            raise AtlasError(f"{browser} did not print {page} within {SECONDS} s.") from error
        if done.returncode or not printed.is_file():
            raise AtlasError(f"{browser} did not print {page} (exit code {done.returncode}).")
        return printed.read_bytes()


def _unboxed() -> list[str]:
    """Return what Chromium needs where root runs it, as in a container."""
    import os

    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
