"""What is to be hidden is nowhere in a site, nor in what was kept to make it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from attnatlas.build import build_site
from attnatlas.capture import AttentionMap, Capture, ModelInfo, Token
from attnatlas.cli import run
from attnatlas.config import Settings
from attnatlas.corpus import Record, Span
from attnatlas.errors import AtlasError, InputError
from attnatlas.pages.packing import pack, pack_script
from attnatlas.redaction import Redactor, redactor_for
from attnatlas.redaction.texts import hidden_record
from attnatlas.redaction.values import hidden_capture, published
from attnatlas.report import Silence
from attnatlas.share.built_site import open_site
from attnatlas.share.check.everything import check
from attnatlas.site.redacted import require_hidden
from attnatlas.zoo import zoo_folder
from safetensors import safe_open

NAME = "Rosalindova"
CORPUS = f"""title = "Letters to {NAME}"
about = "About {NAME}."
licence = "CC0-1.0"
source = "Kept by {NAME}"

[[record]]
id = "from-{NAME}"
text = "{NAME} was never bored, and the food was good."
label = "{NAME}"
tags = ["by {NAME}", "other"]
note = "Look from {NAME}."

[[record]]
id = "plain"
text = "The food is bad, said {NAME.lower()} again."
label = "negative"
"""
PLACES = ("texts", "ids", "labels", "tags", "titles", "notes", "corpus names", "model names")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a corpus, a model that knows the name as a class, and a list."""
    folder = tmp_path_factory.mktemp("letters")
    (folder / f"{NAME}.toml").write_text(CORPUS, "utf-8")
    (folder / "names.txt").write_text(f"{NAME}\n\n", "utf-8")
    model = Path(shutil.copytree(zoo_folder("sentiment"), folder / f"model-{NAME}"))
    config = json.loads((model / "config.json").read_text("utf-8"))
    config["id2label"] = {"0": "negative", "1": NAME}
    config["label2id"] = {"negative": 0, NAME: 1}
    (model / "config.json").write_text(json.dumps(config), "utf-8")
    return folder


def settings(inputs: Path, name: str, **more: object) -> Settings:
    """Return the settings of a build with a store of its own."""
    chosen = Settings(
        corpora=(str(inputs / f"{NAME}.toml"),),
        models=(str(inputs / f"model-{NAME}"),),
        output=inputs / name / "site",
        store=inputs / name / "store",
        without=("twins",),
    )
    return replace(chosen, **more)


