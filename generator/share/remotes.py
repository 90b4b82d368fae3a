"""Where a repository is, and at which address its host will serve what is published in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

GITHUB = frozenset({"github.com", "www.github.com", "ssh.github.com"})
SHORT = re.compile(r"^(?:[^@/\\]+@)?(?P<host>[\w.-]{2,}):(?!//)(?P<path>.+)$")
"""How git writes an address of ssh: `git@github.com:owner/name.git`; one letter is a drive."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A repository elsewhere. `url` is without user and password; `host` is "" for a folder."""

    name: str
    url: str
    host: str
    path: str

    def address(self, domain: str | None = None) -> str | None:
        """Return where GitHub will serve it, under its own domain if it has one, else None."""
        if domain:
            return f"https://{domain}/"
        owner, _, name = self.path.partition("/")
        if self.host not in GITHUB or not name or "/" in name:
            return None
        home = f"{owner.lower()}.github.io"
        return f"https://{home}/" if name.lower() == home else f"https://{home}/{name}/"


def remote_of(name: str, url: str) -> Remote:
    """Return what a remote's address says; what git itself is given may hold a password."""
    short = SHORT.match(url)
    if short and "://" not in url:
        return Remote(name, f"{short['host']}:{short['path']}", short["host"].lower(), _path(short))
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if not host:
        return Remote(name, url, "", "")
    port = f":{parts.port}" if parts.port else ""
    plain = urlunsplit((parts.scheme, host + port, parts.path, "", ""))
    return Remote(name, plain, host, _trimmed(parts.path))


def _path(match: re.Match[str]) -> str:
    return _trimmed(match["path"])


def _trimmed(path: str) -> str:
    return path.strip("/").removesuffix(".git")
