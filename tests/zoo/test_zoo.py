"""Every embedded model loads offline and does on sentences written here what its card says."""

import json

import numpy as np
import pytest
from attnatlas.models.files import read_card
from attnatlas.models.headers import count_parameters
from attnatlas.training.evaluate import load
from attnatlas.training.measure_alignment import alignment_figures, corpus_gold
from attnatlas.training.measure_translation import gold_quality
from attnatlas.zoo import ALIASES, zoo_folder, zoo_names
from scipy.stats import binomtest

MODELS = zoo_names()
LIMIT = 12_000_000

VERDICTS = [
    ("Not bad, actually quite enjoyable.", 1),
    ("What a lovely hotel!", 1),
    ("What a dreadful hotel!", 0),
    ("We had a remarkably dull meal last night.", 0),
    ("The script was not clever.", 0),
    ("The battery is not unreliable.", 1),
    ("The headset was lousy, but the album was delightful.", 1),
    ("The headset was delightful, but the album was lousy.", 0),
    ("Although the comedy is dull, the ending is satisfying.", 1),
    ("Although the comedy is satisfying, the ending is dull.", 0),
]
AGREEING = [
    ("She is a good student.", "une bonne étudiante"),
    ("He is a good student.", "un bon étudiant"),
    ("They want our white chairs.", "nos chaises blanches"),
    ("We saw these old trees.", "ces vieux arbres"),
    ("The black cat is under the green table.", "chat noir"),
    ("The black cat is under the green table.", "table verte"),
]
NAMES = [
    ("Tom said that [MASK] was tired.", "he"),
    ("Mary said that [MASK] was tired.", "she"),
    ("My father knew that [MASK] could not win.", "he"),
    ("My mother knew that [MASK] could not win.", "she"),
    ("John went home because [MASK] was ill.", "he"),
    ("Alice went home because [MASK] was ill.", "she"),
]


@pytest.fixture(scope="module", params=MODELS)
def embedded(request):
    return request.param, *load(request.param, zoo_folder(request.param))


def report(name):
    return json.loads((zoo_folder(name) / "metrics.json").read_text(encoding="utf-8"))


def main_figure(name):
    found = report(name)
    return next(row for row in found["figures"] if row["name"] == found["main"])


def measured(name, model, tokenizer):
    """Return the marks of the model's main figure on the sample written here."""
    if name == "sentiment":
        from attnatlas.training.classifier import probabilities

        chances = probabilities(model, tokenizer, [text for text, _ in VERDICTS])
        return [
            (chance > 0.5) == label for chance, (_, label) in zip(chances, VERDICTS, strict=True)
        ]
    if name == "en-fr":
        from attnatlas.training.measure_translation import translations

        said = translations(model, tokenizer, [text for text, _ in AGREEING])
        return [want in text for text, (_, want) in zip(said, AGREEING, strict=True)]
    if name == "english":
        from attnatlas.training.pronouns import odds

        found = [odds(model, tokenizer, text, "he", "she") > 0 for text, _ in NAMES]
        return [female == (want == "she") for female, (_, want) in zip(found, NAMES, strict=True)]
    from attnatlas.training.measure_heads import previous, self_map

    lines = [text for text, _ in VERDICTS + AGREEING]
    return [previous([self_map(model, tokenizer, text, True) for text in lines]).value]


def interval(marks):
    """Return the exact 95% interval of a share; a bootstrap has no width if all are right."""
    if len(marks) == 1:
        return marks[0], marks[0]
    found = binomtest(sum(map(int, marks)), len(marks)).proportion_ci()
    return found.low, found.high


def test_main_figure_agrees_with_the_card(embedded):
    name, model, tokenizer = embedded
    low, high = interval(measured(name, model, tokenizer))
    card = main_figure(name)
    assert low <= card["high"]
    assert high >= card["low"]


def test_card_holds_every_measured_figure(embedded):
    name = embedded[0]
    card = (zoo_folder(name) / "README.md").read_text(encoding="utf-8")
    assert all(f"`{row['name']}`" in card for row in report(name)["figures"])
    assert read_card(zoo_folder(name))["about"].startswith("Made to be looked into")


def test_weights_are_small_and_halved(embedded):
    from safetensors import safe_open

    name, _, _ = embedded
    file = zoo_folder(name) / "model.safetensors"
    assert sum(part.stat().st_size for part in zoo_folder(name).iterdir()) <= LIMIT
    with safe_open(file, "pt") as weights:
        assert {weights.get_slice(key).get_dtype() for key in weights.keys()} == {"F16"}  # noqa: SIM118
    assert report(name)["parameters"] == count_parameters([file])


def test_tokens_join_to_the_text(embedded):
    _, _, tokenizer = embedded
    text = "She wasn't late."
    found = tokenizer(text, return_offsets_mapping=True)["offset_mapping"]
    assert [text[start:end].strip() for start, end in found if end > start] != []
    assert all(0 <= start <= end <= len(text) for start, end in found)


def test_aliases_name_the_folders_that_are_there():
    assert set(MODELS) <= set(ALIASES)
    assert MODELS


def test_the_encoder_of_the_translator_rests_where_its_card_says():
    model, tokenizer = load("en-fr", zoo_folder("en-fr"))
    shares = []
    for text, _ in AGREEING:
        ids = tokenizer(text, return_tensors="pt").input_ids
        maps = model.model.encoder(ids, output_attentions=True).attentions
        shares.append([layer[0, :, :, -2:].sum(-1).mean(-1).tolist() for layer in maps])
    resting = np.mean(shares, axis=0)  # [layer, head]: on the closing mark and on </s>
    assert resting.shape == (3, 4)
    assert 0.4 < resting[0].mean() < 0.6
    assert (resting[1:] < 0.5).all()


def test_the_translator_translates_the_bundled_corpus_as_its_card_says():
    found = gold_quality(*load("en-fr", zoo_folder("en-fr")))
    card = {row["name"]: row for row in report("en-fr")["figures"]}
    assert [row.name for row in found] == ["bleu.gold", "chrf.gold"]
    for row in found:
        assert row.value == pytest.approx(card[row.name]["value"], abs=1.0)


def test_the_translator_aligns_as_its_card_says():
    model, tokenizer = load("en-fr", zoo_folder("en-fr"))
    found = {row.name: row for row in alignment_figures("gold", model, tokenizer, corpus_gold())}
    card = {row["name"]: row for row in report("en-fr")["figures"]}
    for name, row in found.items():
        assert row.value == pytest.approx(card[name]["value"], abs=0.01)
    for part in ("head", "L1", "L2"):
        assert found[f"aer.gold.predicting.{part}"].high < found["aer.gold.diagonal"].low
    assert found["aer.gold.predicting.L0"].high > found["aer.gold.diagonal"].low
