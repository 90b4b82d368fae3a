"""Train an embedded model: `python -m attnatlas.training.train NAME --data FOLDER`."""

import json
from pathlib import Path
from typing import Any

import click

from ..zoo import ALIASES
from .loop import TrainingPlan, TrainingProgress

MINUTES = {"english": 38.0, "sentiment": 15.0, "en-fr": 168.0, "stories": 60.0}
RATES = {"english": 2e-3, "sentiment": 3e-4, "en-fr": 1.2e-3, "stories": 2e-3}
GATHERED = {"en-fr": 2}


@click.command()
@click.argument("name", type=click.Choice(list(ALIASES)))
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    help="Folder with the training sets.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder to write [trained/NAME].")
@click.option(
    "--base",
    type=click.Path(path_type=Path, exists=True),
    help="Folder of the model to start from [sentiment: the encoder beside --out; en-fr: none].",
)
@click.option("--minutes", type=float, help="CPU minutes to train.")
@click.option("--steps", type=int, default=0, help="Exact number of steps, instead of minutes.")
@click.option("--rate", type=float, help="Highest learning rate.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option("--threads", type=int, default=1, show_default=True)
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint.")
def main(
    name: str,
    data: Path,
    out: Path | None,
    base: Path | None,
    minutes: float | None,
    steps: int,
    rate: float | None,
    seed: int,
    threads: int,
    resume: bool,
) -> None:
    """Train the embedded model NAME and write its folder."""
    import torch

    from . import distributed

    torch.set_num_threads(threads)
    distributed.join()
    out = out or Path("trained") / ALIASES[name]
    out.mkdir(parents=True, exist_ok=True)
    plan = TrainingPlan(
        minutes=minutes or MINUTES[name],
        rate=rate or RATES[name],
        checkpoint=out / "checkpoint.pt",
        gather=GATHERED.get(name, 1),
        steps=steps,
        seed=seed,
        resume=resume,
    )
    model, tokenizer, progress = run(name, data, base, plan)
    if distributed.rank() == 0:
        notes = record(plan, progress) | {"threads": threads, "processes": distributed.count()}
        write(out, model, tokenizer, notes | ({"base": True} if base else {}))
        click.echo(f"wrote {out}")


def run(
    name: str, data: Path, base: Path | None, plan: TrainingPlan
) -> tuple[Any, Any, TrainingProgress]:
    """Import and call the trainer of one model."""
    if name == "english":
        from .encoder import pretrain

        return pretrain(data, plan)
    if name == "sentiment":
        from .classifier import finetune

        return finetune(data, base or plan.checkpoint.parents[1] / "english", plan)
    if name == "en-fr":
        from .translator import translate

        return translate(data, plan, base)
    from .storyteller import tell

    return tell(data, plan)


def record(plan: TrainingPlan, progress: TrainingProgress) -> dict[str, Any]:
    """Note what the run did, for the model card."""
    return {
        "steps": progress.step,
        "epochs": progress.epoch,
        "cpu_minutes": round(progress.seconds / 60, 1),
        "seed": plan.seed,
        "rate": plan.rate,
    }


def write(out: Path, model: Any, tokenizer: Any, notes: dict[str, Any]) -> None:
    """Write weights (float16 safetensors), tokenizer and training notes."""
    import torch

    model.to(torch.float16).save_pretrained(out)
    (out / "model.safetensors").chmod(0o644)
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.backend_tokenizer.save(str(out / "tokenizer.json"))
    named = {key: str(value) for key, value in tokenizer.special_tokens_map.items()}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", **named}
    settings["model_max_length"] = tokenizer.model_max_length
    for file, content in (("tokenizer_config", settings), ("training", notes)):
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        (out / f"{file}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
