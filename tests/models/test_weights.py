"""Every number of a model comes from its file, or the model is refused in one sentence."""

import json
import os
import shutil
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from attnatlas.build import build_site
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, Skipped
from attnatlas.errors import InputError
from attnatlas.models import LoadedModel, load_model, resolve_model
from safetensors.torch import load_file, save_file

from tests.capture.tiny import GROUPED, MADE, byte_bpe, tiny_model

SMALL: dict[str, dict[str, Any]] = {
    "bert": {"num_hidden_layers": 2},
    "bert-classifier": {"num_hidden_layers": 2},
    "roberta": {"num_hidden_layers": 1, "tie_word_embeddings": False},
    "electra": {"num_hidden_layers": 1},
    "albert": {"num_hidden_layers": 1},
    "gpt2": {"n_layer": 2},
    "llama": {"num_hidden_layers": 2},
    "qwen2": {"num_hidden_layers": 1, "tie_word_embeddings": True},
    "gpt_oss": {"num_hidden_layers": 1},
    "mixtral": {"num_hidden_layers": 1, "num_local_experts": 3},
    "t5": {"num_layers": 1, "num_decoder_layers": 1},
    "mt5": {"num_layers": 1, "num_decoder_layers": 1, "tie_word_embeddings": False},
    "bart": {"encoder_layers": 1, "decoder_layers": 1},
    "marian": {"encoder_layers": 1, "decoder_layers": 1},
}
"""Small models of every family, their output weights tied and untied."""


def load(folder: Path, **settings: Any) -> LoadedModel:
    chosen = Settings(offline=True, **settings)
    return load_model(resolve_model(str(folder), chosen), chosen)


def sentence(folder: Path, **settings: Any) -> str:
    """Return the one sentence that loading ends with."""
    with pytest.raises(InputError) as caught:
        load(folder, **settings)
    message = caught.value.message
    assert message.endswith((".", "?"))
    assert "\n" not in message
    assert caught.value.exit_code == 2
    return message


def loaded_or_refused(folder: Path) -> LoadedModel | str:
    try:
        return load(folder)
    except InputError:
        return sentence(folder)


def outputs(model: LoadedModel) -> torch.Tensor:
    ids = torch.tensor([[3, 4, 5, 6, 2]])
    inputs = {"decoder_input_ids": ids} if model.model.config.is_encoder_decoder else {}
    with torch.no_grad():
        found: torch.Tensor = model.model(input_ids=ids, **inputs).logits
    return found


def spoilt(folder: Path, weights: dict[str, torch.Tensor]) -> Path:
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    return folder


@pytest.mark.parametrize("kind", SMALL)
def test_a_model_without_one_of_its_tensors_is_the_same_or_refused(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MADE, "mixtral", ("MixtralForCausalLM", GROUPED, byte_bpe))
    folder = tiny_model(tmp_path / kind, kind, **SMALL[kind])
    whole = load_file(folder / "model.safetensors")
    before = load(folder)
    state, said = before.model.state_dict(), outputs(before)
    refused = 0
    for name in whole:
        spoilt(folder, {n: w for n, w in whole.items() if n != name})
        after = loaded_or_refused(folder)
        if isinstance(after, str):
            assert "lack" in after or "do not have the shapes" in after, name
            refused += 1
            continue
        same = after.model.state_dict()
        assert set(same) == set(state), name
        assert all(torch.equal(same[key], state[key]) for key in state), name
        assert torch.equal(outputs(after), said), name
    assert refused >= len(whole) - 2


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "bert", "bert", num_hidden_layers=2)


def renamed(folder: Path, name: Any) -> Path:
    """Save the weights under other names."""
    whole = load_file(folder / "model.safetensors")
    return spoilt(folder, {name(key): weight for key, weight in whole.items()})


