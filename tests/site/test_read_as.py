"""Chats and markers from a file to the page that says how they were read."""

import json
from html import unescape
from pathlib import Path

import pytest
from attnatlas.cli import cli
from click.testing import CliRunner
from safetensors import safe_open

from tests.capture.test_chat import TEMPLATE
from tests.capture.tiny import tiny_model
from tests.site.links import broken_links

ROWS = [
    {"id": "said", "messages": [{"role": "user", "content": "The bank </s> of the river"}]},
    {"id": "odd", "messages": [{"role": "system", "content": "The nurse"}]},
]


@pytest.fixture(scope="module")
def chatty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tiny_model(tmp_path_factory.mktemp("model") / "gpt2", "gpt2")
    refuses = (
        "{% if messages[0].role == 'system' %}{{ raise_exception('No system here') }}{% endif %}"
    )
    (folder / "chat_template.jinja").write_text(refuses + TEMPLATE)
    return folder


def built(corpus: Path, model: Path | None, site: Path, *more: str) -> str:
    words = ["build", *([str(corpus), "-m", str(model)] if model else ["--arrays", str(corpus)])]
    words += ["-o", str(site), "--store", str(site.with_name("store")), "--numbers", "float32"]
    done = CliRunner().invoke(cli, [*words, *more], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert broken_links(site) == []
    return done.output


def page(site: Path, name: str) -> str:
    [path] = site.glob(f"records/*/{name}*.html")
    return " ".join(unescape(path.read_text("utf-8")).split())


def test_a_chat_is_built_and_built_again_from_its_numbers(chatty: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "chats.jsonl"
    corpus.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    output = built(corpus, chatty, tmp_path / "site")
    assert "record 'odd': the tokenizer's chat template refuses the chat: No system here" in output
    assert "'messages' is read as 'chat'" in output
    says = (
        "A chat of 1 message, as the tokenizer's own template writes it; what it adds is special."
    )
    assert says in page(tmp_path / "site", "said")
    [file] = (tmp_path / "site" / "data").rglob("said*.safetensors")
    with safe_open(file, "numpy") as arrays:
        header = json.loads(arrays.metadata()["attnatlas"])
    assert header["record"]["chat"] == ROWS[0]["messages"]
    own = [token["text"] for token in header["tokens"]["self"]["queries"] if not token["special"]]
    assert "".join(own) == header["record"]["text"] == "The bank </s> of the river"
    built(tmp_path / "site" / "data", None, tmp_path / "again")
    assert says in page(tmp_path / "again", "said")


def test_the_page_says_whether_markers_were_meant(tmp_path: Path) -> None:
    model, text = tiny_model(tmp_path / "bert", "bert"), "The bank [SEP] of the river"
    corpus = tmp_path / "markers.csv"
    corpus.write_text(f"id,text,markers\nmeant,{text},true\nplain,{text},\nnone,The bank,yes\n")
    built(corpus, model, tmp_path / "site")
    assert "Markers in this text are meant: “[SEP]”." in page(tmp_path / "site", "meant")
    assert "“[SEP]” in this text was read as text" in page(tmp_path / "site", "plain")
    assert "Markers in this text are meant: it holds none." in page(tmp_path / "site", "none")
