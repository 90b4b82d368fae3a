"""Measure an embedded model: `python -m attnatlas.training.evaluate NAME --data FOLDER`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ..models.headers import count_parameters
from ..zoo import ALIASES, zoo_folder
from .measure import Figure, table

CLASSES = {
    "english": "AutoModelForMaskedLM",
    "sentiment": "AutoModelForSequenceClassification",
    "en-fr": "AutoModelForSeq2SeqLM",
    "stories": "AutoModelForCausalLM",
}
MAIN = {
    "english": "pronouns.authored",
    "sentiment": "accuracy.authored",
    "en-fr": "agreement.grammar",
    "stories": "head.previous",
}
TEXTS = "showcase"


@click.command()
@click.argument("name", type=click.Choice(list(ALIASES)))
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    help="Folder with the test sets.",
)
@click.option("--folder", type=click.Path(path_type=Path), help="Model folder [the embedded one].")
@click.option("--threads", type=int, default=1, show_default=True)
def main(name: str, data: Path, folder: Path | None, threads: int) -> None:
    """Measure the embedded model NAME and write metrics.json beside its weights."""
    import torch

    torch.set_num_threads(threads)
    folder = folder or zoo_folder(name)
    model, tokenizer = load(name, folder)
    figures, failures = measure(name, data, model, tokenizer)
    head_figures, strongest_heads = head_report(name, model, tokenizer)
    report = {
        "model": name,
        "main": MAIN[name],
        "parameters": count_parameters([folder / "model.safetensors"]),
        "figures": table(figures + head_figures),
        "habits": strongest_heads,
        "failures": failures,
    }
    text = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    (folder / "metrics.json").write_text(text, encoding="utf-8")
    for figure in figures + head_figures:
        click.echo(line(figure))


def line(figure: Figure) -> str:
    """Write a figure in one line."""
    bounds = f"[{figure.low:.3f}, {figure.high:.3f}]"
    return f"{figure.name:34} {figure.value:8.3f} {bounds:18} n={figure.n}  {figure.about}"


def load(name: str, folder: Path) -> tuple[Any, Any]:
    """Load a model in float32 with attention that can be seen, and its tokenizer."""
    import transformers

    kind = getattr(transformers, CLASSES[name])
    model = kind.from_pretrained(
        folder, dtype="float32", attn_implementation="eager", local_files_only=True
    )
    return model.eval(), transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)


def measure(name: str, data: Path, model: Any, tokenizer: Any) -> tuple[list[Figure], list[str]]:
    """Measure what the card of this model reports."""
    if name == "sentiment":
        from .measure_sentiment import measure as sentiment

        return sentiment(data, model, tokenizer)
    if name == "en-fr":
        from .measure_translation import measure as translation

        return translation(data, model, tokenizer)
    from . import measure_language as language
    from . import number_agreement

    if name == "english":
        from . import pronouns

        figures = [pronouns.handwritten_figure(model, tokenizer)]
        figures += number_agreement.figures(model, tokenizer)
        figures += pronouns.winogender(data, model, tokenizer)
        return figures + language.masked_figures(data, model, tokenizer), pronouns.failures(
            model, tokenizer
        )
    figures = language.next_figures(data, model, tokenizer, ("sentences", "books"))
    figures += language.induction_figures(model, len(tokenizer))
    figures += number_agreement.figures(model, tokenizer)
    return figures, language.continuations(model, tokenizer)


def head_report(name: str, model: Any, tokenizer: Any) -> tuple[list[Figure], list[dict[str, Any]]]:
    """Measure what the heads do over a bundled corpus."""
    from ..corpus import group_of, load_corpus
    from .measure_heads import previous, self_map, strongest_heads, translation_maps

    if name == "en-fr":
        pairs = [(found.text, found.target) for found in load_corpus("translation").records]
        read = [translation_maps(model, tokenizer, text, str(target)) for text, target in pairs]
        kinds = [list(maps) for maps in zip(*read, strict=True)]
        return [], [asdict(row) for maps in kinds for row in strongest_heads(maps)]
    records = load_corpus(TEXTS).records
    maps = [self_map(model, tokenizer, found.text, name == "stories") for found in records]
    groups = [group_of(found) for found in records]
    return [previous(maps, groups)], [asdict(row) for row in strongest_heads(maps)]


if __name__ == "__main__":
    main()
