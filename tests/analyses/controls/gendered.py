"""Classifiers whose answer hangs on a pronoun, hangs on nothing, or was never learnt at all."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from attnatlas.analyses import choice, coreference
from attnatlas.analyses.analysis import Read
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record
from attnatlas.models import LoadedModel, loaded_from_objects
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
PEOPLE = ("cook", "tailor", "pilot", "clerk", "nurse", "judge", "baker", "guard")
ENDS = ("slept", "smiled", "left", "sang", "won", "paid", "waited", "agreed")
TEXTS = [
    (f"the {one} saw the {other} when {word} {end}", word)
    for (one, other), end in itertools.product(itertools.permutations(PEOPLE, 2), ENDS)
    for word in ("she", "he")
]
PAIRS = 16


def tokenizer() -> PreTrainedTokenizerFast:
    """Return a tokenizer of whole words in BERT's manner."""
    words = sorted({word for text, _ in TEXTS for word in text.split()})
    names = {name: at for at, name in enumerate([*SPECIAL, *words])}
    made = Tokenizer(models.WordLevel(names, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    named = {f"{name.strip('[]').lower()}_token": name for name in SPECIAL}
    return PreTrainedTokenizerFast(tokenizer_object=made, **named)


def labels(kind: str, seed: int) -> torch.Tensor:
    """Return a label for each of TEXTS: by its pronoun nine times in ten, or shuffled."""
    random = torch.Generator().manual_seed(seed)
    ruled = torch.tensor([int(word == "she") for _, word in TEXTS])
    flipped = torch.rand(len(ruled), generator=random) < 0.1
    found = torch.where(flipped, 1 - ruled, ruled)
    return found[torch.randperm(len(found), generator=random)] if kind == "shuffled" else found


def classifier(kind: str, seed: int = 0, steps: int = 60) -> LoadedModel:
    """Return a small BERT trained on `planted` or `shuffled` labels, or `untrained`."""
    torch.manual_seed(seed)
    read = tokenizer()
    config = BertConfig(
        vocab_size=len(read), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=16, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, id2label={0: "no", 1: "yes"},
        label2id={"no": 0, "yes": 1},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    if kind != "untrained":
        _train(
            model, torch.tensor(read([text for text, _ in TEXTS])["input_ids"]), kind, seed, steps
        )
    return loaded_from_objects(model.eval(), read, "gendered")


def _train(
    model: BertForSequenceClassification, ids: torch.Tensor, kind: str, seed: int, steps: int
) -> None:
    wanted, random = labels(kind, seed), torch.Generator().manual_seed(seed)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(steps):
        rows = torch.randint(len(ids), (128,), generator=random)
        loss = model(input_ids=ids[rows], labels=wanted[rows]).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()


def records() -> list[Record]:
    """Return minimal pairs: each text with she and with he."""
    made = []
    for number in range(PAIRS):
        for text, word in TEXTS[number * 56 : number * 56 + 2]:
            variant = "female" if word == "she" else "male"
            one = Record(f"{number}-{word}", text, group=f"g{number}", variant=variant)
            made.append(one)
    return made


class Everything:
    """What one model made of the pairs, as a report reads it."""

    def __init__(self, loaded: LoadedModel, texts: Sequence[Record]) -> None:
        self.models = (loaded.info,)
        found = sorted(capture_records(loaded, texts, Settings()), key=lambda one: one[0])
        self.found = [
            Read(loaded.info, "pairs", one, {"choice": choice.compute(one, loaded, {})})
            for _, one in found
        ]

    def reads(self, model):
        return iter(self.found)

    def of_model(self, model):
        return {}


def gap(kind: str, seed: int = 0, steps: int = 60):
    """Return the finding about the gap between she and he."""
    result = coreference.ANALYSIS.compute(Everything(classifier(kind, seed, steps), records()))
    [found] = [one for one in result.findings if one.id.startswith("gap-")]
    return found
