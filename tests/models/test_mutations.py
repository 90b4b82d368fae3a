"""Whatever is wrong in a model's folder: it loads and reads, or one sentence says why not."""

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, Skipped
from attnatlas.errors import AtlasError
from attnatlas.models import load_model, resolve_model, tokenizer_and_config

from tests.capture.tiny import tiny_model

KINDS = {
    "bert-classifier": {"num_hidden_layers": 1},
    "gpt2": {"n_layer": 1},
    "t5": {"num_layers": 1, "num_decoder_layers": 1},
}
ODD = (None, 0, -1, 3, 1e9, "", "three", [], [1], {}, {"a": 1}, True, "\ud800", float("nan"))
"""Values that no key of a config should have, most of them."""
SEED, EACH = 15, 40


def mutate(folder: Path, chance: random.Random) -> str:
    """Spoil one thing in a folder; return what."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    path = chance.choice([folder / "config.json"] * 4 + files)
    if path.suffix == ".json" and chance.random() < 0.8:
        content = json.loads(path.read_text("utf-8"))
        key, value = chance.choice(sorted(content)), chance.choice(ODD)
        path.write_text(json.dumps({**content, key: value}))
        return f"{path.name}: {key} = {value!r}"
    raw = bytearray(path.read_bytes())
    if chance.random() < 0.5:
        path.write_bytes(raw[: chance.randrange(len(raw))])
        return f"{path.name} cut"
    raw[chance.randrange(min(len(raw), 400))] ^= 1 << chance.randrange(8)
    path.write_bytes(raw)
    return f"{path.name} with a bit flipped"


def read(folder: Path) -> Any:
    """Return what a build makes of a model and one text."""
    source = resolve_model(str(folder), Settings(offline=True))
    source.fingerprint()
    tokenizer_and_config(source)
    model = load_model(source, Settings(offline=True))
    [(_, found)] = capture_records(model, [Record("r", "The river is muddy.")], Settings())
    return found


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    root = tmp_path_factory.mktemp("whole")
    made = {kind: tiny_model(root / kind, kind, **changes) for kind, changes in KINDS.items()}
    return made.__getitem__


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", KINDS)
def test_no_folder_ends_in_anything_but_a_sentence(
    kind: str, whole: Callable[[str], Path], tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    refused = 0
    for number in range(EACH):
        folder = Path(shutil.copytree(whole(kind), tmp_path / f"{kind}-{number}"))
        what = mutate(folder, chance)
        said = sentence_or_reading(folder)
        assert said is None or (said.endswith((".", "?")) and "\n" not in said), (what, said)
        refused += said is not None
        shutil.rmtree(folder)
    assert 0 < refused < EACH


def sentence_or_reading(folder: Path) -> str | None:
    """Return the sentence that reading ends with, None where it ends with a capture."""
    try:
        found = read(folder)
    except AtlasError as error:
        return error.message
    if isinstance(found, Skipped):
        return f"{found.where}: {found.reason}."
    assert isinstance(found, Capture)
    return None
