"""Pages and files of one site: Jinja2 renders, this module alone writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined

from ..pages.captions import caption, first_sentences
from ..pages.direction import direction
from ..pages.glossary import GLOSSARY
from ..pages.plan import ABOUT, root
from ..pages.shape_figures import titled, used
from ..results.wording import percent as share
from ..store import code_hash
from .assets import Say, assets
from .compact import compact, nearby, without_ends
from .manifest import MANIFEST, SCRIPT, manifest_script, manifest_text, sha256_of
from .terms import link_terms


class Templates(Environment):
    """Templates that are read as people write them and rendered without their indentation."""

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """Return what is compiled of the text of a template."""
        return super().preprocess(compact(source), name, filename)


def environment() -> Environment:
    """Return the Jinja2 environment of every page: escaped, and strict about missing names."""
    env = Templates(
        bytecode_cache=FileSystemBytecodeCache(pattern=f"attnatlas-{_code()}-%s.cache"),
        loader=PackageLoader("attnatlas.templates", ""),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "ensure_ascii": False}
    env.filters |= {"decimal": decimal, "significant": significant, "bytes": byte_size}
    env.filters |= {"percent": percent, "points": points, "link_terms": link_terms}
    env.filters |= {"caption": caption, "first_sentences": first_sentences}
    env.filters |= {"direction": direction, "used": used, "titled": titled, "share": share}
    env.globals["glossary"] = GLOSSARY
    return env


@cache
def _code() -> str:
    """Return what compiled templates depend on beside their text; they lie in a folder for
    temporary files that is this user's alone."""
    return code_hash(("site",), ("jinja2",))[:12]


def decimal(value: float | None, places: int = 2) -> str:
    """Return a number with a fixed count of decimals and a true minus; "–" for none."""
    if value is None or value != value:
        return "–"
    return f"{value:,.{places}f}".replace("-", "−")


def percent(value: float | None) -> str:
    """Return a share as whole percent; "–" for none."""
    return "–" if value is None or value != value else f"{100 * value:.0f}%"


def points(value: float | None) -> str:
    """Return a difference of shares in whole percentage points with its sign; "–" for none."""
    if value is None or value != value:
        return "–"
    return f"{100 * value:+.0f}".replace("-", "−")


def significant(value: float | None, digits: int = 2) -> str:
    """Return a weight with a count of significant digits, never in scientific notation."""
    if value is None or value != value:
        return "–"
    if 0 < abs(value) < 10**-digits / 10:
        return f"< {10**-digits / 10:g}"
    places = max(0, digits - 1 - _magnitude(value))
    return f"{value:.{places}f}".replace("-", "−")


def _magnitude(value: float) -> int:
    return int(f"{abs(value):e}".partition("e")[2]) if value else 0


def byte_size(count: int) -> str:
    """Return a size as a reader says it: 812 B, 13 kB, 2.0 MB."""
    if count < 1000:
        return f"{count} B"
    if count < 1_000_000:
        return f"{count / 1000:.0f} kB"
    return f"{count / 1_000_000:.1f} MB"


class Site:
    """A site being written into a folder. Every page gets the same `shared` context."""

    def __init__(self, folder: Path, shared: Mapping[str, Any]) -> None:
        self.folder = folder
        self.shared = shared
        self._env = environment()
        self._hashes: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._folders: set[Path] = set()

    def page(self, url: str, template: str, **context: Any) -> None:
        """Render a template to the file at `url`."""
        names = {**self.shared, "root": root(url), "url": url, **context}
        html = self._env.get_template(template).render(names)
        self.text(url, nearby(without_ends(html), url))

    def text(self, url: str, content: str) -> None:
        """Write a text file."""
        self.bytes(url, content.encode("utf-8", "replace"))

    def bytes(self, url: str, content: bytes) -> None:
        """Write a file."""
        path = self.path(url)
        path.write_bytes(content)
        self.note(url, hashlib.sha256(content).hexdigest(), len(content))

    def path(self, url: str) -> Path:
        """Return where the file at `url` goes, its folder made."""
        path = self.folder / url
        if (folder := path.parent) not in self._folders:
            folder.mkdir(parents=True, exist_ok=True)
            self._folders.add(folder)
        return path

    def note(self, url: str, sha256: str, size: int) -> None:
        """Add a file that is on disk to the manifest."""
        self._hashes[url] = sha256
        self._sizes[url] = size

    @property
    def urls(self) -> list[str]:
        """Return the addresses of what was written, sorted."""
        return sorted(self._hashes)

    def adopt(self, path: Path) -> None:
        """Add a file that another stage wrote inside the folder to the manifest."""
        url = path.relative_to(self.folder).as_posix()
        self.note(url, sha256_of(path) or "", path.stat().st_size)

    def json(self, url: str, content: Any) -> None:
        """Write a JSON file that people can read."""
        self.text(url, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")

    def assets(self, store: Path, say: Say, reports: bool = True) -> None:
        """Write the files that all pages share."""
        for url, text in assets(store, say, reports):
            self.text(url, text)
        self.text(".nojekyll", "")

    def finish(self) -> list[tuple[str, int, int]]:
        """Write the manifest; return (group, files, bytes) for each top-level part of the site."""
        manifest = manifest_text(self._hashes)
        self.text(MANIFEST, manifest)
        if ABOUT in self._hashes:
            self.text(SCRIPT, manifest_script(manifest=manifest))
        groups: dict[str, list[int]] = {}
        for url, size in self._sizes.items():
            groups.setdefault(url.partition("/")[0] if "/" in url else "pages", []).append(size)
        return [(name, len(sizes), sum(sizes)) for name, sizes in sorted(groups.items())]
