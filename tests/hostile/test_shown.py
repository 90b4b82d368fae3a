"""What a corpus, a vocabulary or a model's labels say is shown as text, whatever it looks like."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import attnatlas
import pytest
from attnatlas.share.built_site import open_site
from attnatlas.share.check.everything import check
from tokenizers import AddedToken
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from tests.capture.tiny import tiny_model

PLACES = (
    *("title", "about", "licence", "source", "id", "text", "label", "tag", "note", "group"),
    "frame",
    *("variant", "mention", "candidate", "aspect", "token", "added", "answer", "model"),
)
SPANS = ("mention", "candidate", "aspect")
NOT_PRINTED = {"group", "variant", "frame"}
"""What is read and no page of this site prints."""


def payload(place: str) -> str:
    """Return what would be an element, a script, a template and a formula if it were not text."""
    return f"=1<i data-bad={place}>\"'`</script><script>bad('{place}')</script>{{{{7*7}}}}\u202e"


class Elements(HTMLParser):
    """Every attribute and every script of a page that a payload could have made."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.text: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.bad += [str(value) for name, value in attrs if name == "data-bad"]
        self._script = tag == "script" and "src" not in known
        if self._script and known.get("type") != "application/json":
            self.bad.append("a script")

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script:
            json.loads(data)
        self.text.append(data)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier whose labels and vocabulary are hostile."""
    folder = tiny_model(tmp_path_factory.mktemp("m") / "model", "bert-classifier")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    found = AutoModelForSequenceClassification.from_pretrained(folder)
    tokenizer.add_tokens(
        [AddedToken(payload(place), normalized=False) for place in ("token", "added")]
    )
    found.resize_token_embeddings(len(tokenizer))
    found.config.id2label = {0: payload("answer"), 1: "constructor", 2: "__proto__"}
    found.config.label2id = {label: i for i, label in found.config.id2label.items()}
    found.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Path:
    """A site that is hostile wherever it can be."""
    folder = tmp_path_factory.mktemp("hostile")
    record = {
        "id": payload("id"),
        "text": " and ".join(map(payload, ("text", "token", "added", *SPANS))) + " she said.",
        "mention": payload("mention"), "candidates": [payload("candidate"), "she"],
        "aspects": [payload("aspect")],
        "label": payload("label"), "tags": [payload("tag")], "note": payload("note"),
        "group": payload("group"), "variant": payload("variant"), "frame": payload("frame"),
    }  # fmt: skip
    other = {"id": "two", "text": "The bank of the river.", "group": payload("group")}
    about = {name: payload(name) for name in ("title", "about", "licence", "source")}
    toml = [f"{name} = {json.dumps(value)}" for name, value in about.items()]
    for one in (record, other):
        toml += ["[[record]]", *(f"{name} = {json.dumps(value)}" for name, value in one.items())]
    (folder / "hostile.toml").write_text("\n".join(toml), "utf-8")
    report = attnatlas.build(
        folder / "hostile.toml",
        AutoModelForSequenceClassification.from_pretrained(model),
        AutoTokenizer.from_pretrained(model),
        folder / "site",
        name=payload("model"),
        store=folder / "store",
        without=("twins",),
    )
    assert report.records == 2
    return report.output


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Elements]:
    """Every page, parsed."""
    found = {}
    for path in site.rglob("*.html"):
        elements = Elements()
        elements.feed(path.read_text("utf-8"))
        found[path.relative_to(site).as_posix()] = elements
    return found


@pytest.mark.parametrize("place", PLACES)
def test_it_is_text_and_makes_no_element(place: str, pages: dict[str, Elements]) -> None:
    assert all(page.bad == [] for page in pages.values())
    said = "".join("".join(page.text) for page in pages.values())
    assert (f"data-bad={place}>" in said) == (place not in NOT_PRINTED)
    assert "</script>49" not in said


def test_a_hostile_site_is_a_good_site(site: Path) -> None:
    assert check(open_site(site), recompute=False).problems == ()


def test_no_name_of_a_file_is_made_of_it(site: Path) -> None:
    names = [path.name for path in site.rglob("*")]
    assert not [name for name in names if set(name) & set("<>\"'`{}=()")]


def test_no_cell_of_a_table_is_a_formula(site: Path) -> None:
    cells = [
        cell
        for path in site.rglob("*.csv")
        for row in csv.reader(path.read_text("utf-8").splitlines())
        for cell in row
    ]
    assert any("data-bad" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "@", "\t"))]
