"""The training loop all models share: warm-up and linear decay, progress, checkpoints to resume."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import torch
from torch import Tensor, nn

from . import together
from .muon import Muon

Batch = list[int]
CHECKPOINT_SECONDS = 120.0
REPORT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train (CPU minutes, or exactly `steps`), how fast, where the state is.

    `rate` is the highest rate of AdamW, and `muon` that of Muon for the matrices of the layers;
    0 leaves these to AdamW too. One step gathers the gradients of `gather` batches.
    """

    minutes: float
    rate: float
    checkpoint: Path
    muon: float = 0.0
    gather: int = 1
    steps: int = 0
    seed: int = 0
    warmup: float = 0.04
    decay: float = 0.01
    muon_decay: float = 0.1
    resume: bool = False


@dataclass(slots=True)
class Progress:
    """What a run has done so far: epoch and place in it, steps, CPU seconds, recent loss (nats)."""

    epoch: int = 0
    place: int = 0
    step: int = 0
    seconds: float = 0.0
    loss: float = math.nan
    reported: float = field(default_factory=time.monotonic)
    saved: float = field(default_factory=time.monotonic)

    def share(self, plan: Plan) -> float:
        """Return the finished share of the run, between 0 and 1."""
        done = self.step / plan.steps if plan.steps else self.seconds / (60 * plan.minutes)
        return min(1.0, done)


def learning_rate(share: float, plan: Plan) -> float:
    """Rise linearly to 1 over the warm-up, then fall linearly to nothing."""
    return min(share / plan.warmup + 0.01, (1 - share) / (1 - plan.warmup))


def optimisers(model: nn.Module, plan: Plan) -> dict[torch.optim.Optimizer, float]:
    """Build AdamW, and Muon for the matrices of the layers, each with its highest rate.

    Muon is for weights that multiply; embeddings, and an output tied to them, are AdamW's. Vectors
    do not decay.
    """
    parameters = [value for value in model.parameters() if value.requires_grad]
    looked_up = {id(m.weight) for m in model.modules() if isinstance(m, nn.Embedding)}
    layers = [m.weight for m in model.modules() if isinstance(m, nn.Linear)] if plan.muon else []
    matrices = [w for w in layers if w.requires_grad and id(w) not in looked_up]
    rest = [value for value in parameters if all(value is not one for one in matrices)]
    groups = [
        {"params": [value for value in rest if value.dim() > 1], "weight_decay": plan.decay},
        {"params": [value for value in rest if value.dim() < 2], "weight_decay": 0.0},
    ]
    adam = torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), eps=1e-8)
    found: dict[torch.optim.Optimizer, float] = {adam: plan.rate}
    if matrices:
        found[Muon(matrices, plan.muon, plan.muon_decay)] = plan.muon
    return found


def train(
    model: nn.Module,
    batches: Callable[[int], list[Batch]],
    loss: Callable[[Batch], Tensor],
    plan: Plan,
) -> Progress:
    """Train until the plan is used up; `batches(epoch)` must give the same batches every time."""
    torch.manual_seed(plan.seed)
    rates, progress = optimisers(model, plan), Progress()
    if plan.resume and plan.checkpoint.is_file():
        restore(plan.checkpoint, model, list(rates), progress)
    together.agree(model)
    model.train()
    gather = max(plan.gather, together.count())
    while progress.share(plan) < 1:
        order = batches(progress.epoch)
        while progress.place < len(order) and progress.share(plan) < 1:
            several = order[progress.place : progress.place + gather]
            advance(model, rates, loss, several, plan, progress)
        if progress.place >= len(order):
            progress.epoch, progress.place = progress.epoch + 1, 0
    save(plan.checkpoint, model, list(rates), progress)
    model.eval()
    return progress


def advance(
    model: nn.Module,
    rates: Mapping[torch.optim.Optimizer, float],
    loss: Callable[[Batch], Tensor],
    several: list[Batch],
    plan: Plan,
    progress: Progress,
) -> None:
    """Take one optimiser step on a few batches, then report and save when it is time."""
    begin = time.process_time()
    share = learning_rate(progress.share(plan), plan)
    for optimizer, rate in rates.items():
        for group in optimizer.param_groups:
            group["lr"] = rate * share
    model.zero_grad(set_to_none=False)
    seen = 0.0
    for batch in several[together.rank() :: together.count()]:
        value = loss(batch) / len(several)
        value.backward()  # type: ignore[no-untyped-call]
        seen += value.item()
    together.add_up_slopes(model)
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    for optimizer in rates:
        optimizer.step()
    progress.step, progress.place = progress.step + 1, progress.place + len(several)
    spent = torch.tensor([time.process_time() - begin, seen], dtype=torch.float64)
    seconds, seen = together.add_up(spent).tolist()
    progress.seconds += seconds
    progress.loss = seen if math.isnan(progress.loss) else 0.98 * progress.loss + 0.02 * seen
    report(plan, progress)
    if time.monotonic() - progress.saved > CHECKPOINT_SECONDS:
        save(plan.checkpoint, model, list(rates), progress)
        progress.saved = time.monotonic()


def report(plan: Plan, progress: Progress) -> None:
    """Print a line every twenty seconds: share done, step, loss, CPU minutes left."""
    if together.rank() or time.monotonic() - progress.reported < REPORT_SECONDS:
        return
    progress.reported = time.monotonic()
    share = progress.share(plan)
    left = progress.seconds * (1 / max(share, 1e-6) - 1) / 60
    click.echo(
        f"{share:4.0%}  epoch {progress.epoch}  step {progress.step}  "
        f"loss {progress.loss:.3f}  {left:.1f} CPU minutes left",
        err=True,
    )


def save(
    file: Path, model: nn.Module, optimizers: Sequence[torch.optim.Optimizer], progress: Progress
) -> None:
    """Write the whole state so that a stopped run goes on where it was; the first process does."""
    if together.rank():
        return
    state: dict[str, Any] = {
        "model": model.state_dict(),
        "optimizers": [one.state_dict() for one in optimizers],
        "random": torch.get_rng_state(),
        "progress": [getattr(progress, name) for name in ("epoch", "place", "step", "seconds")],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    torch.save(state, part)
    part.replace(file)


def restore(
    file: Path, model: nn.Module, optimizers: Sequence[torch.optim.Optimizer], progress: Progress
) -> None:
    """Read what `save` wrote."""
    state = torch.load(file, weights_only=True)
    model.load_state_dict(state["model"])
    for optimizer, known in zip(optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(known)
    torch.set_rng_state(state["random"])
    progress.epoch, progress.place, progress.step, progress.seconds = state["progress"]


def buckets(lengths: list[int], tokens: int, seed: int) -> list[Batch]:
    """Group indices of similar length into batches of at most `tokens` padded tokens, shuffled."""
    generator = torch.Generator().manual_seed(seed)
    noise = torch.rand(len(lengths), generator=generator).tolist()
    order = sorted(range(len(lengths)), key=lambda at: lengths[at] + 2 * noise[at])
    found: list[Batch] = [[]]
    for at in order:
        if found[-1] and (len(found[-1]) + 1) * lengths[at] > tokens:
            found.append([])
        found[-1].append(at)
    shuffle: list[int] = torch.randperm(len(found), generator=generator).tolist()
    return [found[place] for place in shuffle]
