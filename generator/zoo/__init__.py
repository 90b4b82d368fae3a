"""The embedded models: weights, tokenizer and card in one folder each."""

from pathlib import Path

ALIASES: dict[str, str] = {
    "english": "english",
    "sentiment": "sentiment",
    "en-fr": "en_fr",
    "stories": "stories",
}


def zoo_folder(name: str) -> Path:
    """Return the folder of the embedded model `name`, whether or not its weights are there."""
    return Path(__file__).parent / ALIASES[name]


def zoo_names() -> list[str]:
    """List the embedded models whose weights are there."""
    return [name for name in ALIASES if (zoo_folder(name) / "model.safetensors").is_file()]