def everywhere(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every file in each way it can be read: its name, and its text."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            yield path.name, path.relative_to(folder).as_posix()
            yield path.name, content.decode("utf-8", "ignore")
            yield path.name, content.decode("utf-16-le", "ignore")
            yield path.name, content.replace(b'","', b"").decode("utf-8", "ignore")


def holding(folder: Path) -> set[str]:
    """Return the files that say the name, in whatever case."""
    return {name for name, text in everywhere(folder) if NAME.lower() in text.lower()}


def test_without_hiding_the_name_is_in_all_places(inputs: Path) -> None:
    build_site(settings(inputs, "open"))
    site = inputs / "open" / "site"
    atlas = json.loads((site / "atlas.json").read_text("utf-8"))
    (record, _), capture = atlas["records"], atlas["captures"][0]
    assert all(NAME in json.dumps(record[field]) for field in ("id", "text", "label", "tags"))
    assert NAME in record["note"]
    assert NAME in atlas["title"]
    assert record["corpus"] == NAME
    assert NAME in atlas["models"][0]["name"]
    assert NAME in capture["prediction"]["labels"]
    assert NAME.lower() in capture["data"]
    with safe_open(site / capture["data"], "np") as numbers:
        header = json.loads(numbers.metadata()["attnatlas"])
    pieces = [token["text"] for token in header["tokens"]["self"]["queries"]]
    assert NAME in "".join(pieces)
    assert NAME not in " ".join(pieces)
    assert holding(inputs / "open" / "store" / "results")


def test_a_name_that_is_hidden_is_nowhere(inputs: Path) -> None:
    told: list[str] = []

    class Heard(Silence):
        def note(self, sentence: str) -> None:
            told.append(sentence)

    listed = inputs / "names.txt"
    report = build_site(settings(inputs, "hidden", redact_list=listed), progress=Heard())
    assert holding(inputs / "hidden") == set()
    assert check(open_site(inputs / "hidden" / "site")).problems == ()
    said = next(sentence for sentence in told if sentence.startswith("Hidden in "))
    assert all(place in said for place in PLACES)
    assert NAME not in " ".join(told)
    assert any("models read blocks" in note for note in report.notes)
    atlas = json.loads((inputs / "hidden" / "site" / "atlas.json").read_text("utf-8"))
    assert "redact" not in atlas["settings"]
    block = "█" * len(NAME)
    assert atlas["records"][0]["text"].startswith(f"{block} was")
    assert atlas["captures"][0]["prediction"]["labels"].keys() == {"negative", block}


def test_results_that_were_kept_before_are_not_taken(
    inputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(inputs / "open" / "store", inputs / "again" / "store")
    words = [
        str(inputs / f"{NAME}.toml"),
        "-m",
        str(inputs / f"model-{NAME}"),
        "--without",
        "twins",
    ]
    folders = ["-o", str(inputs / "again" / "site"), "--store", str(inputs / "again" / "store")]
    assert run(["build", *words, *folders, "--redact", f"(?i){NAME}"]) == 0
    told = capsys.readouterr().err
    assert holding(inputs / "again" / "site") == set()
    assert "files of earlier builds in the store hold it" in told


def token(text: str, number: int) -> Token:
    return Token(text, id=number)


def test_pieces_side_by_side_are_hidden_and_lose_their_numbers() -> None:
    redactor = redactor_for([NAME], None)
    assert redactor
    written = tuple(map(token, ("Dear", " Rosa", "lind", "ova", "!"), range(5)))
    weights = np.full((1, 1, 5, 5), 0.2, np.float32)
    capture = Capture(
        model=ModelInfo("m", "decoder"),
        record=Record("r", "Dear"),
        maps=(AttentionMap("self", written, written, weights, predicted=written),),
        prediction={
            "task": "causal-lm",
            "next": [{"text": f" {NAME}", "id": 7, "score": 0.5}, {"text": " x", "id": 8}],
        },
    )
    hidden = hidden_capture(capture, redactor)
    texts = [token.text for token in hidden.maps[0].predicted]
    assert texts == ["Dear", " ████", "████", "███", "!"]
    shown = published(hidden)
    assert [one.id for one in shown.maps[0].queries] == [0, None, None, None, 4]
    assert shown.prediction["next"][0] == {"text": f" {'█' * len(NAME)}", "score": 0.5}
    assert shown.prediction["next"][1]["id"] == 8


def test_two_names_stay_two() -> None:
    redactor = redactor_for(["Ann[ae]"], None)
    assert redactor
    assert [redactor.name(name) for name in ("Anna", "Anne", "Anna", "Otto")] == [
        "████",
        "████-2",
        "████",
        "Otto",
    ]


def test_spans_and_words_stay_where_they_are() -> None:
    redactor = redactor_for(["Anna Berg"], None)
    assert redactor
    text = "I saw Anna Berg today."
    words = ("I", "saw", "Anna", "Berg", "today", ".")
    record = Record("r", text, mention=Span("Anna Berg", 6), words=words)
    hidden = hidden_record(record, redactor)
    assert hidden.text == "I saw ████ ████ today."
    assert hidden.mention == Span("████ ████", 6)
    assert hidden.words == ("I", "saw", "████", "████", "today", ".")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<p>Dear <b>Rosa</b><b>lindova</b></p>"),
        ("page.html", b"<p>Dear Rosalind&#111;va</p>"),
        ("atlas.json", json.dumps({"a": [{"text": "Rosa"}, {"text": "lindova"}]}).encode()),
        ("atlas.json", b'{"a": "\\u0052osalindova"}'),
        ("maps.js", pack_script({"index": pack(np.frombuffer(b"to Rosalindova", np.uint8))})),
        ("rosalindova.csv", b"a,b"),
        ("deep.csv", "Rosalindova".encode("utf-16")),
    ],
    ids=["tags", "references", "pieces", "escapes", "packed", "file name", "utf-16"],
)
def test_what_is_left_in_any_form_is_found(name: str, content: bytes, tmp_path: Path) -> None:
    redactor = redactor_for([NAME], None)
    assert redactor
    redactor.hide(f"Dear {NAME}")
    (tmp_path / "site").mkdir()
    assert "none of it is left" in require_hidden(
        redactor, tmp_path / "site", tmp_path / "store", frozenset()
    )
    (tmp_path / "site" / name).write_bytes(content)
    with pytest.raises(AtlasError, match="is left in 1 file,") as caught:
        require_hidden(redactor, tmp_path / "site", tmp_path / "store", frozenset())
    assert NAME not in caught.value.message or name.startswith("rosa")


@pytest.mark.parametrize("pack_name", ["index", "answers", "self"])
def test_a_short_name_is_found_in_packed_words_and_may_be_spelled_by_numbers(
    pack_name: str, tmp_path: Path
) -> None:
    redactor = redactor_for(["Ed"], None)
    assert redactor
    redactor.hide("Dear Ed")
    words = pack(np.frombuffer(b'[["to Ed today"]]', np.uint8))
    (tmp_path / "maps.js").write_bytes(pack_script({pack_name: words}))
    given = (redactor, tmp_path, tmp_path / "store", frozenset())
    if pack_name == "self":
        assert "none of it is left" in require_hidden(*given)
        return
    with pytest.raises(AtlasError, match="is left in 1 file,"):
        require_hidden(*given)


def test_a_pattern_that_cannot_be_used_is_refused_and_not_repeated(tmp_path: Path) -> None:
    for pattern in ("(secret", "secret*|"):
        with pytest.raises(InputError) as caught:
            redactor_for(["fine", pattern], None)
        assert "Pattern 2" in caught.value.message
        assert "secret" not in caught.value.message
    assert redactor_for([], None) is None
    (tmp_path / "names").write_text("Jose\u0301\n", "utf-8")
    listed = redactor_for([], tmp_path / "names")
    assert isinstance(listed, Redactor)
    assert listed.hide("to JOSÉ and Josef") == "to ████ and Josef"


def test_what_was_read_before_is_not_hidden(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="was read before"):
        build_site(Settings(arrays=tmp_path, output=tmp_path / "out", redact=("x",)))


def test_a_list_that_is_a_pipe_is_refused_and_never_waited_for(
    inputs: Path, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    for listed in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(InputError, match="is a folder, a pipe or a device, not a file; give"):
            build_site(settings(inputs, "piped", redact_list=listed), progress=Silence())


def test_a_list_of_nothing_is_refused(inputs: Path, tmp_path: Path) -> None:
    listed = tmp_path / "names.txt"
    listed.write_text("\n  \n")
    with pytest.raises(InputError, match=r"names\.txt lists nothing, so nothing would be hidden"):
        build_site(settings(inputs, "empty", redact_list=listed), progress=Silence())
