"""What a site is on the Hugging Face Hub: a static Space, and lines for the card of a model."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..report import printable
from .built_site import BuiltSite

ERRORS = "data/reports/errors.json"
TITLE = 60
"""Characters of a title that a Space shows."""
LARGE = "*.safetensors filter=lfs diff=lfs merge=lfs -text\n"


def space(contents: Mapping[str, bytes], atlas: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a static Space: the site, and the header that the Hub reads."""
    title = printable(" ".join(str(atlas["title"]).split()))
    models = [model["name"] for model in atlas["models"]]
    header = {
        "title": title[:TITLE],
        "emoji": "🗺️",
        "colorFrom": "indigo",
        "colorTo": "blue",
        "sdk": "static",
        "app_file": "index.html",
        "pinned": False,
    }
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in header.items()]
    named = ", ".join(map(plain, models))
    body = f"The attention of {named} over texts. Made with attnatlas; no server, no network."
    readme = "\n".join(["---", *lines, "---", "", f"# {plain(title)}", "", body, ""])
    return {**contents, "README.md": readme.encode(), ".gitattributes": LARGE.encode()}


def model_card(site: BuiltSite) -> str:
    """Return Markdown with the YAML that the Hub reads: measured results, then findings."""
    cards = [_card(site, model) for model in site.atlas["models"]]
    return "\n".join(cards)


def _card(site: BuiltSite, model: Mapping[str, Any]) -> str:
    results = [*_results(site, str(model["name"]))]
    lines = ["---", "model-index:", f"  - name: {_quoted(model['name'])}", "    results:"]
    lines += results or ["      [] # no text was labelled, so nothing is measured"]
    link = site.atlas["settings"].get("base_url")
    lines += ["---", "", "## Attention", ""]
    lines += [f"- {plain(finding)}" for finding in _findings(site, model)] or [
        "- Nothing to report."
    ]
    title = plain(site.atlas["title"])
    seen = f"[{title}]({link})" if link else title
    return "\n".join([*lines, "", f"From the attention atlas {seen}.", ""])


def _results(site: BuiltSite, model: str) -> Iterator[str]:
    """Yield the accuracy of a model, as far as texts were labelled."""
    if ERRORS not in site.files:
        return
    table = site.json(ERRORS)["tables"].get("accuracy")
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]] if table else []
    corpora = ", ".join(one["title"] for one in site.atlas["provenance"]["corpora"])
    for row in rows:
        if row["model"] != model:
            continue
        yield "      - task: {type: text-classification}"
        yield f"        dataset: {{type: other, name: {_quoted(corpora)}}}"
        yield "        metrics:"
        yield f"          - {{type: accuracy, value: {row['accuracy']}}}"


def _findings(site: BuiltSite, model: Mapping[str, Any]) -> list[str]:
    """Return the sentences on the page of a model, with the word beside each."""
    own = [one for one in site.findings if one["page"] == model["page"] and not one.get("failed")]
    words = [one.get("level", "described") for one in own]
    return [
        f"{one['statement']} ({word})" if word != "described" else str(one["statement"])
        for one, word in zip(own, words, strict=True)
    ]


def plain(text: object) -> str:
    """Return a text as Markdown that shows just that: one line, without markup, tags or links."""
    marked = re.sub(r"([\\`*_\[\]<>#|!&~])", r"\\\1", printable(" ".join(str(text).split())))
    return re.sub(r"(?<=[a-zA-Z])(:)(?=//)|(?<=\bwww)(\.)", r"\\\g<0>", marked, flags=re.IGNORECASE)


def _quoted(text: object) -> str:
    return json.dumps(printable(str(text)), ensure_ascii=False)
