"""Three hundred odd headers: each is read, or refused in one sentence that names file and key."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attnatlas.build import build_site
from attnatlas.config import Settings
from attnatlas.data.record_files import read_arrays
from attnatlas.errors import InputError
from attnatlas.site.write import showing
from attnatlas.sources import ArraysSource

from tests.capture.odd_headers import mutated, opened, save, with_an_odd_cell
from tests.capture.tiny import tiny_model

KINDS = ("bert-classifier", "bert-tagger", "bert-reader", "bert", "gpt2", "marian")
CASES = 300

Odd = tuple[dict[str, Any], dict[str, Any]]
"""The arrays of a file, and its header."""
Spoil = Callable[[dict[str, Any], random.Random], tuple[dict[str, Any], str]]
"""Returns a header with something odd in it, and what that is."""
Blame = Callable[[str, Path, str], bool]
"""Says whether a sentence blames a file, for what is odd in it."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data files of a site with a model for each task."""
    folder = tmp_path_factory.mktemp("written")
    corpus = folder / "texts.jsonl"
    row = (
        '{"id": "one", "text": "The bank of the [MASK] river.", "label": "LABEL_1", "tags": ["a"]}'
    )
    corpus.write_text(row)
    build_site(
        Settings(
            corpora=(str(corpus),),
            models=tuple(str(tiny_model(folder / kind, kind)) for kind in KINDS),
            output=folder / "site",
            store=folder / "store",
            numbers="float32",
        )
    )
    return folder / "site" / "data"


def read(folder: Path) -> None:
    """Read everything in a folder, as a build does."""
    source = ArraysSource(folder)
    for model in source.models:
        for reading in source.readings(model):
            source.given(reading)
        source.given_of_model(model)


def test_what_builds_write_is_read(written: Path) -> None:
    read(written)


def refusals(
    files: list[Odd], folder: Path, draw: random.Random, spoil: Spoil, blame: Blame, kept: int
) -> int:
    """Return how many of CASES spoilt headers are refused, each in a sentence that names its file.

    Of the others the first `kept` make a site.
    """
    refused = 0
    for case in range(CASES):
        arrays, header = draw.choice(files)
        odd, what = spoil(header, draw)
        path = save(folder / "arrays" / f"{case}" / "x.safetensors", arrays, odd)
        try:
            read(path.parent)
        except InputError as error:
            refused += 1
            sentence = error.format_message()
            assert blame(sentence, path, what), what
            assert sentence.endswith("."), what
            shutil.rmtree(path.parent)
        else:
            save(path, arrays, odd | {"record": {**odd["record"], "id": f"case {case}"}})
    for path in sorted((folder / "arrays").iterdir())[kept:]:
        shutil.rmtree(path)
    report = build_site(
        Settings(arrays=folder / "arrays", output=folder / "site", store=folder / "store")
    )
    assert report.records
    return refused


def test_odd_headers_are_read_or_refused(written: Path, tmp_path: Path) -> None:
    files = [opened(path) for path in sorted(written.rglob("*.safetensors"))]

    def named(sentence: str, path: Path, _: str) -> bool:
        return str(path) in sentence

    found = refusals(files, tmp_path, random.Random(14), mutated, named, kept=30)
    assert CASES / 4 < found < CASES


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("flow.self", np.nan, "flow.self has no row with numbers"),
        ("flow.self", -1, "flow.self has a negative or infinite value"),
        ("flow.self", np.inf, "flow.self has a negative or infinite value"),
        ("rollout.self", -1, "rollout.self has a negative value"),
        ("rollout.self", np.nan, "rollout.self has a NaN"),
        ("saliency.integrated_gradients", np.inf, "saliency.integrated_gradients has a NaN or"),
    ],
)
def test_odd_tensors_are_refused(
    written: Path, tmp_path: Path, name: str, values: float, said: str
) -> None:
    arrays, header = opened(next((written / "bert-classifier").glob("*.safetensors")))
    path = save(
        tmp_path / "x.safetensors", arrays | {name: np.full_like(arrays[name], values)}, header
    )
    with pytest.raises(InputError, match=said) as caught:
        list(read_arrays(tmp_path))
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("prediction", "said"),
    [
        ("good", "'prediction' must be an object"),
        ({"task": "sing"}, "'prediction.task' must be one of classification, "),
        ({"task": "classification", "label": "x"}, "of the task classification needs 'score'"),
        ({"task": "classification", "label": 1, "score": 1}, "'prediction.label' must be a text"),
        (
            {"task": "classification", "labels": {"a": "b"}},
            "'prediction.labels.a' must be a number",
        ),
        ({"task": "classification", "label": "x", "score": 7}, "'prediction.score' must be a prob"),
        (
            {"task": "classification", "label": "x", "labels": {"x": -0.2}},
            "'prediction.labels.x' must be a probability, from 0 to 1",
        ),
        (
            {"task": "masked-lm", "masked": [{"position": 1, "top": [{"text": "a", "score": 2}]}]},
            r"masked\[0\].top\[0\].score' must be a probability",
        ),
        ({"task": "translation", "text": "x", "score": 0.5}, "'prediction.score' must be the log"),
        ({"task": "causal-lm"}, "of the task causal-lm needs 'next'"),
        ({"task": "causal-lm", "next": [{"text": "x"}]}, r"'prediction.next\[0\].score' must be a"),
        (
            {"task": "masked-lm", "masked": [{"position": 99}]},
            r"masked\[0\].position' must be a whole",
        ),
        ({"task": "token-classification", "tokens": {}}, "'prediction.tokens' must be a list"),
        (
            {"task": "question-answering", "text": "x", "score": 1, "first": 2, "last": 1},
            "'prediction.first' must be a whole number from 0 to 1",
        ),
        (
            {"task": "translation", "text": "x", "score": float("nan")},
            "'prediction.score' must be a",
        ),
    ],
)
def test_an_odd_prediction_is_one_sentence(
    written: Path, tmp_path: Path, prediction: object, said: str
) -> None:
    arrays, header = opened(next((written / "bert").glob("*.safetensors")))
    save(tmp_path / "x.safetensors", arrays, header | {"prediction": prediction})
    with pytest.raises(InputError, match=said):
        list(read_arrays(tmp_path))


