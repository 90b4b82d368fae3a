"""The training loop all models share: warm-up and linear decay, progress, checkpoints to resume."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import torch
from torch import Tensor, nn

from . import distributed

Batch = list[int]
CHECKPOINT_SECONDS = 120.0
REPORT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """How long to train (CPU minutes, or exactly `steps`), how fast, where the state is.

    `rate` is the highest rate of AdamW. One step gathers the gradients of `gather` batches.
    """

    minutes: float
    rate: float
    checkpoint: Path
    gather: int = 1
    steps: int = 0
    seed: int = 0
    warmup: float = 0.04
    decay: float = 0.01
    resume: bool = False


@dataclass(slots=True)
class TrainingProgress:
    """What a run has done so far: epoch and place in it, steps, CPU seconds, recent loss (nats)."""

    epoch: int = 0
    place: int = 0
    step: int = 0
    seconds: float = 0.0
    loss: float = math.nan
    reported: float = field(default_factory=time.monotonic)
    saved: float = field(default_factory=time.monotonic)

    def share(self, plan: TrainingPlan) -> float:
        """Return the finished share of the run, between 0 and 1."""
        done = self.step / plan.steps if plan.steps else self.seconds / (60 * plan.minutes)
        return min(1.0, done)


def learning_rate(share: float, plan: TrainingPlan) -> float:
    """Rise linearly over the warm-up, then fall linearly to nothing."""
    return plan.rate * min(share / plan.warmup + 0.01, (1 - share) / (1 - plan.warmup))


def optimiser(model: nn.Module, plan: TrainingPlan) -> torch.optim.AdamW:
    """Build AdamW with weight decay on matrices only."""
    parameters = [value for value in model.parameters() if value.requires_grad]
    groups = [
        {"params": [value for value in parameters if value.dim() > 1], "weight_decay": plan.decay},
        {"params": [value for value in parameters if value.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=plan.rate, betas=(0.9, 0.98), eps=1e-8)


def train(
    model: nn.Module,
    batches: Callable[[int], list[Batch]],
    loss: Callable[[Batch], Tensor],
    plan: TrainingPlan,
) -> TrainingProgress:
    """Train until the plan is used up; `batches(epoch)` must give the same batches every time."""
    torch.manual_seed(plan.seed)
    optimizer, progress = optimiser(model, plan), TrainingProgress()
    if plan.resume and plan.checkpoint.is_file():
        restore(plan.checkpoint, model, optimizer, progress)
    distributed.broadcast(model)
    model.train()
    gather = max(plan.gather, distributed.count())
    while progress.share(plan) < 1:
        order = batches(progress.epoch)
        while progress.place < len(order) and progress.share(plan) < 1:
            several = order[progress.place : progress.place + gather]
            advance(model, optimizer, loss, several, plan, progress)
        if progress.place >= len(order):
            progress.epoch, progress.place = progress.epoch + 1, 0
    save(plan.checkpoint, model, optimizer, progress)
    model.eval()
    return progress


def advance(
    model: nn.Module,
    optimizer: torch.optim.AdamW,
    loss: Callable[[Batch], Tensor],
    several: list[Batch],
    plan: TrainingPlan,
    progress: TrainingProgress,
) -> None:
    """Take one optimiser step on a few batches, then report and save when it is time."""
    begin = time.process_time()
    for group in optimizer.param_groups:
        group["lr"] = learning_rate(progress.share(plan), plan)
    # A process without a batch in this step has zeros to add up, not nothing.
    model.zero_grad(set_to_none=False)
    seen = 0.0
    for batch in several[distributed.rank() :: distributed.count()]:
        value = loss(batch) / len(several)
        value.backward()  # type: ignore[no-untyped-call]
        seen += value.item()
    distributed.all_reduce_gradients(model)
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    progress.step, progress.place = progress.step + 1, progress.place + len(several)
    spent = torch.tensor([time.process_time() - begin, seen], dtype=torch.float64)
    seconds, seen = distributed.all_reduce(spent).tolist()
    progress.seconds += seconds
    progress.loss = seen if math.isnan(progress.loss) else 0.98 * progress.loss + 0.02 * seen
    report(plan, progress)
    if time.monotonic() - progress.saved > CHECKPOINT_SECONDS:
        save(plan.checkpoint, model, optimizer, progress)
        progress.saved = time.monotonic()


def report(plan: TrainingPlan, progress: TrainingProgress) -> None:
    """Print a line every twenty seconds: share done, step, loss, CPU minutes left."""
    if distributed.rank() or time.monotonic() - progress.reported < REPORT_SECONDS:
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
    file: Path, model: nn.Module, optimizer: torch.optim.AdamW, progress: TrainingProgress
) -> None:
    """Write the whole state so that a stopped run goes on where it was; the first process does."""
    if distributed.rank():
        return
    state: dict[str, Any] = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
        "progress": [getattr(progress, name) for name in ("epoch", "place", "step", "seconds")],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    torch.save(state, part)
    part.replace(file)


def restore(
    file: Path, model: nn.Module, optimizer: torch.optim.AdamW, progress: TrainingProgress
) -> None:
    """Read what `save` wrote."""
    state = torch.load(file, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
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
