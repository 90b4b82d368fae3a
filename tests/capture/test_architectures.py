"""Every architecture through the command line, and the table in docs/architectures.md it fills.

Run as a script, it writes the table anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from attnatlas.capture import Capture
from attnatlas.capture.attend import implementation, is_switchable
from attnatlas.capture.attention_outputs import HookPoint, hook_points
from attnatlas.cli import run
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.data.record_files import read_arrays
from attnatlas.models import load_model, resolve_model

from tests.capture.conftest import captures
from tests.capture.tiny import MADE, tiny_model

TABLE = Path(__file__).parents[2] / "docs" / "architectures.md"
TEXT, TARGET = "The bank of the river is muddy and brown.", "La rivière."
EQUALLY_LONG = (
    TEXT,
    TEXT.replace("bank of the river", "river of the bank"),
    TEXT.replace("of the river is", "is the river of"),
)
HEADS = {
    "bert": 12, "roberta": 12, "xlm-roberta": 12, "distilbert": 12, "albert": 12, "electra": 12,
    "modernbert": 12, "deberta": 12, "deberta-v2": 12, "mpnet": 12, "gpt2": 12, "gpt_neo": 16,
    "gpt_neox": 64, "gptj": 16, "opt": 12, "llama": (32, 8), "mistral": (32, 8), "qwen2": (28, 4),
    "qwen3": (32, 8), "gemma2": (16, 8), "gemma3": (8, 4), "phi": 32, "phi3": 32, "bloom": 16,
    "falcon": 71, "mpt": 32, "xlnet": 12, "gpt_oss": (64, 8), "t5": 8, "mt5": 6, "bart": 12,
    "mbart": 16, "marian": 8, "m2m_100": 16, "pegasus": 16,
}  # fmt: skip
"""Query heads, and key heads where they differ, of a size of each that many people use."""
WIDTH = 8
SPECIAL = {
    "albert": "one layer, used again and again", "modernbert": "local and global layers",
    "deberta": "relative positions", "deberta-v2": "relative positions",
    "mpnet": "position bias", "t5": "position bias", "mt5": "position bias",
    "bloom": "ALiBi", "mpt": "ALiBi", "gemma2": "soft-capped scores", "gpt_oss": "sinks",
    "xlnet": "two streams; shows that of the content", "falcon": "one key head for all",
}  # fmt: skip


def sizes(kind: str) -> dict[str, Any]:
    """Return what to change in the config of a tiny model, so that it has the real heads."""
    given = HEADS[kind]
    heads, keys = given if isinstance(given, tuple) else (given, given)
    made, wide = MADE[kind][1], heads * WIDTH
    changes = {name: heads for name in made if name.endswith(("heads", "n_head"))}
    changes |= {name: wide for name in made if name in WIDE}
    if "num_key_value_heads" in made:
        changes["num_key_value_heads"] = keys
    return changes


WIDE = ("hidden_size", "d_model", "n_embd", "dim", "word_embed_proj_dim")


def built(folder: Path) -> dict[str, tuple[Any, Capture]]:
    """Build one site of all architectures; return each model and what its file says."""
    words = ["build", str(folder / "texts.jsonl"), "--numbers", "float32", "--strict"]
    (folder / "texts.jsonl").write_text(f'{{"id":"r","text":"{TEXT}","target":"{TARGET}"}}\n')
    for kind in HEADS:
        words += ["-m", str(tiny_model(folder / kind, kind, **sizes(kind)))]
    site = folder / "site"
    assert run([*words, "-o", str(site), "--store", str(folder / "store"), "-q"]) == 0
    captures = {entry.capture.model.name: entry.capture for entry in read_arrays(site / "data")}
    return {kind: (folder / kind, captures[kind]) for kind in HEADS}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Capture]]:
    return built(tmp_path_factory.mktemp("architectures"))


@cache
def plain(folder: Path, kind: str) -> Any:
    """Return the model, and what it gives when run as anybody would."""
    from tests.capture.test_attention import plain_forward

    return plain_forward(folder, kind, Record("r", TEXT, target=TARGET))


def differences(folder: Path, kind: str, capture: Capture) -> Iterator[float]:
    """Yield the largest difference of each kind of attention."""
    from tests.capture.test_attention import FIELDS

    output = plain(folder, kind)
    assert {part.kind for part in capture.maps} == {k for k, f in FIELDS.items() if output.get(f)}
    for part in capture.maps:
        expected = torch.stack(output[FIELDS[part.kind]], dim=1)[0].numpy()
        assert part.weights.shape == expected.shape
        yield float(np.abs(part.weights - expected).max())


@pytest.mark.parametrize("kind", HEADS)
def test_a_site_has_the_attention_of_transformers(kind: str, found: dict[str, Any]) -> None:
    folder, capture = found[kind]
    assert max(differences(folder, kind, capture)) <= 1e-5
    given = HEADS[kind]
    assert {part.heads for part in capture.maps} == {
        given[0] if isinstance(given, tuple) else given
    }


@pytest.mark.parametrize("kind", HEADS)
def test_nothing_attends_beyond_mask_and_window(kind: str, found: dict[str, Any]) -> None:
    for part in found[kind][1].maps:
        places = np.arange(len(part.queries))
        if part.causal:
            assert np.triu(part.weights, 1).max() == 0
        else:
            assert len(places) < 3 or np.triu(part.weights, 1).max() > 0
        for layer, window in zip(part.weights, part.window or (), strict=bool(part.window)):
            far = np.abs(places[:, None] - places) >= (window or len(places))
            assert not layer[:, far].any()
        sums = part.weights.sum(-1) + (0 if part.sink is None else part.sink)
        np.testing.assert_allclose(sums, 1, atol=1e-5)


@pytest.mark.parametrize("kind", HEADS)
def test_neither_batches_nor_threads_change_what_is_found(
    kind: str, folder: Callable[[str], Path]
) -> None:
    model = load_model(resolve_model(str(folder(kind)), Settings()), Settings())
    if kind in ("t5", "mt5"):  # scores are not scaled; the weights are, in training
        for name, weight in model.model.named_parameters():
            weight.data *= 8**-0.5 if name.endswith(".q.weight") else 1
    records = [Record(f"r{n}", text, target=TARGET) for n, text in enumerate(EQUALLY_LONG)]
    one = captures(model, *records, batch_size=1, threads=1)
    assert len({part.weights.shape for capture in one for part in capture.maps[:1]}) == 1
    for other in ({"batch_size": 8, "threads": 1}, {"batch_size": 1, "threads": 2}):
        for before, after in zip(one, captures(model, *records, **other), strict=True):
            assert close(before.prediction, after.prediction)
            for part, again in zip(before.maps, after.maps, strict=True):
                np.testing.assert_allclose(again.weights, part.weights, rtol=0, atol=1e-5)


def close(one: Any, other: Any) -> bool:
    """Return whether two predictions say the same, with numbers within 1e-4."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(close(one[name], other[name]) for name in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(close, one, other))
    return bool(abs(one - other) <= 1e-4) if isinstance(one, float) else one == other


