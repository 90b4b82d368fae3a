"""How much a model is asked about one text by default: counted, never timed."""

import torch
from attnatlas.asking import answer
from attnatlas.capture import Capture
from attnatlas.capture.run import capture_records
from attnatlas.config import Settings
from attnatlas.corpus import Record, load_corpus
from attnatlas.models import load_model, resolve_model
from attnatlas.probes.twin import twin


def test_a_long_text_is_asked_about_in_at_most_forty_passes_forward_and_back():
    settings = Settings(threads=1, max_tokens=120)
    loaded = load_model(resolve_model("sentiment", settings), settings)
    text = " ".join(record.text for record in load_corpus("reviews").records[:12])
    [(_, capture)] = capture_records(loaded, [Record("r", text)], settings)
    assert isinstance(capture, Capture)
    assert len(capture.maps[0].queries) == 120
    passes = []

    def count(module, args, kwargs):
        back = torch.is_grad_enabled()
        passes.append(len(kwargs["input_ids"]) * (2 if back else 1))

    models = (loaded.model, twin(loaded).model)
    handles = [model.register_forward_pre_hook(count, with_kwargs=True) for model in models]
    try:
        results, failed = answer(loaded, capture, settings)
    finally:
        for handle in handles:
            handle.remove()
    assert failed == {}
    assert {"saliency", "relevance", "faithfulness"} <= results.keys()
    assert "smoothgrad" not in results
    assert 20 < sum(passes) <= 40
