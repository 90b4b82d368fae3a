"""Models by name: what is found and how it is pinned, and one sentence for everything else."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from attnatlas.config import Settings
from attnatlas.errors import InputError
from attnatlas.models import LoadedModel, load_model, loaded_from_objects, resolve_model
from attnatlas.models.families import ENCODER_DECODERS, ENCODERS, REFUSALS, refusal, task_of
from attnatlas.models.files import hash_files, read_card
from safetensors.torch import load_file

from tests.capture.tiny import MADE, tiny_model, wordpiece

Folder = Callable[[str], Path]


@pytest.fixture
def bert(folder: Folder, tmp_path: Path) -> Path:
    """Return a copy of the tiny BERT that a test may spoil."""
    return Path(shutil.copytree(folder("bert"), tmp_path / "bert"))


def change_config(folder: Path, **changes: Any) -> Path:
    path = folder / "config.json"
    config = json.loads(path.read_text()) | changes
    path.write_text(json.dumps({key: value for key, value in config.items() if value is not None}))
    return folder


def sentence(name: Path | str, **settings: Any) -> str:
    """Return the one sentence that resolving or loading a model ends with."""
    chosen = Settings(**{"offline": True, **settings})
    with pytest.raises(InputError) as caught:
        load_model(resolve_model(str(name), chosen), chosen)
    message = caught.value.message
    assert message.endswith((".", "?"))
    assert "\n" not in message
    assert caught.value.exit_code == 2
    return message


def test_a_folder_is_found_and_described(folder: Folder) -> None:
    source = resolve_model(str(folder("bert")), Settings())
    info = source.info
    assert (info.name, info.source, info.family) == ("bert", "folder", "encoder")
    assert (info.architecture, info.model_type) == ("BertForMaskedLM", "bert")
    assert (info.layers, info.heads, info.revision) == (3, 4, None)
    weights = folder("bert") / "model.safetensors"
    assert info.parameters == sum(tensor.numel() for tensor in load_file(weights).values())
    assert info.weights_sha256 == hash_files([weights])
    assert info.weights_sha256 is not None
    assert len(info.weights_sha256) == 64


@pytest.mark.parametrize("kind", MADE)
def test_every_family_and_head_is_known_from_the_config(
    kind: str, folder: Folder, loaded: Callable[[str], LoadedModel]
) -> None:
    info = resolve_model(str(folder(kind)), Settings()).info
    model = loaded(kind).model
    assert (info.family == "encoder-decoder") == model.config.is_encoder_decoder
    assert info.layers == len(loaded_layers(model))
    expected = MADE[kind][0]
    if kind == "bart-base":
        expected = "BartForConditionalGeneration"
    if kind == "xlnet":
        expected = "XLNetModel"
    assert type(model).__name__ == expected
    assert not model.training


def loaded_layers(model: Any) -> Any:
    config = model.config
    return range(config.num_hidden_layers)


def test_relative_names_are_kept_and_absolute_ones_are_cut(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder("bert")
    assert resolve_model(str(path), Settings()).info.name == "bert"
    monkeypatch.chdir(path.parent.parent)
    assert (
        resolve_model(f"./{path.parent.name}/bert/", Settings()).info.name
        == f"{path.parent.name}/bert"
    )
    monkeypatch.chdir(path)
    assert resolve_model(".", Settings()).info.name == "bert"


def test_an_embedded_model_is_found_by_its_alias(folder: Folder, monkeypatch: Any) -> None:
    monkeypatch.setattr("attnatlas.zoo.zoo_names", lambda: ["sentiment"])
    monkeypatch.setattr("attnatlas.zoo.zoo_folder", lambda name: folder("bert"))
    info = resolve_model("sentiment", Settings()).info
    assert (info.name, info.source) == ("sentiment", "embedded")
    assert "did you mean 'sentiment'?" in sentence("sentimant")


def test_a_model_on_the_hub_is_found_in_the_cache(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revision = "0123456789abcdef0123456789abcdef01234567"
    cached = tmp_path / "models--org--tiny"
    shutil.copytree(folder("bert"), cached / "snapshots" / revision)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(revision)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    info = resolve_model("org/tiny", Settings(offline=True)).info
    assert (info.name, info.source, info.revision) == ("org/tiny", "hub", revision)
    pinned = resolve_model("org/tiny", Settings(offline=True, revision=revision)).info
    assert pinned == info
    assert "not in the local cache" in sentence("org/tiny", revision="v2")


@pytest.mark.parametrize(
    "name", ["nowhere", "./no/such/folder", "a/b/c", "..", "what ever", "org/none", ""]
)
def test_an_unknown_name_gets_one_sentence(name: str, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
    message = sentence(name) if name != ".." else sentence(tmp_path)
    assert message.startswith("Unknown model") or "no config.json" in message


def test_finding_a_model_needs_neither_torch_nor_transformers(folder: Folder) -> None:
    code = (
        "import sys; from attnatlas.models import resolve_model; "
        "from attnatlas.config import Settings; "
        f"resolve_model({str(folder('bert'))!r}, Settings()).fingerprint(); "
        "print({'torch', 'transformers', 'huggingface_hub'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_fingerprints_change_with_what_they_pin(bert: Path) -> None:
    def fingerprint(**settings: Any) -> str:
        return resolve_model(str(bert), Settings(**settings)).fingerprint()

    first = fingerprint()
    assert fingerprint() == first
    (bert / "README.md").write_text("---\nlicense: mit\n---\n")
    assert fingerprint() == first
    seen = {first, fingerprint(dtype="bfloat16"), fingerprint(task="none")}
    change_config(bert, layer_norm_eps=1e-6)
    seen.add(fingerprint())
    (bert / "tokenizer_config.json").write_text("{}")
    seen.add(fingerprint())
    weights = bytearray((bert / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (bert / "model.safetensors").write_bytes(weights)
    seen.add(fingerprint())
    assert len(seen) == 6


def test_the_card_says_what_a_model_is_about(bert: Path) -> None:
    card = '---\nlicense: "mit"\nabout: Tiny: a model.\ntags:\n- x: y\n---\n# Title\nabout: no\n'
    (bert / "README.md").write_text(card)
    info = resolve_model(str(bert), Settings()).info
    assert (info.licence, info.about) == ("mit", "Tiny: a model.")
    for text in ("", "# Title\n---\nlicense: mit\n---", "---\nlicense: mit\n"):
        (bert / "README.md").write_text(text)
        assert read_card(bert) == {}
    (bert / "README.md").write_bytes(b"---\nlicense: \xff\n---")
    assert read_card(bert) == {}


def test_pickles_are_refused_unless_allowed(bert: Path) -> None:
    weights = load_file(bert / "model.safetensors")
    (bert / "model.safetensors").unlink()
    assert "no weights; model.safetensors is missing" in sentence(bert)
    weights["cls.predictions.decoder.weight"] = weights["bert.embeddings.word_embeddings.weight"]
    weights["cls.predictions.decoder.bias"] = weights["cls.predictions.bias"]
    torch.save(weights, bert / "pytorch_model.bin")
    assert "the weights are a pickle" in sentence(bert)
    settings = Settings(allow_pickle=True)
    source = resolve_model(str(bert), settings)
    assert source.info.parameters is None
    assert load_model(source, settings).task == "masked-lm"


def test_code_from_a_repository_is_never_run(bert: Path) -> None:
    (bert / "evil.py").write_text("raise SystemExit('ran')")
    change_config(bert, auto_map={"AutoConfig": "evil.C", "AutoModelForMaskedLM": "evil.M"})
    settings = Settings()
    assert load_model(resolve_model(str(bert), settings), settings).task == "masked-lm"
    change_config(bert, model_type="evil")
    assert "needs code from its repository" in sentence(bert)
    change_config(bert, auto_map=None)
    assert "does not load" in sentence(bert)


BROKEN: dict[str, Callable[[Path], object]] = {
    "no config.json": lambda bert: (bert / "config.json").unlink(),
    "not JSON": lambda bert: (bert / "config.json").write_text("{"),
    "must hold a JSON object": lambda bert: (bert / "config.json").write_text("[]"),
    "names no model_type": lambda bert: change_config(bert, model_type=None),
    "reads no text": lambda bert: change_config(bert, model_type="resnet", vocab_size=None),
    "is an adapter": lambda bert: (bert / "config.json").rename(bert / "adapter_config.json"),
    "no tokenizer": lambda bert: [file.unlink() for file in bert.glob("tokenizer*")],
    "The tokenizer of model 'bert' does not load": lambda bert: (
        bert / "tokenizer.json"
    ).write_text("{"),
    "not a safetensors file": lambda bert: (bert / "model.safetensors").write_bytes(
        b"\x09" + b"\0" * 7 + b"{"
    ),
    "cut short": lambda bert: (bert / "model.safetensors").write_bytes(b"\2" + b"\0" * 7 + b"{}x"),
    "not have the shapes": lambda bert: change_config(bert, intermediate_size=50),
}


@pytest.mark.parametrize("expected", BROKEN)
def test_a_broken_folder_gets_one_sentence(expected: str, bert: Path) -> None:
    BROKEN[expected](bert)
    assert expected in sentence(bert)


@pytest.mark.parametrize("kind", " ".join(REFUSALS.values()).split())
def test_models_that_cannot_be_shown_are_refused(kind: str, bert: Path) -> None:
    message = sentence(change_config(bert, model_type=kind))
    assert message.startswith("Model 'bert' cannot be shown: ")


def test_block_sparse_bigbird_is_refused() -> None:
    config = {"model_type": "big_bird", "vocab_size": 9}
    assert "original_full" in (refusal(config) or "")
    assert refusal(config | {"attention_type": "original_full"}) is None


def test_lists_of_families_agree_with_transformers() -> None:
    from transformers.models.auto import modeling_auto as auto

    refused = set(" ".join(REFUSALS.values()).split())
    masked = set(auto.MODEL_FOR_MASKED_LM_MAPPING_NAMES) - refused - set(ENCODER_DECODERS.split())
    unknown = {"modernvbert", "neomme", "tapas", "ultrabert", "ultravbert"}
    assert masked - set(ENCODERS.split()) <= unknown
    for name in (*ENCODERS.split(), *ENCODER_DECODERS.split()):
        assert name in transformers.CONFIG_MAPPING or name == "nezha"
    for name in set(ENCODER_DECODERS.split()) - {"encoder-decoder"}:
        assert transformers.CONFIG_MAPPING[name]().is_encoder_decoder


@pytest.mark.parametrize(
    ("architecture", "kind", "task"),
    [
        ("BertModel", "bert", "none"),
        ("BertForPreTraining", "bert", "masked-lm"),
        ("ElectraForPreTraining", "electra", "none"),
        ("GPT2LMHeadModel", "gpt2", "causal-lm"),
        ("GPT2Model", "gpt2", "none"),
        ("T5ForConditionalGeneration", "t5", "translation"),
        ("T5EncoderModel", "t5", "none"),
        ("BartModel", "bart", "translation"),
        ("BartForSequenceClassification", "bart", "classification"),
        ("XLNetLMHeadModel", "xlnet", "none"),
        ("DistilBertForQuestionAnswering", "distilbert", "question-answering"),
        ("Gemma3ForConditionalGeneration", "gemma3", "causal-lm"),
        ("", "bert", "none"),
    ],
)
def test_the_task_follows_the_architecture(architecture: str, kind: str, task: str) -> None:
    assert task_of({"architectures": [architecture], "model_type": kind}) == task


def test_a_task_can_be_chosen(folder: Folder) -> None:
    settings = Settings(task="fill-mask")
    assert load_model(resolve_model(str(folder("bert")), settings), settings).task == "masked-lm"
    assert "lack classifier.bias" in sentence(folder("bert"), task="classification")
    assert "does not load" in sentence(folder("bert"), task="translation")
    assert "did you mean 'masked-lm'" in sentence(folder("bert"), task="maskd-lm")
    assert "use one of" in sentence(folder("bert"), task="zzz")


def test_a_head_that_was_never_trained_is_left_off(bert: Path) -> None:
    settings = Settings()
    change_config(bert, architectures=["BertForSequenceClassification"])
    found = load_model(resolve_model(str(bert), settings), settings)
    assert (found.task, type(found.model).__name__) == ("none", "BertModel")


def test_a_device_that_is_not_there_gets_one_sentence(folder: Folder) -> None:
    assert "Device 'cuda:99' cannot be used" in sentence(folder("bert"), device="cuda:99")
    assert "Device 'toaster' cannot be used" in sentence(folder("bert"), device="toaster")


def test_loading_is_quiet(bert: Path, capfd: pytest.CaptureFixture[str]) -> None:
    settings = Settings(task="none")
    load_model(resolve_model(str(bert), settings), settings)
    assert capfd.readouterr() == ("", "")


def test_objects_are_pinned_by_their_content(tmp_path: Path, folder: Folder) -> None:
    def again(kind: str = "bert") -> LoadedModel:
        architecture = getattr(transformers, MADE[kind][0])
        return loaded_from_objects(architecture.from_pretrained(folder(kind)), wordpiece())

    one, other = again(), again()
    assert one.fingerprint() == other.fingerprint()
    assert (one.info.name, one.info.source, one.task) == ("bert", "object", "masked-lm")
    assert (one.info.family, one.info.layers, one.info.heads) == ("encoder", 3, 4)
    other.tokenizer("The river", truncation=True, max_length=3)
    assert loaded_from_objects(other.model, other.tokenizer).fingerprint() == one.fingerprint()
    with torch.no_grad():
        other.model.bert.embeddings.word_embeddings.weight[0, 0] += 1
    assert loaded_from_objects(other.model, other.tokenizer).fingerprint() != one.fingerprint()
    wide = tiny_model(tmp_path / "wide", "bert", layer_norm_eps=1e-3)
    assert (
        loaded_from_objects(
            transformers.BertForMaskedLM.from_pretrained(wide), wordpiece()
        ).fingerprint()
        != one.fingerprint()
    )


def test_objects_without_a_name_are_called_by_their_class() -> None:
    model = transformers.BertModel(transformers.BertConfig(num_hidden_layers=1, hidden_size=12))
    found = loaded_from_objects(model, wordpiece())
    assert (found.info.name, found.task) == ("BertModel", "none")
