"""Adapters load on their base model, and give what the adapted model gives."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import peft
import pytest
import torch
import transformers
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.errors import InputError
from attnatlas.models import load_model, resolve_model
from safetensors.torch import load_file, save_file

from tests.capture.tiny import MADE

pytestmark = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")
Folder = Callable[[str], Path]
TEXT = "The bank of the river is muddy."


def adapter(base: Path, folder: Path, kind: str, task: str | None, **changes: Any) -> Any:
    """Save a LoRA adapter with random weights; return the adapted model, not merged."""
    architecture = getattr(transformers, kind)
    model = architecture.from_pretrained(base, attn_implementation="eager", **changes)
    targets = ["c_attn"] if kind.startswith("GPT2") else ["query", "value"]
    config = peft.LoraConfig(
        r=4,
        lora_alpha=8,
        target_modules=targets,
        task_type=task,
        fan_in_fan_out=kind.startswith("GPT2"),
    )
    model = peft.get_peft_model(model, config).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "lora_" in name:
                weight.normal_(std=0.3)
    model.save_pretrained(folder)
    return model


@pytest.fixture
def base_folder(folder: Folder, tmp_path: Path) -> Folder:
    """Return a base model; `bert-pooled` is one without any head."""

    def made(base: str) -> Path:
        if base != "bert-pooled":
            return folder(base)
        whole = transformers.BertModel.from_pretrained(folder("bert-classifier"))
        whole.save_pretrained(tmp_path / base)
        MADE["bert"][2]().save_pretrained(tmp_path / base)
        return tmp_path / base

    return made


@pytest.mark.parametrize(
    ("base", "kind", "task", "expected"),
    [
        ("gpt2", "GPT2LMHeadModel", "CAUSAL_LM", "causal-lm"),
        ("bert", "BertForMaskedLM", None, "masked-lm"),
        ("bert-pooled", "BertForSequenceClassification", "SEQ_CLS", "classification"),
    ],
)
def test_an_adapter_changes_its_base(
    base: str, kind: str, task: str | None, expected: str, base_folder: Folder, tmp_path: Path
) -> None:
    changes = {"num_labels": 5} if task == "SEQ_CLS" else {}
    model_folder = base_folder(base)
    own = adapter(model_folder, tmp_path / "tuned", kind, task, **changes)
    loaded = load_model(resolve_model(str(tmp_path / "tuned"), Settings()), Settings())
    assert (loaded.task, loaded.info.name) == (expected, "tuned")
    [(_, capture)] = capture_records(loaded, [Record("r", TEXT)], Settings(strict=True))
    inputs = MADE[base.removesuffix("-pooled")][2]()(TEXT, return_tensors="pt")
    if base == "gpt2":
        inputs.pop("token_type_ids", None)
    with torch.no_grad():
        output = own(**inputs, output_attentions=True)
    found = capture.maps[0].weights  # type: ignore[union-attr]
    np.testing.assert_allclose(found, torch.stack(output.attentions, 1)[0].numpy(), atol=1e-5)
    if task == "SEQ_CLS":
        scores = list(capture.prediction["labels"].values())  # type: ignore[union-attr]
        assert scores == pytest.approx(output.logits.softmax(-1)[0].tolist(), abs=1e-5)
    plain = load_model(resolve_model(str(model_folder), Settings()), Settings())
    assert plain.fingerprint() != loaded.fingerprint()
    [(_, before)] = capture_records(plain, [Record("r", TEXT)], Settings())
    assert np.abs(before.maps[0].weights - found).max() > 1e-3  # type: ignore[union-attr]


def test_a_head_with_other_labels_than_the_base_has_is_that_of_the_adapter(
    folder: Folder, tmp_path: Path
) -> None:
    base, tuned = folder("bert-classifier"), tmp_path / "tuned"
    changes = {"num_labels": 5, "ignore_mismatched_sizes": True}
    own = adapter(base, tuned, "BertForSequenceClassification", "SEQ_CLS", **changes)
    loaded = load_model(resolve_model(str(tuned), Settings()), Settings())
    ids = torch.tensor([[2, 7, 8, 3]])
    with torch.no_grad():
        expected, found = own(input_ids=ids).logits, loaded.model(input_ids=ids).logits
    assert found.shape == (1, 5)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)
    file = tuned / "adapter_model.safetensors"
    save_file({n: w for n, w in load_file(file).items() if not n.endswith("r.bias")}, file)
    with pytest.raises(InputError, match=r"it lacks 'base_model\.model\.classifier\.bias'"):
        load_model(resolve_model(str(tuned), Settings()), Settings())


def test_a_base_that_lacks_weights_is_refused(folder: Folder, tmp_path: Path) -> None:
    adapter(folder("bert"), tmp_path / "tuned", "BertForSequenceClassification", "SEQ_CLS")
    with pytest.raises(InputError, match=r"its base model lacks bert\.pooler"):
        load_model(resolve_model(str(tmp_path / "tuned"), Settings()), Settings())


def test_an_adapter_without_one_of_its_tensors_or_of_another_base_is_refused(
    folder: Folder, tmp_path: Path
) -> None:
    tuned = tmp_path / "tuned"
    adapter(folder("gpt2"), tuned, "GPT2LMHeadModel", "CAUSAL_LM")
    whole = load_file(tuned / "adapter_model.safetensors")

    def sentence(weights: dict[str, torch.Tensor]) -> str:
        save_file(weights, tuned / "adapter_model.safetensors")
        with pytest.raises(InputError) as error:
            load_model(resolve_model(str(tuned), Settings()), Settings())
        return error.value.message

    for name in whole:
        lacking = sentence({key: weight for key, weight in whole.items() if key != name})
        assert f"not for this base model; it lacks {name}." in lacking
    wrapped = sentence({f"module.{name}": weight for name, weight in whole.items()})
    assert "'module.', which DataParallel" in wrapped
    deeper = {name.replace("h.2.", "h.3."): weight.clone() for name, weight in whole.items()}
    assert "it holds" in sentence(whole | deeper)


def test_a_model_and_an_adapter_in_one_folder_are_refused(folder: Folder, tmp_path: Path) -> None:
    both = Path(shutil.copytree(folder("gpt2"), tmp_path / "both"))
    adapter(folder("gpt2"), both, "GPT2LMHeadModel", "CAUSAL_LM")
    with pytest.raises(InputError, match="give each a folder of its own"):
        resolve_model(str(both), Settings())


def test_an_adapter_that_adds_tokens_is_refused(folder: Folder, tmp_path: Path) -> None:
    model = transformers.GPT2LMHeadModel.from_pretrained(folder("gpt2"))
    config = peft.PromptTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=2)
    peft.get_peft_model(model, config).save_pretrained(tmp_path / "tuned")
    with pytest.raises(InputError, match="adds tokens, not weights"):
        load_model(resolve_model(str(tmp_path / "tuned"), Settings()), Settings())


def change(folder: Path, **changes: Any) -> None:
    path = folder / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def spoilt(folder: Path, change: Callable[[str, torch.Tensor], torch.Tensor]) -> None:
    file = folder / "adapter_model.safetensors"
    save_file({name: change(name, weight) for name, weight in load_file(file).items()}, file)


BROKEN: dict[str, Callable[[Path], object]] = {
    "names no base model": lambda folder: change(folder, base_model_name_or_path=None),
    "is an adapter, too": lambda folder: change(folder, base_model_name_or_path=str(folder)),
    "Unknown model 'nobody/nowhere'": lambda f: change(f, base_model_name_or_path="nobody/nowhere"),
    "adapter_model.safetensors is missing": lambda folder: (
        folder / "adapter_model.safetensors"
    ).unlink(),
    "are a pickle": lambda folder: (folder / "adapter_model.safetensors").rename(
        folder / "adapter_model.bin"
    ),
    "has another shape than its adapter_config.json": lambda folder: change(folder, r=7),
    "`r` should be a positive integer": lambda folder: change(folder, r=0),
    "its peft_type is 'WOBBLE', which the installed peft": lambda f: change(f, peft_type="WOBBLE"),
    "is I8 in its file": lambda f: spoilt(f, lambda _, weight: weight.to(torch.int8)),
    "not JSON": lambda folder: (folder / "adapter_config.json").write_text("{"),
    "must hold a JSON object": lambda folder: (folder / "adapter_config.json").write_text("[]"),
}


@pytest.mark.parametrize("expected", BROKEN)
def test_a_broken_adapter_gets_one_sentence(expected: str, folder: Folder, tmp_path: Path) -> None:
    adapter(folder("gpt2"), tmp_path / "tuned", "GPT2LMHeadModel", "CAUSAL_LM")
    BROKEN[expected](tmp_path / "tuned")
    settings = Settings(offline=True)
    with pytest.raises(InputError) as error:
        load_model(resolve_model(str(tmp_path / "tuned"), settings), settings)
    assert expected in error.value.message
    assert error.value.message.count("\n") == 0


def test_without_peft_the_sentence_says_how_to_get_it(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    adapter(folder("gpt2"), tmp_path / "tuned", "GPT2LMHeadModel", "CAUSAL_LM")
    monkeypatch.setattr("attnatlas.models.adapters.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r'run pip install "attnatlas\[peft\]"\.$'):
        resolve_model(str(tmp_path / "tuned"), Settings())