WRAPPED: dict[str, tuple[Any, str]] = {
    "ddp": (lambda key: f"module.{key}", "'module.', which DataParallel or Distributed"),
    "compile": (lambda key: f"_orig_mod.{key}", "'_orig_mod.', which torch.compile adds; save"),
    "both": (lambda key: f"_orig_mod.module.{key}", "torch.compile adds; save the model inside"),
    "inner": (lambda key: key.replace("layer.0.", "layer.0._orig_mod."), "torch.compile"),
    "lightning": (lambda key: f"net.{key}", "begin with 'net.', which a class around the model"),
    "peft": (lambda key: f"base_model.model.{key}", "model.merge_and_unload()"),
    "fsdp": (lambda key: key.replace("layer.", "layer._fsdp_wrapped_module."), "FullySharded"),
    "two classes": (lambda key: f"net.model.{key}", "begin with 'net.model.', which a class"),
    "sentences": (lambda key: f"0.auto_model.{key}", "begin with '0.auto_model.', which a class"),
    "both kinds": (lambda key: f"module.net.{key}", "begin with 'module.net.', which a class"),
}


@pytest.mark.parametrize("wrapper", WRAPPED)
def test_names_that_a_wrapper_changed_are_said_and_what_to_save_instead(
    wrapper: str, bert: Path
) -> None:
    rename, said = WRAPPED[wrapper]
    assert said in sentence(renamed(bert, rename))


@pytest.mark.parametrize("kind", ["gpt2", "llama", "bart", "marian", "t5", "mt5"])
@pytest.mark.parametrize("wrapper", ["ddp", "compile", "lightning"])
def test_a_wrapper_is_told_in_every_family(kind: str, wrapper: str, tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / kind, kind, **SMALL[kind])
    rename, said = WRAPPED[wrapper]
    assert said in sentence(renamed(folder, rename))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda file: file.write_text(
                "version https://git-lfs.github.com/spec/v1\noid sha256:0"
            ),
            "model.safetensors: a pointer of Git LFS to the weights; fetch them with git lfs pull",
        ),
        (
            lambda file: file.write_bytes(file.read_bytes()[:900]),
            "not a safetensors file, or cut short; copy it anew",
        ),
        (
            lambda file: file.rename(file.with_suffix(".gguf")),
            "no weights but model.gguf, which is of llama.cpp; model.safetensors is missing",
        ),
        (
            lambda file: file.rename(file.with_name("consolidated.safetensors")),
            "is missing, and consolidated.safetensors is not a name that is read",
        ),
    ],
)
def test_what_is_there_instead_of_weights_is_named(spoil: Any, said: str, bert: Path) -> None:
    spoil(bert / "model.safetensors")
    assert said in sentence(bert)


def test_tensors_without_use_are_said_on_the_site_whether_the_model_is_loaded_or_not(
    bert: Path, tmp_path: Path
) -> None:
    spoilt(bert, load_file(bert / "model.safetensors") | {"extra.weight": torch.zeros(2)})
    (tmp_path / "texts.txt").write_text("The river\n")
    said = "Model 'bert' has no use for extra.weight, which its file holds"
    for title in ("First", "Second"):
        report = build_site(
            Settings(
                corpora=(str(tmp_path / "texts.txt"),),
                models=(str(bert),),
                title=title,
                output=tmp_path / "site",
                store=tmp_path / "store",
                without=("twins", "asking-the-model"),
            )
        )
        assert report.notes.count(said) == 1
        atlas = json.loads((tmp_path / "site" / "atlas.json").read_text("utf-8"))
        assert said in atlas["provenance"]["notes"]
        assert said in unescape((tmp_path / "site" / "about.html").read_text("utf-8"))


def changed(folder: Path, **changes: Any) -> Path:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return folder


