"""What the analyses that ask the model again cost, in forward passes over the same text.

CPU time, analyses and forward passes in turn, in a process of its own: `one_thread` holds numpy,
too, to one thread, whose waiting would count as work. `OMP_NUM_THREADS=1 python -m
benchmarks.analyses flow` measures that one alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

LENGTHS = {"sentiment": (12, 25, 64, 120), "base": (12, 25)}
TEXTS, ROUNDS, PASSES = 3, 2, 5
"""Texts of each length, how often each is asked, and forward passes beside each time."""
TOGETHER = "together"

Names = Sequence[str]


def models(folder: Path) -> Iterator[tuple[str, Any]]:
    """Yield the embedded classifier, and one of BERT's size with random weights."""
    import torch
    from attnatlas.config import Settings
    from attnatlas.models import load_model, resolve_model
    from transformers import BertConfig, BertForSequenceClassification

    from benchmarks.capture import bert_base

    settings = Settings(threads=1)
    yield "sentiment", load_model(resolve_model("sentiment", settings), settings)
    bert_base(folder)
    torch.manual_seed(0)
    BertForSequenceClassification(BertConfig(num_labels=3)).save_pretrained(folder)
    yield "base", load_model(resolve_model(str(folder), settings), settings)


def texts(count: int, words: int) -> list[str]:
    """Return texts of so many words, out of the bundled reviews."""
    from attnatlas.corpus import load_corpus

    found = " ".join(record.text for record in load_corpus("reviews").records).split()
    found *= 1 + count * words // len(found)
    return [" ".join(found[at * words : (at + 1) * words]) for at in range(count)]


def clock(work: Any) -> float:
    """Return the CPU seconds of a call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def costs(loaded: Any, text: str, length: int, names: Names) -> dict[str, float]:
    """Return the cost of each analysis of a text cut to so many tokens, in forward passes."""
    import torch
    from attnatlas.analyses import chosen
    from attnatlas.analyses.analysis import FollowUp, RecordAnalysis, RecordProbe
    from attnatlas.capture.run import capture_records
    from attnatlas.config import Settings
    from attnatlas.corpus import Record
    from attnatlas.probes import ExplainedInput, remembering
    from attnatlas.probes.randomized_model import randomized_model

    settings = Settings(threads=1, max_tokens=length)
    [(_, capture)] = capture_records(loaded, [Record("text", text)], settings)
    assert len(capture.maps[0].queries) == length
    explained = ExplainedInput.of(loaded, capture)
    randomized_model(loaded)

    def forward() -> None:
        with torch.no_grad():
            explained.model(**explained.inputs)

    flows = [a for a in chosen(RecordAnalysis, FollowUp) if a.name.startswith("flow")]
    known = [*chosen(RecordProbe, also=()), *(a for a in chosen(RecordProbe) if a.optional)]
    wanted = [a for a in (*known, *flows) if not names or a.name in names]
    usual = [a.name for a in known if not (a.optional or names)]
    named = [TOGETHER] * bool(usual) + [a.name for a in wanted]
    times: dict[str, list[float]] = {name: [] for name in named}
    passes = []
    for _ in range(ROUNDS):
        passes += [clock(forward) for _ in range(PASSES)]
        results: dict[str, Any] = {}
        with remembering():
            ExplainedInput.of(loaded, capture)
            for analysis in wanted:
                more = (loaded,) if isinstance(analysis, RecordProbe) else ()
                more += () if isinstance(analysis, RecordAnalysis) else (results,)
                start = time.process_time()
                results[analysis.name] = analysis.compute(capture, *more)
                times[analysis.name].append(time.process_time() - start)
        if usual:
            times[TOGETHER].append(sum(times[name][-1] for name in usual))
    return {name: median(values) / median(passes) for name, values in times.items()}


def analysis_costs(names: Names = ()) -> dict[tuple[str, int], list[dict[str, float]]]:
    """Return the costs of TEXTS texts by (model, tokens), one thread; of all analyses, or some."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    found = {}
    with tempfile.TemporaryDirectory() as name:
        for model, loaded in models(Path(name)):
            for length in LENGTHS[model]:
                several = texts(TEXTS, length)
                found[model, length] = [costs(loaded, text, length, names) for text in several]
    torch.set_num_threads(threads)
    return found


def analysis_rows(
    found: dict[tuple[str, int], list[dict[str, float]]],
) -> tuple[tuple[str, ...], Sequence[tuple[str, ...]]]:
    """Return a header and rows: the median over texts, and for all together the largest too."""
    header = ("analysis", *(f"{model}, {length} tokens" for model, length in found))
    names = dict.fromkeys(name for each in found.values() for name in each[0])
    rows = [
        (name, *(f"{median(one[name] for one in each):.1f}" for each in found.values()))
        for name in names
    ]
    if TOGETHER not in names:
        return header, rows
    most = [f"{max(one[TOGETHER] for one in each):.1f}" for each in found.values()]
    return header, [*rows, ("together, the dearest text", *most)]


def one_thread() -> list[tuple[str, ...]]:
    """Return header and rows as `main` prints them, from a process of one thread."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    command = [sys.executable, "-m", "benchmarks.analyses"]
    done = subprocess.run(
        command, env={**os.environ, **dict.fromkeys(names, "1")}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return [tuple(line.split("\t")) for line in done.stdout.splitlines() if "\t" in line]


def main() -> None:
    """Print the table, one row a line, cells apart by tabs."""
    header, rows = analysis_rows(analysis_costs(sys.argv[1:]))
    for row in (header, *rows):
        print("\t".join(row))


if __name__ == "__main__":
    main()
