"""What all pages of a site share: styles, scripts, charts, and Vega.

Charts and Vega are the same in every site of one version, and take long to make: they are kept
for all sites of a user, and made anew where a file is not what was written.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..charts.every import every_chart
from ..pages.glossary import GLOSSARY
from ..store import code_hash
from .scripts import scripts
from .styles import styles

Say = Callable[[str], None]
ICON = "assets/icon.svg"
TERMS = "terms"
"""The script that tells what a term means, and has the words for it."""
EXPOSED = "window.vegaEmbed = vegaEmbed;"
"""The one global of the Vega bundle."""
WRAPPED = "(function () {{\n{}\n}})();\n"
"""The bundle's own globals would collide with each other: they stay within a function."""


def assets(store: Path, say: Say, reports: bool) -> Iterator[tuple[str, str]]:
    """Yield (address, text) of every file that pages share.

    The script of reports is there where there are `reports`. What takes long is kept in the user's
    folder, or in the `store`.
    """
    cache = user_folder() or store / "assets"
    static = files("attnatlas.templates").joinpath("static")
    yield "assets/atlas.css", styles(static.joinpath("css"))
    yield ICON, icon()
    for kind, text in scripts(static.joinpath("js")).items():
        if kind != "history" and (reports or kind != "report"):
            yield f"assets/{kind}.js", f"{meanings()}{text}" if kind == TERMS else text
    charts = code_hash(("charts",), ("altair",))
    yield "assets/charts.js", kept(cache / f"charts-{charts[:16]}.kept", chart_script, say)
    ours = hashlib.sha256(f"{EXPOSED}{WRAPPED}".encode()).hexdigest()[:8]
    vega = cache / f"vega-{version('vl-convert-python')}-{ours}.kept"  # of any version of ours
    yield "assets/vega.js", kept(vega, vega_script, say)


def icon() -> str:
    """Return the picture that stands for a page in a browser's tabs."""
    return files("attnatlas.templates").joinpath("static", "icon.svg").read_text("utf-8")


def user_folder() -> Path | None:
    """Return the folder that keeps what all sites of this user share, None where there is none.

    What lies there goes into pages: a folder that others own or may write to is not used.
    """
    from platformdirs import user_cache_path

    folder = user_cache_path("attnatlas", appauthor=False)
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError:
        return None
    own = not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)
    return folder if own and os.access(folder, os.W_OK | os.X_OK) else None


def kept(path: Path, make: Callable[[], str], say: Say) -> str:
    """Return the text that is kept at `path`, made first where it is not there or damaged.

    Where it cannot be kept (a full disk, a folder in its place), it is made every time.
    """
    if path.is_file():
        digest, _, text = path.read_bytes().partition(b"\n")
        if hashlib.sha256(text).hexdigest().encode() == digest:
            return text.decode("utf-8")
        say(f"{path} is damaged, and made anew.")
    made = make()
    try:
        _keep(path, made.encode("utf-8"))
    except OSError as error:
        say(f"{path} cannot be kept ({error.strerror}), and is made anew in each build.")
    return made


def _keep(path: Path, encoded: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(4)}.tmp")  # another build may make it, too
    try:
        draft.write_bytes(hashlib.sha256(encoded).hexdigest().encode() + b"\n" + encoded)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def meanings() -> str:
    """Return a script that hands the terms that pages lead to over: name and words by anchor."""
    found = {term.anchor: (term.name, term.says) for term in GLOSSARY if term.linked}
    text = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    return f"window.atlasTerms = {text};\n"


def chart_script() -> str:
    """Return a script that hands all charts to a page."""
    text = json.dumps(every_chart(), separators=(",", ":"), ensure_ascii=False)
    return f"window.atlasCharts = {text};\n"


def vega_script() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script that leaves only `vegaEmbed` behind."""
    import vl_convert

    return WRAPPED.format(vl_convert.javascript_bundle(EXPOSED))


def picture_of(chart: dict[str, Any]) -> bytes:
    """Return a chart as PNG."""
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(chart, ppi=72))