@pytest.mark.parametrize("kind", ["bert", "llama", "t5"])
@pytest.mark.parametrize(("by", "said"), [(1, "lack"), (-1, "config.json has no layer")])
def test_more_or_fewer_layers_than_the_file_has_are_refused(
    kind: str, by: int, said: str, tmp_path: Path
) -> None:
    folder = tiny_model(tmp_path / kind, kind)
    name = "num_decoder_layers" if kind == "t5" else "num_hidden_layers"
    message = sentence(changed(folder, **{name: 3 + by}))
    assert said in message


def test_a_bias_that_the_config_leaves_out_is_refused(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "llama", "llama", attention_bias=True)
    assert "which its config.json leaves out" in sentence(changed(folder, attention_bias=False))


@pytest.mark.parametrize(
    "beside",
    [
        "transformer.h.0.attn.c_attn.lora_A.default.weight",
        "transformer.h.0.mlp.adapters.mine.down.weight",
        "transformer.h.0.mlp.c_fc.weight.absmax",
    ],
)
def test_what_would_change_a_layer_from_beside_it_is_refused(beside: str, tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "gpt2", "gpt2")
    spoilt(folder, load_file(folder / "model.safetensors") | {beside: torch.zeros(2)})
    assert f"hold {beside}, which would change it and has no place in it" in sentence(folder)


def test_a_config_of_another_kind_is_told_from_a_class_around_the_model(bert: Path) -> None:
    changed(bert, model_type="roberta", architectures=["RobertaForMaskedLM"])
    said = sentence(bert)
    assert "begin with 'bert.', which another kind of model has, or a class around" in said
    assert "put the config.json beside them that they were saved with" in said


@pytest.mark.parametrize("name", ["num_hidden_layers", "num_attention_heads"])
def test_a_config_without_layers_or_heads_is_refused(name: str, bert: Path) -> None:
    assert f"its config.json gives 0 as {name}" in sentence(changed(bert, **{name: 0}))


@pytest.mark.parametrize(
    ("kind", "task"), [("bert", "causal-lm"), ("bert-classifier", "ner"), ("bert-tagger", "none")]
)
def test_a_head_is_not_read_as_one_whose_weights_have_the_same_names(
    kind: str, task: str, tmp_path: Path
) -> None:
    folder = tiny_model(tmp_path / kind, kind)
    if task == "none":
        assert load(folder, task=task).task == "none"
        return
    assert "as its config.json says; leave --task out" in sentence(folder, task=task)


def pickled(folder: Path, content: Any) -> str:
    torch.save(content, folder / "pytorch_model.bin")
    return sentence(folder, allow_pickle=True)


def test_a_pickle_that_is_no_list_of_weights_is_refused(bert: Path) -> None:
    whole = load_file(bert / "model.safetensors")
    (bert / "model.safetensors").unlink()
    for odd in ([torch.ones(2)], torch.ones(2), {1: torch.ones(2)}):
        assert "a pickle that is no list of weights by name; save" in pickled(bert, odd)
    assert "lie under 'state_dict', in a checkpoint" in pickled(bert, {"state_dict": whole})
    assert "which is never read" in pickled(bert, torch.nn.Linear(2, 2))
    names = {name: weight.to(torch.int8) for name, weight in whole.items()}
    assert "is I8 in its file, and not as it was trained" in pickled(bert, names)
    (bert / "pytorch_model.bin").write_bytes(b"junk" * 40)
    assert "a pickle that holds no weights" in sentence(bert, allow_pickle=True)


def test_the_newest_checkpoint_in_a_folder_is_named(bert: Path, tmp_path: Path) -> None:
    for step in (500, 1000):
        shutil.copytree(bert, tmp_path / "run" / f"checkpoint-{step}")
    assert sentence(tmp_path / "run").endswith(f"did you mean {tmp_path}/run/checkpoint-1000?")


def test_output_weights_that_are_tied_nowhere_are_refused(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "gpt2", "gpt2")
    assert "lack lm_head.weight" in sentence(changed(folder, tie_word_embeddings=False))


