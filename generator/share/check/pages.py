"""Pages: the policy of each, links and fragments, and that nothing is loaded from elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from ..archives import DamagedError
from ..built_site import BuiltSite
from .page import Page, read_page
from .problem import Problem

STRICT = {
    "default-src": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'none'"},
}
"""What every policy must say, word for word."""
ALLOWED = {
    "script-src": {"'none'", "'self'"},
    "style-src": {"'none'", "'self'", "'unsafe-inline'"},
    "img-src": {"'none'", "'self'", "data:", "blob:"},
    "font-src": {"'none'", "'self'", "data:"},
    "connect-src": {"'none'"},
}
"""What a policy may say beside; scripts may be named by their hash, too."""
HASHED = re.compile(r"'sha(256|384|512)-[A-Za-z0-9+/=]+'")
CSS_LOADS = re.compile(r"@import\b|url\(\s*[\"']?(?!data:|#)([^\"')]*)", re.IGNORECASE)
KNOWN_SCHEMES = frozenset({"http", "https", "mailto"})


def pages_of(site: BuiltSite) -> dict[str, Page]:
    """Return every page of the manifest that can be read, by address."""
    found = {}
    for url in site.manifest:
        if url.endswith(".html") and url in site.files:
            try:
                found[url] = read_page(site.text(url))
            except DamagedError:  # told where the files are looked at
                continue
    return found


def pages(site: BuiltSite, found: Mapping[str, Page]) -> Iterator[Problem]:
    """Yield what is wrong with each page, and with style sheets."""
    for url, page in found.items():
        yield from (Problem(url, what, "page") for what in (*policy(page), *inline(page)))
        for tag, address in page.loads:
            yield from _loaded(site, url, tag, address)
        for address in page.leads:
            yield from _led(site, url, address, found)
    for url in site.manifest:
        if url.endswith(".css") and url in site.files:
            yield from _styles(site, url)


def policy(page: Page) -> Iterator[str]:
    """Yield what the policy of a page allows, and should not."""
    if len(page.policies) != 1:
        yield f"has {len(page.policies) or 'no'} Content-Security-Policy; one is wanted"
        return
    if not page.policy_first:
        yield "has a script before its Content-Security-Policy"
    parts = [part.split() for part in page.policies[0].split(";") if part.strip()]
    said = {part[0].lower(): set(part[1:]) for part in parts}
    if len(said) < len(parts):
        yield "has a Content-Security-Policy that says something twice"
    for name, words in STRICT.items():
        if said.pop(name, None) != words:
            yield f"has a Content-Security-Policy without {name} 'none'"
    for name, words in said.items():
        extra = {word for word in words - ALLOWED.get(name, set()) if not _hashed(name, word)}
        if extra:
            yield f"has a Content-Security-Policy that allows {name} {' '.join(sorted(extra))}"


def _hashed(name: str, word: str) -> bool:
    return name == "script-src" and HASHED.fullmatch(word) is not None


def inline(page: Page) -> Iterator[str]:
    """Yield what stands on a page, and should not."""
    for what in dict.fromkeys(page.unsafe):
        yield f"has what no page of a site has: {what[:60]}"
    if twice := {name for name in page.ids if page.ids.count(name) > 1}:
        yield f"has an id twice: {min(twice)[:60]!r}"


def _loaded(site: BuiltSite, url: str, tag: str, address: str) -> Iterator[Problem]:
    """Yield what is wrong with an address that a browser loads by itself."""
    parts = _parts(address)
    if parts is None or (parts[0] and parts[0] != "data") or parts[1]:
        yield Problem(url, f"loads from elsewhere: {tag} {address[:100]}", "page")
    elif not parts[0] and parts[2] and not site.has(_target(url, parts[2])):
        yield Problem(url, f"loads what is not there: {tag} {address[:100]}", "page")


def _led(site: BuiltSite, url: str, address: str, found: Mapping[str, Page]) -> Iterator[Problem]:
    """Yield what is wrong with a link."""
    parts = _parts(address)
    if parts is None or (parts[0] and parts[0] not in KNOWN_SCHEMES) or (parts[1] and not parts[0]):
        yield Problem(url, f"has a link that no site has: {address[:100]}", "page")
    elif not parts[0]:
        target = _target(url, parts[2]) if parts[2] else url
        fragment = unquote(parts[3])
        ids = found[target].ids if target in found and "=" not in fragment else [fragment]
        if not site.has(target):
            yield Problem(url, f"has a link that leads nowhere: {address[:100]}", "page")
        elif fragment and fragment not in ids and target not in site.left_out:
            yield Problem(url, f"has a link to a place that is not there: {address}", "page")


def _parts(address: str) -> tuple[str, str, str, str] | None:
    """Return scheme, host, path and fragment of an address; None where it is none."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    return parts.scheme.lower(), parts.netloc, parts.path, parts.fragment


def _target(url: str, path: str) -> str:
    """Return the address in the site that a relative path on a page stands for."""
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(url), unquote(path)))
    return posixpath.join(joined, "index.html") if path.endswith("/") else joined


def _styles(site: BuiltSite, url: str) -> Iterator[Problem]:
    try:
        text = site.text(url)
    except DamagedError:
        return
    for found in CSS_LOADS.finditer(text):
        yield Problem(url, f"loads something: {found[0][:80]}", "page")
