"""How records go through a model: order, limits, and what happens to bad ones."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch
from attnatlas.capture import Capture
from attnatlas.capture.limits import token_limit
from attnatlas.capture.run import CHUNK, capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, Skipped
from attnatlas.errors import InputError, ResourceError
from attnatlas.models import LoadedModel

from tests.capture.conftest import captures

Loaded = Callable[[str], LoadedModel]
LONG = "The bank of the river is muddy and she was late. " * 20


def test_every_record_comes_once_with_its_place(loaded: Loaded) -> None:
    records = [Record(f"r{place}", "The river. " * (1 + place % 3)) for place in range(20)]
    found = dict(capture_records(loaded("bert"), records, Settings(batch_size=3)))
    assert sorted(found) == list(range(20))
    for place, capture in found.items():
        assert isinstance(capture, Capture)
        assert capture.record is records[place]


def test_a_batch_takes_what_memory_allows(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    records = [Record(f"r{place}", "The river.") for place in range(9)]
    model = broken(loaded("bert"), lambda ids: seen.append(len(ids)))
    layer = 4 * 4 * len(model.tokenizer("The river.")["input_ids"]) ** 2
    for free, sizes in ((0, [1] * 9), (4 * 16 * layer, [4, 4, 1]), (10**9, [9])):
        seen.clear()
        monkeypatch.setattr("attnatlas.capture.run.free_memory", lambda device, free=free: free)
        list(capture_records(model, records, Settings(batch_size="auto")))
        assert seen == sizes


def test_more_records_than_are_read_ahead(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attnatlas.capture.run.CHUNK", 2)
    records = [Record(f"r{place}", "The river.") for place in range(5)]
    found = [place for place, _ in capture_records(loaded("bert"), records, Settings())]
    assert found == list(range(5))
    assert CHUNK > 100


def test_no_record_is_no_capture(loaded: Loaded) -> None:
    assert list(capture_records(loaded("bert"), [], Settings())) == []


def test_a_text_of_which_nothing_is_left_is_skipped(loaded: Loaded) -> None:
    records = [Record("good", "The river."), Record("bell", "\u0007")]
    found = dict(capture_records(loaded("bert"), records, Settings()))
    assert isinstance(found[0], Capture)
    assert found[1] == Skipped("record 'bell'", "the tokenizer leaves nothing of the text '\\x07'")
    with pytest.raises(InputError, match=r"^record 'bell': the tokenizer leaves nothing .*\.$"):
        list(capture_records(loaded("bert"), records, Settings(strict=True)))


def broken(loaded: LoadedModel, break_when: Callable[[torch.Tensor], None]) -> LoadedModel:
    """Return a model that fails where `break_when(input_ids)` raises."""

    class Model:
        def __init__(self) -> None:
            self.forward = loaded.model.forward

        def __getattr__(self, name: str) -> Any:
            return getattr(loaded.model, name)

        def __call__(self, **inputs: Any) -> Any:
            break_when(inputs["input_ids"])
            return loaded.model(**inputs)

    return dataclasses.replace(loaded, model=Model())


def test_one_bad_record_does_not_spoil_its_batch(loaded: Loaded) -> None:
    model = loaded("bert")
    bad = model.tokenizer("nurse")["input_ids"][1]

    def refuse(ids: torch.Tensor) -> None:
        if (ids == bad).any():
            raise RuntimeError("no nurses.\nand more lines")

    records = [Record(text, f"The {text}.") for text in ("doctor", "nurse", "doctor", "river")]
    found = dict(capture_records(broken(model, refuse), records, Settings()))
    assert [isinstance(found[place], Capture) for place in range(4)] == [True, False, True, True]
    assert found[1] == Skipped("record 'nurse'", "no nurses", passing=True)


def test_too_little_memory_ends_the_run(loaded: Loaded) -> None:
    def fail(ids: torch.Tensor) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 9 bytes")

    with pytest.raises(
        ResourceError, match="Out of memory over record 'r' with 4 tokens; give"
    ) as e:
        list(capture_records(broken(loaded("bert"), fail), [Record("r", "river.")], Settings()))
    assert e.value.exit_code == 3


def test_weights_that_are_not_finite_are_skipped(loaded: Loaded, folder: Callable) -> None:
    from attnatlas.models import load_model, resolve_model

    model = load_model(resolve_model(str(folder("bert")), Settings()), Settings())
    with torch.no_grad():
        model.model.bert.embeddings.word_embeddings.weight.fill_(float("nan"))
    [(_, found)] = capture_records(model, [Record("r", "The river.")], Settings())
    reason = (
        "its attention is not finite, so numbers in its weights are none; fetch or save them again"
    )
    assert found == Skipped("record 'r'", reason, passing=True)
    half = dataclasses.replace(model, info=dataclasses.replace(model.info, dtype="float16"))
    [(_, found)] = capture_records(half, [Record("r", "The river.")], Settings())
    assert found.reason == "its attention is not finite; try --dtype float32"


@pytest.mark.parametrize(
    ("kind", "limit"),
    [
        ("bert", 64),
        ("roberta", 63),
        ("gpt2", 64),
        ("llama", 64),
        ("t5", 512),
        ("bloom", 512),
        ("bart", 64),
        ("mpnet", 62),
        ("xlnet", 512),
    ],
)
def test_a_long_text_is_cut_at_the_models_limit(kind: str, limit: int, loaded: Loaded) -> None:
    model = loaded(kind)
    assert token_limit(model.model.config, model.tokenizer, None) == limit
    text = LONG * (1 + limit // 100)
    [capture] = captures(model, Record("r", text, target="La rivière."))
    tokens = capture.maps[0].queries
    assert len(tokens) == limit
    assert capture.truncated == len(model.tokenizer(text)["input_ids"]) - limit
    assert text.startswith("".join(token.text for token in tokens if not token.special))


def test_roberta_can_use_two_positions_less_than_its_config_says(loaded: Loaded) -> None:
    class Config:
        model_type, max_position_embeddings, pad_token_id = "roberta", 514, 1

        def get_text_config(self) -> Any:
            return self

    assert token_limit(Config(), loaded("roberta").tokenizer, None) == 512


@pytest.mark.parametrize(
    ("kind", "wanted", "length"), [("bert", 9, 9), ("bert", 999, 64), ("t5", 20, 20)]
)
def test_max_tokens_cuts_sooner_and_never_later(
    kind: str, wanted: int, length: int, loaded: Loaded
) -> None:
    [capture] = captures(loaded(kind), Record("r", LONG, target="La"), max_tokens=wanted)
    assert len(capture.maps[0].queries) == length


def test_a_long_target_is_cut_too(loaded: Loaded) -> None:
    [capture] = captures(loaded("bart"), Record("r", "The river.", target=LONG))
    assert len(capture.maps[1].queries) == 64
    whole = loaded("bart").tokenizer(text_target=LONG)["input_ids"]
    assert capture.truncated == len(whole) - 64


def test_a_model_whose_layers_hide_is_refused(loaded: Loaded) -> None:
    model = loaded("bert")
    more = dataclasses.replace(model, info=dataclasses.replace(model.info, layers=5))
    with pytest.raises(InputError, match="shows the attention of 3 of its 5 layers"):
        list(capture_records(more, [Record("r", "The river.")], Settings()))