def test_shapes_that_differ_are_refused(bert: Path) -> None:
    whole = load_file(bert / "model.safetensors")
    narrow = {name: weight[:-1].clone() for name, weight in whole.items() if "query" in name}
    said = sentence(spoilt(bert, whole | narrow))
    assert "do not have the shapes that its config.json gives (bert.encoder.layer.0" in said
    assert "query.bias is 31, not 32" in said or "query.weight is 31×32, not 32×32" in said


@pytest.mark.parametrize("dtype", [torch.int8, torch.float8_e4m3fn, torch.bool])
def test_weights_of_a_type_that_none_are_trained_in_are_refused(
    dtype: torch.dtype, bert: Path
) -> None:
    whole = load_file(bert / "model.safetensors")
    odd = {name: weight.to(dtype) for name, weight in whole.items() if "1.output.dense" in name}
    said = sentence(spoilt(bert, whole | odd))
    assert "bert.encoder.layer.1.output.dense" in said
    assert "and not as it was trained; save the model as it was before it was quantised" in said


def test_a_file_that_is_cut_short_is_named(bert: Path) -> None:
    file = bert / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-1])
    assert sentence(bert) == f"{file}: not a safetensors file, or cut short; copy it anew."


def test_a_head_that_is_not_there_is_refused_and_the_bare_model_can_be_read(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "bert", "bert-classifier")
    whole = load_file(folder / "model.safetensors")
    spoilt(folder, {n: w for n, w in whole.items() if not n.startswith("classifier")})
    message = sentence(folder)
    assert "lack classifier.bias and 1 more" in message
    assert message.endswith("; --task none reads it without its head.")
    assert load(folder, task="none").remarks == ()
    assert "was not trained for the task 'text-classification'" in sentence(
        folder, task="text-classification"
    )


def test_a_bare_model_needs_no_pooler_and_not_half_of_one(bert: Path) -> None:
    changed(bert, architectures=["BertModel"])
    found = load(bert)
    assert found.task == "none"
    [said] = found.remarks
    assert "no use for cls.predictions.bias and 4 more, which its file holds" in said
    half = {"bert.pooler.dense.bias": torch.zeros(32)}
    assert "lack pooler.dense.weight" in sentence(
        spoilt(bert, load_file(bert / "model.safetensors") | half)
    )


def test_another_head_in_the_file_is_said(bert: Path) -> None:
    found = load(changed(bert, architectures=["BertForSequenceClassification"]))
    assert found.task == "none"
    assert "is read without a head: its file lacks classifier.bias and 3 more" in found.remarks[0]


def test_tables_of_sinusoids_are_computed_where_both_are_left_out(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "marian", "marian")
    state = load(folder).model.state_dict()
    table = transformers.models.marian.modeling_marian.MarianSinusoidalPositionalEmbedding(64, 32)
    for side in ("encoder", "decoder"):
        assert torch.equal(state[f"model.{side}.embed_positions.weight"], table.create_weight())
    whole = load_file(folder / "model.safetensors")
    one = {"model.encoder.embed_positions.weight": table.create_weight()}
    assert "lack model.decoder.embed_positions.weight" in sentence(spoilt(folder, whole | one))


def test_a_bias_of_logits_that_is_not_there_is_zero_and_said(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "bart", "bart")
    whole = load_file(folder / "model.safetensors")
    spoilt(folder, {name: w for name, w in whole.items() if name != "final_logits_bias"})
    [said] = load(folder).remarks
    assert "reads its final_logits_bias as zero" in said


def sharded(folder: Path) -> dict[str, Any]:
    """Save the weights in two parts; return their index."""
    whole = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    names = sorted(whole)
    parts = {"model-00001-of-00002.safetensors": names[::2]}
    parts["model-00002-of-00002.safetensors"] = names[1::2]
    for part, held in parts.items():
        save_file({name: whole[name] for name in held}, folder / part, {"format": "pt"})
    places = {name: part for part, held in parts.items() for name in held}
    return write_index(folder, {"metadata": {}, "weight_map": places})


