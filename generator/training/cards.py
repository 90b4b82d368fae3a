"""Write the model cards from what was measured: `python -m attnatlas.training.cards NAME`."""

import json
from pathlib import Path
from typing import Any

import click

from ..zoo import ALIASES, zoo_folder
from .evaluate import CLASSES
from .sources import ABOUT, LIMITS, TRAINED_ON

PURPOSE = "Made to be looked into, not to be used."
COUNTS = ("loss", "winogender.odds", "copy", "bleu", "chrf")


@click.command()
@click.argument("name", type=click.Choice(list(ALIASES)))
@click.option("--folder", type=click.Path(path_type=Path), help="Model folder [the embedded one].")
def main(name: str, folder: Path | None) -> None:
    """Write README.md beside the weights of the embedded model NAME."""
    folder = folder or zoo_folder(name)
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    training = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    (folder / "README.md").write_text(card(name, metrics, training), encoding="utf-8")


def card(name: str, metrics: dict[str, Any], training: dict[str, Any]) -> str:
    """Return the card as Markdown."""
    parts = [
        f"---\nabout: {PURPOSE} {plain(ABOUT[name])}\n---",
        f"# {name}",
        ABOUT[name],
        use(name),
        "## Data\n\n" + "\n".join(f"- {source}." for source in TRAINED_ON[name]),
        "The weights may be used under the licence of this project with these attributions.",
        trained(name, metrics, training),
        figures(metrics),
        heads(metrics),
        failures(metrics),
        "## Limits\n\n" + LIMITS[name],
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """Return the text as the page of the model quotes it, without marks of Markdown."""
    return text.replace("`", "")


def use(name: str) -> str:
    """Show how to load the model."""
    folder = ALIASES[name]
    return (
        "```python\n"
        f"from transformers import {CLASSES[name]}, AutoTokenizer\n\n"
        f'model = {CLASSES[name]}.from_pretrained("{folder}", dtype="float32")\n'
        f'tokenizer = AutoTokenizer.from_pretrained("{folder}")\n'
        "```"
    )


def trained(name: str, metrics: dict[str, Any], training: dict[str, Any]) -> str:
    """Say how large the model is and how long it was trained on what."""
    return (
        f"## Training\n\n{metrics['parameters']:,} parameters, stored as float16. "
        f"{training['steps']:,} steps in {training['cpu_minutes']} minutes of processor time on "
        f"{workers(training)} of a machine with two cores and no GPU; highest learning "
        f"rate {training['rate']}, seed {training['seed']}."
        f"{training.get('notes', '')} To train it again:\n\n"
        f"```\n{command(name, training)}\n"
        f"python -m attnatlas.training.evaluate {name} --data FOLDER\n"
        f"python -m attnatlas.training.cards {name}\n```"
    )


def workers(training: dict[str, Any]) -> str:
    """Say how many processes trained together, and with how many threads."""
    threads = f"{training['threads']} thread{'s' if training['threads'] > 1 else ''}"
    processes = training.get("processes", 1)
    return f"{processes} processes of {threads} each" if processes > 1 else threads


def command(name: str, training: dict[str, Any]) -> str:
    """Return the command that trains the model again."""
    processes = training.get("processes", 1)
    parts = [f"torchrun --nproc-per-node {processes}" if processes > 1 else "python"]
    parts.append(f"-m attnatlas.training.train {name} --data FOLDER")
    parts += ["--base EARLIER"] if training.get("base") else []
    return " ".join([*parts, f"--steps {training['steps']}"])


def number(name: str, value: float) -> str:
    """Write losses and scores with two places, shares with three."""
    return f"{value:.2f}" if name.startswith(COUNTS) else f"{value:.3f}"


def figures(metrics: dict[str, Any]) -> str:
    """Tabulate every figure with its interval."""
    rows = [
        f"| `{row['name']}` | {number(row['name'], row['value'])} "
        f"| {number(row['name'], row['low'])} to {number(row['name'], row['high'])} "
        f"| {row['n']:,} | {row['about']} |"
        for row in metrics["figures"]
    ]
    head = "| figure | value | 95% interval | n | what |\n|---|---|---|---|---|"
    note = "Measured on held-out rows only; intervals are bootstraps over rows, or over "
    note += "what is drawn whole where it says so. "
    main = f"The main figure is `{metrics['main']}`."
    return "\n".join(["## Figures", "", note + main, "", head, *rows])


def heads(metrics: dict[str, Any]) -> str:
    """Tabulate the strongest heads for each pattern beside uniform attention."""
    rows = [
        f"| {row['kind']} | {row['metric']} "
        f"| {', '.join(f'{head} {score:.2f}' for head, score in row['heads'])} "
        f"| {row['uniform']:.2f} | {row['n']} |"
        for row in metrics["habits"]
    ]
    about = (
        "Mean share of attention by the metrics this project reports, over a bundled corpus: the "
        "three strongest heads, and what uniform attention puts there."
    )
    head = "| map | to | strongest heads | uniform | texts |\n|---|---|---|---|---|"
    return "\n".join(["## What its heads do", "", about, "", head, *rows])


def failures(metrics: dict[str, Any]) -> str:
    """List sentences that come out wrong."""
    if not metrics["failures"]:
        return ""
    return "## Known failures\n\n" + "\n".join(f"- {text}." for text in metrics["failures"])


if __name__ == "__main__":
    main()