def test_odd_tables_are_read_or_refused_with_their_key(written: Path, tmp_path: Path) -> None:
    files = [opened(path) for path in sorted(written.rglob("*.safetensors"))]
    files = [(arrays, header) for arrays, header in files if header.get("results")]

    def keyed(sentence: str, path: Path, what: str) -> bool:
        return sentence.startswith(f"{path}: 'results.{what.partition('.')[0]}")

    found = refusals(files, tmp_path, random.Random(15), with_an_odd_cell, keyed, kept=60)
    assert CASES / 2 < found < CASES


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("curves", {"share": 7}, "rows[1]' has a 'share' that must be a number from 0 to 1."),
        ("curves", {"share": -1}, "rows[1]' has a 'share' that must be a number from 0 to 1."),
        ("curves", {"k": 0.5}, "rows[1]' has a 'k' that must be a whole number from 1."),
        ("curves", {"k": None}, "rows[1]' has a 'k' that must be a whole number from 1."),
        ("curves", {"order": "mine"}, "has a 'order' that must be one of integrated_gradients, "),
        ("curves", {"sufficiency": "x"}, "has a 'sufficiency' that must be a number from -0."),
        ("curves", {"sufficiency": 1}, "has a 'sufficiency' that must be a number from -0."),
        ("chance", {"low": -1}, "has a 'low' that must be a number from -0."),
        ("asked", {"full": 2}, "rows[0]' has a 'full' that must be a number from 0 to 1."),
        ("asked", {"measure": "x"}, "has a 'measure' that must be one of probability, value."),
        ("random", {"order": 0}, "rows' name the same order twice."),
        ("aopc", {"eraser_sufficiency": -2}, ", or null."),
    ],
)
def test_a_cell_out_of_its_range_is_one_sentence(
    written: Path, tmp_path: Path, table: str, change: dict[str, Any], said: str
) -> None:
    arrays, header = opened(next((written / "bert-classifier").glob("*.safetensors")))
    found = header["results"]["faithfulness"]["tables"][table]
    [(column, value)] = change.items()
    found["rows"][-1 if len(found["rows"]) == 1 else 1][found["columns"].index(column)] = value
    path = save(tmp_path / "x.safetensors", arrays, header)
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    sentence = caught.value.format_message()
    assert sentence.startswith(f"{path}: 'results.faithfulness.tables.{table}.")
    assert said in sentence


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda found: found.pop("asked"), "'results.faithfulness.tables' lacks 'asked'."),
        (lambda found: found["random"].update(rows=[]), ".random.rows' must be 1 or more."),
        (lambda found: found["curves"]["columns"].reverse(), "curves.columns' must be order, k, "),
        (lambda found: found.update(mine=found["asked"]), "tables.mine' is none of its tables."),
        (
            lambda found: found["asked"].update(rows=found["asked"]["rows"] * 2),
            "tables.asked.rows' must be 1, and are 2.",
        ),
    ],
)
def test_tables_of_another_shape_are_one_sentence(
    written: Path, tmp_path: Path, spoil: Callable[[dict[str, Any]], object], said: str
) -> None:
    arrays, header = opened(next((written / "bert-classifier").glob("*.safetensors")))
    spoil(header["results"]["faithfulness"]["tables"])
    path = save(tmp_path / "x.safetensors", arrays, header)
    with pytest.raises(InputError) as caught:
        read(tmp_path)
    assert str(path) in caught.value.format_message()
    assert said in caught.value.format_message()


def test_what_no_page_can_show_is_blamed_on_its_file(written: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match=r"mine\.safetensors: the header holds what no page can"),
        showing(tmp_path / "mine.safetensors"),
    ):
        raise TypeError("a text for a number")
