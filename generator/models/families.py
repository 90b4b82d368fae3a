"""What a model's `config.json` says: family, size, task, and whether its attention can be shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from .info import Family

Config = Mapping[str, Any]
Task = Literal[
    "classification",
    "token-classification",
    "question-answering",
    "masked-lm",
    "causal-lm",
    "translation",
    "none",
]

# Whoever is neither here nor an encoder-decoder reads from left to right.
ENCODERS = """
    albert bert camembert convbert data2vec-text deberta deberta-v2 distilbert electra ernie esm
    esmc eurobert flaubert gte ibert jina_embeddings_v3 layoutlm luke markuplm megatron-bert
    mobilebert modernbert mpnet nezha nomic_bert rembert roberta roberta-prelayernorm roc_bert
    roformer splinter squeezebert xlm xlm-roberta xlm-roberta-xl xlnet xmod big_bird"""
ENCODER_DECODERS = """
    bart blenderbot blenderbot-small encoder-decoder fsmt m2m_100 marian mbart mt5 mvp nllb-moe
    pegasus pegasus_x plbart switch_transformers t5 t5gemma umt5"""
BLOCKS = "it attends in blocks and windows, and there is no full token-by-token matrix to show"
REFUSALS = {
    BLOCKS: "longformer led longt5 bigbird_pegasus",
    "it attends within hash buckets, and there is no token-by-token matrix to show": "reformer",
    "it approximates attention, and the exact matrix is never computed": "nystromformer yoso mra",
    "it pools tokens between layers, so that no two layers see the same tokens": "canine funnel",
    "it attends to latents, not to tokens": "perceiver",
    "it predicts several tokens ahead in parallel, which no single map shows": "prophetnet",
    "it has no attention at all": "mamba mamba2 falcon_mamba rwkv xlstm fnet",
    "only some of its layers have attention": """bamba falcon_h1 granitemoehybrid jamba kimi_linear
        lfm2 minimax nemotron_h olmo_hybrid qwen3_next recurrent_gemma zamba zamba2""",
    "it reads sound or images, not texts": """hubert musicgen sew speech-encoder-decoder
        speech_to_text trocr unispeech unispeech-sat vision-encoder-decoder wav2vec2 wav2vec2-bert
        wav2vec2-conformer wavlm whisper""",
}
TASK_SUFFIXES: dict[str, Task] = {
    "ForSequenceClassification": "classification",
    "ForTokenClassification": "token-classification",
    "ForQuestionAnsweringSimple": "question-answering",
    "ForQuestionAnswering": "question-answering",
    "ForMaskedLM": "masked-lm",
    "WithLMHeadModel": "masked-lm",
    "ForPreTraining": "masked-lm",
    "ForCausalLM": "causal-lm",
    "LMHeadModel": "causal-lm",
    "ForConditionalGeneration": "translation",
    "MTModel": "translation",
    "EncoderDecoderModel": "translation",
}
TASK_NAMES: dict[str, Task] = {
    "text-classification": "classification",
    "sentiment-analysis": "classification",
    "ner": "token-classification",
    "fill-mask": "masked-lm",
    "text-generation": "causal-lm",
    "text2text-generation": "translation",
    "summarization": "translation",
} | {task: task for task in Task.__args__}  # type: ignore[attr-defined]


SAME_NAMES: tuple[set[Task], ...] = (
    {"classification", "token-classification"},
    {"masked-lm", "causal-lm"},
)
"""Tasks whose heads have weights of the same names, so that one is read as the other."""


def text_config(config: Config) -> Config:
    """Return the part of a config that describes the stack that reads text."""
    for part in ("text_config", "encoder"):
        if isinstance(config.get(part), dict):
            return {**config, **config[part], "model_type": config.get("model_type")}
    return config


def family_of(config: Config) -> Family:
    """Return which stacks a model has."""
    kind = str(config.get("model_type", ""))
    if architecture_of(config).endswith("EncoderModel"):
        return "encoder"
    if config.get("is_encoder_decoder", kind in ENCODER_DECODERS.split()):
        return "encoder-decoder"
    if kind in ENCODERS.split() and not config.get("is_decoder"):
        return "encoder"
    return "decoder"


def architecture_of(config: Config) -> str:
    """Return the class the weights were saved from, as far as the config says."""
    names = config.get("architectures")
    return str(names[0]) if isinstance(names, list) and names else ""


LAYERS = ("num_hidden_layers", "n_layer", "n_layers", "encoder_layers", "num_layers")
HEADS = ("num_attention_heads", "n_head", "n_heads", "encoder_attention_heads", "num_heads")
COUNTED = (*LAYERS, *HEADS, "decoder_layers", "num_decoder_layers")
MOST_OF = {**dict.fromkeys(COUNTED, 10_000), "num_labels": 1_000_000}
"""What a model may have at most of something: more would take for ever before it was missed."""


def shape_of(config: Config) -> tuple[int, int]:
    """Return layers and query heads, those of the encoder if there are two stacks; 0 if unsaid."""
    text = text_config(config)
    return _first_count(text, LAYERS), _first_count(text, HEADS)


def task_of(config: Config) -> Task:
    """Return what a model was trained to do, by the name of its class."""
    name, kind = architecture_of(config), config.get("model_type")
    if kind == "xlnet" or (kind == "electra" and name.endswith("ForPreTraining")):
        return "none"
    fitting: list[Task] = [task for end, task in TASK_SUFFIXES.items() if name.endswith(end)]
    task = fitting[0] if fitting else "none"
    if family_of(config) == "encoder-decoder":
        return "translation" if task in ("none", "masked-lm", "causal-lm") else task
    return "causal-lm" if task == "translation" else task


def names_head(config: Config) -> bool:
    """Say whether the class that the weights were saved from has a head of its own."""
    return architecture_of(config).endswith(tuple(TASK_SUFFIXES))


def refusal(config: Config) -> str | None:
    """Return why a model's attention cannot be shown, as the end of a sentence, or None."""
    kind = str(config.get("model_type", ""))
    if not kind:
        return "its config.json names no model_type"
    if kind == "big_bird" and config.get("attention_type") != "original_full":
        return f'{BLOCKS} unless its attention_type is "original_full"'
    for reason, names in REFUSALS.items():
        if kind in names.split():
            return reason
    if "vocab_size" not in text_config(config) and kind != "encoder-decoder":
        return "it reads no text"
    layers, heads = (_counted(text_config(config), names) for names in (LAYERS, HEADS))
    for name, count in (*layers, *heads):
        if count == 0:
            return f"its config.json gives 0 as {name}, which no model has"
    for name, count in text_config(config).items():
        if name in MOST_OF and isinstance(count, int) and not 0 <= count <= MOST_OF[name]:
            return f"its config.json gives {count} as {name}, which no model has"
    return None


def _first_count(config: Config, names: tuple[str, ...]) -> int:
    return next((count for _, count in _counted(config, names)), 0)


def _counted(config: Config, names: tuple[str, ...]) -> list[tuple[str, int]]:
    """Return the first of some names that a config gives a number, with it, if there is one."""
    found = ((name, config.get(name)) for name in names)
    return [(name, count) for name, count in found if isinstance(count, int)][:1]
