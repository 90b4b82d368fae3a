"""Capture against a bare eager forward with attentions, at the size of bert-base."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.material import WORDS

LENGTHS = (32, 128, 512)


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


def capture_ratios(pairs: int = 7) -> list[tuple[int, float, float, float]]:
    """Return (tokens, bare seconds, capture seconds, median ratio of the pairs) by length."""
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
            record = Record(id="bench", text=" ".join(words))
            inputs = loaded.tokenizer(record.text, return_tensors="pt")
            assert inputs["input_ids"].shape[1] == length
            times: list[tuple[float, float]] = []
            for _ in range(pairs + 1):
                start = time.perf_counter()
                with torch.inference_mode():
                    bare_model(**inputs, output_attentions=True)
                middle = time.perf_counter()
                ((_, found),) = capture_records(loaded, [record], settings)
                end = time.perf_counter()
                assert found.maps[0].weights.shape[-1] == length
                times.append((middle - start, end - middle))
            del times[0]
            ratio = median(ours / bare for bare, ours in times)
            rows.append((length, *(median(column) for column in zip(*times, strict=True)), ratio))
    return rows