def write_index(folder: Path, index: Any) -> Any:
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    return index


def test_weights_in_parts_load_as_one_and_need_every_part(bert: Path) -> None:
    state = load(bert).model.state_dict()
    index = sharded(bert)
    again = load(bert).model.state_dict()
    assert all(torch.equal(again[name], state[name]) for name in state)
    second = bert / "model-00002-of-00002.safetensors"
    held = load_file(second)
    gone = sorted(held)[:2]
    save_file({n: w for n, w in held.items() if n not in gone}, second, {"format": "pt"})
    assert "lack" in sentence(bert)
    second.unlink()
    assert "00002-of-00002.safetensors is missing, which model.safetensors.index" in sentence(bert)
    write_index(bert, index | {"weight_map": {}})
    assert "needs a weight_map" in sentence(bert)
    (bert / "model.safetensors.index.json").unlink()
    assert "index.json, their list, is missing" in sentence(bert)


def outside(folder: Path, how: str) -> None:
    """Name a file of weights elsewhere."""
    other = tiny_model(folder.parent / "other", "bert", num_hidden_layers=2)
    shutil.copy(other / "model.safetensors", folder / "other.safetensors")
    if how == "config":
        changed(folder, transformers_weights="other.safetensors")
        return
    place = {"up": "../other/model.safetensors", "beside": "other.safetensors"}.get(how)
    index = sharded(folder)
    places = {name: place or str(other / "model.safetensors") for name in index["weight_map"]}
    write_index(folder, index | {"weight_map": places})


@pytest.mark.parametrize("how", ["config", "up", "beside", "absolute"])
def test_weights_from_another_file_than_the_hashed_ones_are_refused(how: str, bert: Path) -> None:
    outside(bert, how)
    message = sentence(bert)
    assert "names" in message
    assert "other" in message


def test_an_index_brings_no_pickle_in(bert: Path) -> None:
    torch.save(load_file(bert / "model.safetensors"), bert / "pytorch_model.bin")
    index = sharded(bert)
    write_index(
        bert, index | {"weight_map": dict.fromkeys(index["weight_map"], "pytorch_model.bin")}
    )
    assert "'pytorch_model.bin', which is no file of these weights" in sentence(bert)
    assert "no file of these weights" in sentence(bert, allow_pickle=True)


def test_what_is_hashed_is_what_is_loaded(bert: Path) -> None:
    def pinned() -> str:
        return resolve_model(str(bert), Settings()).fingerprint()

    first = pinned()
    shutil.copy(bert / "model.safetensors", bert / "model-of-yesterday.safetensors")
    (bert / "pytorch_model.bin").write_bytes(b"not read")
    assert pinned() == first
    changed(bert, transformers_weights="model-of-yesterday.safetensors")
    (bert / "model.safetensors").write_bytes(b"not read")
    assert load(bert).info.weights_sha256


def test_links_to_blobs_are_followed_and_hashed(bert: Path, tmp_path: Path) -> None:
    plain = resolve_model(str(bert), Settings()).info.weights_sha256
    blob = (bert / "model.safetensors").rename(tmp_path / "blob")
    (bert / "model.safetensors").symlink_to(blob)
    found = load(bert)
    assert found.info.weights_sha256 == plain
    blob.write_bytes(blob.read_bytes()[:-1] + b"\1")
    assert resolve_model(str(bert), Settings()).info.weights_sha256 != plain


def test_a_distributed_checkpoint_is_refused(bert: Path) -> None:
    name = "shard-00001-model-00001-of-00001.safetensors"
    shutil.copy(bert / "model.safetensors", bert / name)
    assert "a part of a distributed checkpoint" in sentence(bert)