def test_the_table_says_what_was_found(found: dict[str, Any]) -> None:
    assert TABLE.read_text("utf-8") == table(found), (
        "run python -m tests.capture.test_architectures"
    )


HEADER = """# Architectures

Each of these is built with random weights and the head counts of a size that many people use, run
through `attnatlas build --numbers float32`, and compared with what transformers returns with
`attn_implementation="eager"`. A test does that, and checks this table. *Streamed* models are run
with an attention function of ours that calls the model's own and puts each layer away. From
*tapped* ones, whose function cannot be replaced, each layer is taken as soon as a module returns
it; a trial on a few tokens shows first that this changes nothing. The others hold all layers until
the pass ends.

| `model_type` | Class | Heads | Maps | Window | How | Difference | |
|---|---|---:|---|---|---|---|---|
"""


def table(found: dict[str, tuple[Path, Capture]]) -> str:
    """Return the table of all architectures."""
    return HEADER + "".join(row(kind, *found[kind]) for kind in HEADS)


def row(kind: str, folder: Path, capture: Capture) -> str:
    """Return one line of the table."""
    model = load_model(resolve_model(str(folder), Settings()), Settings()).model
    given, most = HEADS[kind], max(differences(folder, kind, capture))
    heads = f"{given[0]} on {given[1]}" if isinstance(given, tuple) else str(given)
    maps = ", ".join(f"{part.kind}{' (causal)' if part.causal else ''}" for part in capture.maps)
    windows = {size for part in capture.maps for size in part.window or ()}
    window = "" if windows <= {None} else "some layers" if None in windows else "all layers"
    how = "streamed" if is_switchable(model) else "tapped" if known_taps(model) else "eager"
    same = "none, bit for bit" if most == 0 else "under 1e-5"
    cells = (f"`{kind}`", f"`{MADE[kind][0]}`", heads, maps, window, how, same)
    line = f"| {' | '.join(cells)} | {SPECIAL.get(kind, '')} |\n"
    return line.replace("  |", " |")


def known_taps(model: Any) -> list[HookPoint]:
    """Return where the layers of a model are taken away as soon as they are there."""
    ids = torch.tensor([[5, 6, 7]])
    with torch.no_grad(), implementation(model, "eager"):
        return hook_points(model, {"input_ids": ids}, ["attentions"])


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        TABLE.write_text(table(built(Path(name))), "utf-8")
