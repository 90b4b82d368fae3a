"""A model that says its input backwards is aligned backwards; its untrained twin is not."""

import numpy as np
import torch
from attnatlas.statistics.alignment import error_rate
from attnatlas.training.measure_alignment import Gold, alignment_figures, counted

from tests.analyses.controls.train import WORDS


def cases(count=24, size=15):
    """Return texts with their words backwards, and the links between them."""
    for seed in range(count):
        words = [f"w{n}" for n in np.random.default_rng(seed).permutation(size - 3)[:WORDS] + 3]
        found = {(WORDS - 1 - at, at) for at in range(WORDS)}
        yield Gold(" ".join(words), " ".join(words[::-1]), words, words[::-1], found, found)


def best(reader):
    """Return the error rate of the head that was chosen on the other half of the texts."""
    figures = alignment_figures("control", *reader, list(cases()))
    return next(f for f in figures if f.name == "aer.control.predicting.head")


def test_the_model_has_learnt_to_reverse(reversing):
    model, tokenizer = reversing
    for case in cases(4):
        ids = tokenizer(case.source, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            said = model.generate(ids, max_new_tokens=8, do_sample=False, num_beams=1)
        assert tokenizer.decode(said[0], skip_special_tokens=True) == case.target


def test_its_alignment_is_backwards(reversing):
    found = best(reversing)
    assert found.value < 0.05
    assert found.high < 0.1


def test_its_untrained_twin_is_not_aligned(not_reversing):
    assert best(not_reversing).low > 0.5


def test_the_links_are_those_of_the_words(reversing):
    case = next(cases())
    assert error_rate(counted(*reversing, case, True)).min() == 0