@pytest.mark.parametrize("named", ["flash_attention_2", "sdpa", "nonsense", "someone/kernels"])
@pytest.mark.parametrize("kind", ["bert", "falcon", "t5"])
def test_attention_is_shown_whatever_a_config_asks_for(
    kind: str, named: str, tmp_path: Path
) -> None:
    folder = tiny_model(tmp_path / kind, kind)
    plain = captured(load(folder))
    changed(folder, _attn_implementation=named, attn_implementation=named)
    again = captured(load(folder))
    assert np.array_equal(plain.maps[0].weights, again.maps[0].weights)


def captured(model: LoadedModel, **fields: str) -> Any:
    [(_, found)] = capture_records(
        model, [Record("r", "The river is muddy.", **fields)], Settings()
    )
    return found


@pytest.mark.parametrize("kind", ["bert", "gpt2", "t5"])
def test_a_token_without_an_embedding_is_said(kind: str, tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / kind, kind)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    rows = len(tokenizer)
    tokenizer.add_tokens(["zyx"])
    tokenizer.save_pretrained(folder)
    model = load(folder)
    records = [Record("r", "The river."), Record("s", "A zyx.")]
    if kind == "t5":
        records.append(Record("t", "The river.", target="A zyx."))
    found = dict(capture_records(model, records, Settings()))
    assert not isinstance(found[0], Skipped)
    said = f"'zyx' has the number {rows}, and the model has {rows} embeddings"
    assert all(said in found[at].reason for at in range(1, len(records)))  # type: ignore[union-attr]


def test_a_quantised_model_is_refused(bert: Path) -> None:
    changed(bert, quantization_config={"quant_method": "gptq", "bits": 4})
    assert "is quantised, and its weights are not as they were trained" in sentence(bert)


MASKS = {f"h.{layer}.attn.masked_bias": torch.tensor(-1e4) for layer in range(3)}
OLD: dict[str, tuple[str, Any, dict[str, torch.Tensor]]] = {
    "names of 2018": (
        "bert",
        lambda key: key.replace("Norm.weight", "Norm.gamma").replace("Norm.bias", "Norm.beta"),
        {"bert.embeddings.position_ids": torch.arange(64)[None]},
    ),
    "no prefix": ("gpt2", lambda key: key.removeprefix("transformer."), MASKS),
    "half a prefix": ("opt", lambda key: key.removeprefix("model."), {}),
    "another head": (
        *("roberta", lambda key: key),
        {"roberta.pooler.dense.weight": torch.zeros(32, 32)},
    ),
}


@pytest.mark.parametrize("old", OLD)
def test_files_of_older_versions_load_as_they_always_did(old: str, tmp_path: Path) -> None:
    kind, rename, besides = OLD[old]
    folder = tiny_model(tmp_path / kind, kind)
    state = load(folder).model.state_dict()
    found = load(spoilt(renamed(folder, rename), load_file(folder / "model.safetensors") | besides))
    again = found.model.state_dict()
    assert set(again) == set(state)
    assert all(torch.equal(again[name], state[name]) for name in state)


def test_a_model_of_texts_and_pictures_reads_no_text_alone(tmp_path: Path) -> None:
    sizes = {
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
    }
    pictures = {**sizes, "image_size": 16, "patch_size": 8}
    config = transformers.CLIPConfig(
        text_config={**sizes, "vocab_size": 200}, vision_config=pictures, projection_dim=16
    )
    transformers.CLIPModel(config).save_pretrained(tmp_path / "clip")
    MADE["bert"][2]().save_pretrained(tmp_path / "clip")
    skipped = captured(load(tmp_path / "clip"))
    assert isinstance(skipped, Skipped)


def test_a_folder_whose_name_is_no_utf_8_is_to_be_renamed(bert: Path, tmp_path: Path) -> None:
    place = Path(os.fsdecode(os.fsencode(tmp_path) + b"/m\xe9"))
    bert.rename(place)
    assert resolve_model(str(place), Settings()).fingerprint()
    assert sentence(place).startswith("Model 'm\\\\xe9' does not load: the name of its folder")
