"""Kind 1: weights that do not fit."""

from __future__ import annotations

import shutil
from pathlib import Path

import torch

from tests.capture.tiny import tiny_model
from tests.kinds.case import Case
from tests.kinds.spoilt import (
    READ,
    SECOND,
    TEXT,
    base,
    config,
    cut,
    gone,
    model,
    nan,
    of_type,
    pickled,
    pointer,
    renamed,
    sharded,
    weights,
    without,
    wrapped_twice,
)

ADAPTER = '{"peft_type": "LORA", "base_model_name_or_path": "gone/base"}'
CASES = [
    Case(1, "names with module. before them", READ, model("bert", renamed("module.")), 2),
    Case(1, "names with _orig_mod. before them", READ, model("gpt2", renamed("_orig_mod.")), 2),
    Case(1, "names with model. before them", READ, model("bert", renamed("model.")), 2),
    Case(1, "two wrappers", READ, model("bert", renamed("module._orig_mod.")), 2),
    Case(1, "a tensor missing", READ, model("bert", without("layer.1.attention.self.key.bias")), 2),
    Case(1, "a layer missing", READ, model("gpt2", without("h.1.")), 2),
    Case(1, "more layers in the config", READ, model("bert", config(num_hidden_layers=3)), 2),
    Case(1, "fewer layers in the config", READ, model("bert", config(num_hidden_layers=1)), 2),
    Case(1, "another width in the config", READ, model("bert", config(intermediate_size=64)), 2),
    Case(
        1,
        "heads that do not divide the width",
        READ,
        model("bert", config(num_attention_heads=5)),
        2,
    ),
    Case(1, "a head that is not in the file", READ, model("bert-classifier", base), 2),
    Case(
        1,
        "more labels than the head has",
        READ,
        model(
            "bert-classifier", config(id2label={str(n): f"L{n}" for n in range(5)}, label2id=None)
        ),
        2,
    ),
    Case(
        1,
        "one tensor more",
        READ,
        model("bert", weights(lambda found: found | {"extra.weight": torch.ones(2)})),
    ),
    Case(1, "in shards", READ, model("bert", sharded())),
    Case(1, "a shard missing", READ, model("bert", sharded(**{"layer.1": SECOND})), 2),
    Case(
        1,
        "a shard that is elsewhere",
        READ,
        model("bert", sharded(**{"layer.1": f"../{SECOND}"})),
        2,
    ),
    Case(
        1,
        "an index that is no JSON",
        READ,
        model(
            "bert",
            sharded(),
            lambda folder: (folder / "model.safetensors.index.json").write_text("{"),
        ),
        2,
    ),
    Case(1, "a pickle", READ, model("bert", pickled), 2),
    Case(
        1,
        "a pickle, allowed",
        "attnatlas build x.jsonl -m m --allow-pickle",
        model("bert", pickled),
    ),
    Case(1, "cut off", READ, model("bert", cut), 2),
    Case(1, "a pointer of Git LFS", READ, model("bert", pointer), 2),
    Case(
        1,
        "an empty file",
        READ,
        model("bert", lambda folder: (folder / "model.safetensors").write_bytes(b"")),
        2,
    ),
    Case(1, "bfloat16", READ, model("bert", of_type(torch.bfloat16))),
    Case(1, "eight bits with a point", READ, model("bert", of_type(torch.float8_e4m3fn)), 2),
    Case(1, "whole numbers of eight bits", READ, model("bert", of_type(torch.int8)), 2),
    Case(1, "NaN", READ, model("bert", weights(nan)), 2),
    Case(1, "no config", READ, model("bert", gone("config.json")), 2),
    Case(
        1,
        "a config that is no JSON",
        READ,
        model("bert", lambda folder: (folder / "config.json").write_text("{'a': 1}")),
        2,
    ),
    Case(
        1,
        "a config that is a list",
        READ,
        model("bert", lambda folder: (folder / "config.json").write_text("[]")),
        2,
    ),
    Case(1, "a config without architectures", READ, model("bert", config(architectures=None))),
    Case(1, "a config without a type", READ, model("bert", config(model_type=None)), 2),
    Case(1, "a type that is unknown", READ, model("bert", config(model_type="bort")), 2),
    Case(
        1,
        "code of its own",
        READ,
        model("bert", config(model_type="mine", auto_map={"AutoModel": "mine.Model"})),
        2,
    ),
    Case(1, "no weights", READ, model("bert", gone("model.safetensors")), 2),
    Case(
        1, "no tokenizer", READ, model("bert", gone("tokenizer.json", "tokenizer_config.json")), 2
    ),
    Case(
        1,
        "the file of weights for the folder",
        "attnatlas build x.jsonl -m m/model.safetensors",
        model("bert"),
        2,
    ),
    Case(
        1, "the config for the folder", "attnatlas build x.jsonl -m m/config.json", model("bert"), 2
    ),
    Case(1, "a folder in its folder", READ, model("bert", wrapped_twice), 2),
    Case(1, "an empty folder", READ, {"m/.keep": "", "x.jsonl": TEXT}, 2),
    Case(1, "a corpus for the model", "attnatlas build x.jsonl -m x.jsonl", {"x.jsonl": TEXT}, 2),
    Case(
        1,
        "an adapter without its base",
        READ,
        {"m/adapter_config.json": ADAPTER, "x.jsonl": TEXT},
        2,
    ),
    Case(
        1,
        "a model of pictures",
        READ,
        model("bert", config(model_type="vit", architectures=["ViTModel"])),
        2,
    ),
    Case(
        1,
        "other weights than its config",
        READ,
        model(
            "gpt2",
            lambda folder: shutil.copy(tiny_model(Path("n"), "bert") / "model.safetensors", folder),
        ),
        2,
    ),
]
