"""What a site says of the address it will have: canonical links, a sitemap, a picture of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from urllib.parse import quote, urlsplit

from ..config import Settings
from ..errors import InputError
from ..pages.plan import HOME, NOT_FOUND

CARD = "card.png"
SITEMAP = "sitemap.xml"
PLAIN = re.compile(r"https?://[\w.~%/:\[\]@!$&()*+,;=-]+", re.ASCII | re.IGNORECASE)
"""What an address without a query, a fragment and quotes is made of."""
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def require_web(base: str | None) -> None:
    """Raise InputError for a base address that no browser of the web could open."""
    if base is None:
        return
    try:
        parts = urlsplit(base)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        secret = "@" in parts.netloc
    except ValueError:
        known = secret = False
    if secret:
        raise InputError("--base-url holds a name or a password, which every page would show.")
    if not known or not PLAIN.fullmatch(base):
        raise InputError(
            f"--base-url is {base[:80]!r}, but must be an address of the web without a query, "
            "such as https://example.org/atlas/."
        )


def address(base: str, url: str) -> str:
    """Return the full address of a file of a site; the home page is the folder itself."""
    return f"{base.rstrip('/')}/{'' if url == HOME else quote(url)}"


def addresses(settings: Settings, url: str) -> dict[str, str]:
    """Return what the head of a page states: `page` and `card`, empty without a base address."""
    base = settings.base_url
    return {"page": address(base, url), "card": address(base, CARD)} if base else {}


def sitemap(base: str, urls: Iterable[str]) -> str:
    """Return the list of all pages that search engines read."""
    pages = [url for url in urls if url.endswith(".html") and url != NOT_FOUND]
    lines = "".join(f"<url><loc>{escape(address(base, url))}</loc></url>\n" for url in pages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SPACE}">\n{lines}</urlset>\n'
