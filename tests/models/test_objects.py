"""What people hold in memory is read as the model it is, or refused in one sentence."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attnatlas
import peft
import pytest
import torch
import transformers
from attnatlas.config import Settings
from attnatlas.errors import InputError
from attnatlas.models import given_models, loaded_from_objects, resolve_model
from torch import nn

from tests.capture.tiny import tiny_model, wordpiece

TEXT = "The bank of the river is muddy."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("objects")
    return tiny_model(root / "bert", "bert-classifier", num_hidden_layers=1)


@pytest.fixture
def model(folder: Path) -> Any:
    return transformers.BertForSequenceClassification.from_pretrained(folder)


class Trainer:
    """What a trainer has of a model."""

    def __init__(self, model: Any, processing_class: Any) -> None:
        self.model, self.processing_class = model, processing_class


def pipeline(model: Any) -> Any:
    return transformers.pipeline("text-classification", model=model, tokenizer=wordpiece())


WRAPPED: dict[str, Callable[[Any], tuple[Any, Any]]] = {
    "pipeline": lambda model: (pipeline(model), None),
    "trainer": lambda model: (Trainer(model, wordpiece()), None),
    "parallel": lambda model: (nn.DataParallel(model), wordpiece()),
    "compiled": lambda model: (torch.compile(model), wordpiece()),
    "both": lambda model: (torch.compile(nn.DataParallel(model)), wordpiece()),
    "processor": lambda model: (model, type("Processor", (), {"tokenizer": wordpiece()})()),
}


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
@pytest.mark.parametrize("wrapper", WRAPPED)
def test_the_model_inside_a_wrapper_is_read(wrapper: str, model: Any) -> None:
    plain = loaded_from_objects(model, wordpiece())
    found = loaded_from_objects(*WRAPPED[wrapper](model))
    assert found.model is model
    assert found.fingerprint() == plain.fingerprint()


def test_a_real_trainer_is_read(model: Any, tmp_path: Path) -> None:
    arguments = transformers.TrainingArguments(output_dir=str(tmp_path), report_to=[], use_cpu=True)
    trainer = transformers.Trainer(model=model, args=arguments, processing_class=wordpiece())
    assert loaded_from_objects(trainer).model is model


@pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")
def test_an_adapted_model_is_read_with_its_adapter_and_left_as_it_is(model: Any) -> None:
    plain = loaded_from_objects(model, wordpiece()).fingerprint()
    config = peft.LoraConfig(r=2, target_modules=["query"], init_lora_weights=False)
    adapted = peft.get_peft_model(model, config).eval()
    with torch.no_grad():
        said = adapted(torch.tensor([[2, 5, 6, 3]])).logits
    found = loaded_from_objects(adapted, wordpiece())
    assert type(found.model).__name__ == "BertForSequenceClassification"
    with torch.no_grad():
        assert torch.allclose(found.model(torch.tensor([[2, 5, 6, 3]])).logits, said, atol=1e-6)
    assert found.fingerprint() != plain
    assert any("lora_A" in name for name, _ in adapted.named_parameters())


@pytest.mark.filterwarnings("ignore:.*gradient_checkpointing:FutureWarning")
def test_an_adapter_that_is_switched_off_changes_nothing(model: Any) -> None:
    plain = model.state_dict()["bert.encoder.layer.0.attention.self.query.weight"].clone()
    config = peft.LoraConfig(r=2, target_modules=["query"], init_lora_weights=False)
    adapted = peft.get_peft_model(model, config)
    adapted.base_model.disable_adapter_layers()
    found = loaded_from_objects(adapted, wordpiece()).model.bert.encoder.layer[0]
    assert torch.equal(found.attention.self.query.weight, plain)
    adapted.base_model.enable_adapter_layers()
    found = loaded_from_objects(adapted, wordpiece()).model.bert.encoder.layer[0]
    assert not torch.equal(found.attention.self.query.weight, plain)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": 5}, "name=5 cannot be; it must be a text"),
        ({"output": "a\0b"}, "A path holds a NUL character"),
    ],
)
def test_what_is_no_name_gets_one_sentence(given: Any, said: str, model: Any) -> None:
    with pytest.raises(attnatlas.AtlasError, match=said) as caught:
        attnatlas.build([TEXT], model, wordpiece(), **given)
    assert caught.value.exit_code == 2


def test_a_name_that_is_no_utf_8_is_written_out(model: Any) -> None:
    assert given_models(model, wordpiece(), "a\udcff", Settings())[0].info.name == "a\\xff"


def test_a_tokenizer_may_be_named(model: Any, folder: Path) -> None:
    plain = loaded_from_objects(model, wordpiece())
    for path in (folder, str(folder)):
        assert loaded_from_objects(model, path).fingerprint() == plain.fingerprint()
    assert loaded_from_objects(model, "english").tokenizer.vocab_size > 200
    with pytest.raises(InputError, match=r"The tokenizer '/no/such' does not load: .*\.$"):
        loaded_from_objects(model, "/no/such", offline=True)


def on_meta(folder: Path) -> Any:
    with torch.device("meta"):
        return transformers.BertModel(transformers.AutoConfig.from_pretrained(folder))


def dynamic(folder: Path) -> Any:
    whole = transformers.BertModel.from_pretrained(folder)
    whole.encoder.layer[0].output.dense = torch.ao.nn.quantized.dynamic.Linear(48, 32)
    return whole


def prompted(folder: Path) -> Any:
    whole = transformers.BertForSequenceClassification.from_pretrained(folder)
    config = peft.PromptTuningConfig(task_type="SEQ_CLS", num_virtual_tokens=2)
    return peft.get_peft_model(whole, config)


def buffer_on_meta(folder: Path) -> Any:
    model = transformers.BertForSequenceClassification.from_pretrained(folder)
    places = torch.empty(1, 64, device="meta")
    model.bert.embeddings.register_buffer("position_ids", places)
    return model


def whole_numbers(folder: Path) -> Any:
    model = transformers.BertForSequenceClassification.from_pretrained(folder)
    whole = model.classifier.weight.to(torch.int8)
    model.classifier.weight = nn.Parameter(whole, requires_grad=False)
    return model


def pictures(folder: Path) -> Any:
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    return transformers.ViTModel(transformers.ViTConfig(**sizes, intermediate_size=8))


REFUSED: dict[str, tuple[Callable[[Path], Any], str]] = {
    "meta": (on_meta, "they are on the device 'meta', offloaded or never loaded"),
    "quantised": (dynamic, "is quantised"),
    "a buffer": (buffer_on_meta, "holds no numbers for bert.embeddings.position_ids"),
    "whole numbers": (whole_numbers, "is quantised"),
    "pictures": (pictures, "it reads no text"),
    "prompts": (prompted, "adds tokens, not weights"),
    "module": (lambda folder: nn.Linear(2, 2), "of the class Linear, which is no model"),
    "a class": (lambda folder: transformers.BertModel, "which is no model of transformers"),
    "a number": (lambda folder: 3, "of the class int"),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_read_gets_one_sentence(kind: str, folder: Path) -> None:
    make, said = REFUSED[kind]
    with pytest.raises(attnatlas.AtlasError) as caught:
        attnatlas.build([TEXT], make(folder), wordpiece())
    assert said in caught.value.message
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message
    assert caught.value.exit_code == 2


def test_a_raw_tokenizer_gets_one_sentence(model: Any) -> None:
    with pytest.raises(attnatlas.AtlasError, match="PreTrainedTokenizerFast"):
        attnatlas.build([TEXT], model, wordpiece().backend_tokenizer)


def names_of(output: Path) -> list[str]:
    return [model["name"] for model in json.loads((output / "atlas.json").read_text())["models"]]


def test_several_models_are_told_apart_by_name(model: Any, folder: Path, tmp_path: Path) -> None:
    def built(models: Any, **more: Any) -> list[str]:
        output = tmp_path / "site"
        attnatlas.build([TEXT], models, output=output, store=tmp_path / "store", **more)
        return names_of(output)

    other = transformers.BertForSequenceClassification.from_pretrained(folder)
    with torch.no_grad():
        other.classifier.bias += 1
    both = [model, other]
    assert built(both, tokenizer=wordpiece(), name=["before", "after"]) == ["before", "after"]
    assert built({"one": model, "two": other}, tokenizer=wordpiece()) == ["one", "two"]
    assert built([folder, other], tokenizer=wordpiece(), name=["old", "new"]) == ["old", "new"]
    assert built([folder, str(folder)], name=["a", "b"]) == ["a", "b"]
    assert built(folder, name="mine") == ["mine"]
    with pytest.raises(attnatlas.AtlasError, match=r"called 'bert'; name them apart: .*name="):
        built(both, tokenizer=wordpiece())
    with pytest.raises(attnatlas.AtlasError, match="name= lists 1 for 2 models"):
        built(both, tokenizer=wordpiece(), name=["a"])
    with pytest.raises(attnatlas.AtlasError, match="name= must be a list"):
        built(both, tokenizer=wordpiece(), name="a")


def test_a_name_before_a_folder_is_what_it_is_called(folder: Path, tmp_path: Path) -> None:
    found = resolve_model(f"first run={folder}", Settings())
    assert found.info.name == "first run"
    assert found.fingerprint() == resolve_model(str(folder), Settings()).fingerprint()
    assert resolve_model("mine=english", Settings()).info.name == "mine"
    odd = tmp_path / "a=b"
    odd.symlink_to(folder)
    assert resolve_model(str(odd), Settings()).info.name == "bert"


@pytest.mark.parametrize("made", ["file", "pipe"])
def test_what_is_no_folder_is_refused_and_not_looked_for_elsewhere(
    made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thing").write_text("") if made == "file" else os.mkfifo("thing")
    with pytest.raises(InputError, match=r"^thing: not a folder;"):
        resolve_model("thing", Settings())


def test_a_pipe_in_a_folder_is_refused(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "bert", "bert", num_hidden_layers=1)
    (folder / "README.md").unlink(missing_ok=True)
    os.mkfifo(folder / "README.md")
    with pytest.raises(InputError, match=r"README\.md: not a plain file"):
        resolve_model(str(folder), Settings())


WRONG: dict[str, tuple[Any, ...]] = {
    "max_tokens='many' cannot be; it must be a whole number.": ("max_tokens", "many"),
    "batch_size=0 cannot be; it must be a whole number from 1.": ("batch_size", 0),
    "dtype='float8' cannot be; it must be 'float32' or 'float16' or 'bfloat16'.": (
        *("dtype", "float8"),
    ),
    "strict=1 cannot be; it must be True or False.": ("strict", 1),
    "store=3 cannot be; it must be a path.": ("store", 3),
    "title=3 cannot be; it must be a text.": ("title", 3),
    "also=(3,) cannot be; it must be a text, or a list of texts.": ("also", [3]),
}


@pytest.mark.parametrize("said", WRONG)
def test_a_setting_that_cannot_be_gets_one_sentence(said: str) -> None:
    name, value = WRONG[said]
    with pytest.raises(attnatlas.AtlasError) as caught:
        attnatlas.build([TEXT], "english", **{name: value})
    assert caught.value.message == said


def test_every_failure_is_an_atlas_error(tmp_path: Path) -> None:
    def broken() -> Any:
        yield TEXT
        raise ZeroDivisionError("of the caller")

    with pytest.raises(attnatlas.AtlasError, match="ZeroDivisionError: of the caller"):
        attnatlas.build(broken(), "english", output=tmp_path / "site", store=tmp_path / "store")
    with pytest.raises(attnatlas.AtlasError, match="No corpus"):
        attnatlas.load_corpus("shwcase")
    with pytest.raises(attnatlas.AtlasError):
        attnatlas.build(3, "english", output=tmp_path / "site", store=tmp_path / "store")
    with pytest.raises(attnatlas.AtlasError, match="list of models is empty"):
        attnatlas.build([TEXT], {}, wordpiece(), output=tmp_path / "site")
