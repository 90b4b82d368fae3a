"""Two processes train the model that one would have trained with the same batches."""

import subprocess
import sys
from pathlib import Path

import torch
from attnatlas.training import loop
from torch import nn

PROGRAM = """
import sys
import torch
from pathlib import Path
from attnatlas.training import distributed
sys.path.insert(0, sys.argv[1])
from test_distributed import trained

distributed.join()
assert distributed.count() == 2
torch.manual_seed(distributed.rank())
trained(Path(sys.argv[2]))
"""


def trained(folder):
    """Train a matrix on batches of unequal size, two a step, the last step of an epoch one."""
    model = nn.Linear(3, 2)
    with torch.no_grad():
        model.weight.copy_(torch.arange(6.0).view(2, 3) * (1 if folder.name == "one" else 2))
        model.bias.zero_()
    if folder.name == "two" and torch.distributed.get_rank() == 0:
        model.weight.data.div_(2)  # only the first process starts where the single one does

    def loss(batch):
        rows = torch.tensor([[at, at * at, 1.0] for at in batch])
        return ((model(rows) - 1) ** 2).mean()

    plan = loop.TrainingPlan(1, 0.05, folder / "checkpoint.pt", gather=2, steps=5)
    loop.train(model, lambda epoch: [[1, 2], [3], [epoch]], loss, plan)


def test_two_processes_take_the_steps_of_one(tmp_path):
    (tmp_path / "one").mkdir()
    trained(tmp_path / "one")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    here = Path(__file__).parent
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2"]
    done = subprocess.run(
        [*command, program, here, tmp_path / "two"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    one, two = (
        torch.load(tmp_path / name / "checkpoint.pt", weights_only=True) for name in ("one", "two")
    )
    torch.testing.assert_close(two["model"], one["model"])
    assert two["progress"][:3] == one["progress"][:3]
