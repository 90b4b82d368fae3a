"""Capture against a bare eager forward with attentions, at the size of bert-base."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.material import WORDS

LENGTHS = (32, 128, 512)
LONG = LENGTHS[-1]
BARE = """
import torch
from transformers import BertModel
model = BertModel.from_pretrained(folder, attn_implementation="eager").eval()
def run(text):
    inputs = loaded.tokenizer(text, return_tensors="pt")
    with torch.inference_mode():
        return model(**inputs, output_attentions=True)
"""
OURS = """
from attnatlas.capture.run import capture_records
from attnatlas.corpus import Record
from attnatlas.store import Store
store = Store(Path(folder) / "store")
def run(text):
    record = Record(text[:20], text)
    for index, found in capture_records(loaded, [record], settings, store.claim()):
        store.put([(text[:20], found)])
"""
PEAK = """
import sys
from pathlib import Path
from attnatlas.config import Settings
from attnatlas.models import load_model, resolve_model
folder, text, settings = sys.argv[1], sys.argv[2], Settings(batch_size=1, threads=1)
loaded = load_model(resolve_model(folder, settings), settings)
def bytes_of(name):
    [line] = [line for line in open("/proc/self/status") if line.startswith(name)]
    return int(line.split()[1]) * 1024
%s
kept = run("The river")
before = bytes_of("VmRSS")
open("/proc/self/clear_refs", "w").write("5")
kept = run(text)
print(bytes_of("VmHWM") - before)
"""
"""Prints the most memory a long text takes beyond that of a model that has read a short one."""


BUILD = """
import sys
from attnatlas.cli import run
code = run(sys.argv[1:])
[line] = [line for line in open("/proc/self/status") if line.startswith("VmHWM")]
print(int(line.split()[1]) * 1024)
sys.exit(code)
"""


def bert_base(folder: Path) -> None:
    """Save a BERT of base size with random weights, and a tokenizer of whole words."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(WORDS)]
    tokenizer = Tokenizer(WordLevel({name: i for i, name in enumerate(names)}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    specials = {f"{n}_token": f"[{n.upper()}]" for n in ("pad", "unk", "cls", "sep", "mask")}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **specials).save_pretrained(folder)
    torch.manual_seed(0)
    BertModel(BertConfig()).save_pretrained(folder)


def peaks() -> tuple[float, float, float]:
    """Return megabytes at 512 tokens: all layers in float32, a bare forward, and a capture.

    The last two are what the process holds at its peak beyond the model, in processes of their own;
    the capture is also written to the store.
    """
    text = " ".join(WORDS[i % len(WORDS)] for i in range(LONG - 2))
    found = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bert-base"
        bert_base(folder)
        for part in (BARE, OURS):
            command = [sys.executable, "-c", PEAK % part, str(folder), text]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found.append(int(done.stdout.split()[-1]) / 1e6)
    return 12 * 12 * LONG**2 * 4 / 1e6, found[0], found[1]


def forecasts() -> list[tuple[str, float, float]]:
    """Return (what, measured, forecast) in megabytes for a whole build of one text of 512 tokens.

    Memory is the most that the process of the build ever held.
    """
    from attnatlas.config import Settings
    from attnatlas.corpus import load_corpus
    from attnatlas.forecast import forecast
    from attnatlas.models import resolve_model

    with tempfile.TemporaryDirectory() as name:
        work, site = Path(name), Path(name) / "site"
        bert_base(work / "bert-base")
        text = work / "long.txt"
        text.write_text(" ".join(WORDS[i % len(WORDS)] for i in range(LONG - 2)) + "\n", "utf-8")
        words = ["build", str(text), "-m", str(work / "bert-base"), "-o", str(site), "-q"]
        words += ["--store", str(work / "store")]
        done = subprocess.run(
            [sys.executable, "-c", BUILD, *words], check=True, capture_output=True, text=True
        )
        settings = Settings()
        said = forecast(
            resolve_model(str(work / "bert-base"), settings), [load_corpus(text)], settings
        )
        files = [file for file in site.rglob("*") if file.is_file()]
        numbers = sum(file.stat().st_size for file in files if "data" in file.parts)
        pages = sum(file.stat().st_size for file in files) - numbers
        measured = (int(done.stdout.split()[-1]), pages, numbers)
    names = ("memory", "pages", "numbers")
    return [
        (name, found / 1e6, said[f"{name}_bytes"] / 1e6)
        for name, found in zip(names, measured, strict=True)
    ]


def capture_ratios(pairs: int = 7) -> list[tuple[int, float, float, float]]:
    """Return (tokens, bare CPU s, capture CPU s, median ratio of the pairs) by length."""
    import torch
    from attnatlas.capture.run import capture_records
    from attnatlas.config import Settings
    from attnatlas.corpus import Record
    from attnatlas.models import load_model, resolve_model

    settings = Settings(batch_size=1)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "bert-base"
        bert_base(folder)
        loaded = load_model(resolve_model(str(folder), settings), settings)
        from transformers import BertModel

        bare_model = BertModel.from_pretrained(folder, attn_implementation="eager").eval()
        for length in LENGTHS:
            words = [WORDS[i % len(WORDS)] for i in range(length - 2)]
            records = [Record(id=f"{place}", text=" ".join(words)) for place in range(pairs + 1)]
            inputs = loaded.tokenizer(records[0].text, return_tensors="pt")
            run = capture_records(loaded, records, settings)
            assert inputs["input_ids"].shape[1] == length
            times: list[tuple[float, float]] = []
            for _ in range(pairs + 1):
                start = time.process_time()
                with torch.inference_mode():
                    bare_model(**inputs, output_attentions=True)
                middle = time.process_time()
                _, found = next(run)
                end = time.process_time()
                assert found.maps[0].weights.shape[-1] == length
                times.append((middle - start, end - middle))
            del times[0]
            ratio = median(ours / bare for bare, ours in times)
            rows.append((length, *(median(column) for column in zip(*times, strict=True)), ratio))
    return rows
