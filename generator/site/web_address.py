"""The address of a site on the web: http or https, and nothing that a page could run."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..errors import InputError

PLAIN = re.compile(r"[\w.~%/:\[\]@!$&'()*+,;=-]+", re.ASCII)
"""What an address without a query or a fragment is made of."""


def require_web_address(given: str | None) -> None:
    """Raise InputError for a --base-url that is no address of http or https."""
    if given is None:
        return
    try:
        parts = urlsplit(given)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    fine = parts.scheme in ("http", "https") and host and port != 0
    if not fine or not PLAIN.fullmatch(given) or "'" in given:
        raise InputError(
            f"--base-url is {given[:80]!r}; it must be an address such as "
            "https://example.org/atlas/, of http or https, without a query."
        )
    if parts.username is not None or parts.password is not None:
        raise InputError("--base-url holds a name or a password, which every page would show.")
