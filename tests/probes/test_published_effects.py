"""Effects as Vig et al. 2020 publish them: of whole texts, and of single heads, out of their odds.

Records of https://github.com/sebastianGehrmann/CausalMediationAnalysis (MIT), with their numbers as
they stand there: of `winobias_data/attention_intervention_gpt2_filtered_dev.json`, and of
`winogender_data/attention_intervention_bergsma_*.json` for gpt2 and xlnet-base-cased (filtered) and
distilgpt2 (unfiltered). An effect there is (odds changed - odds) / odds, of one pair of texts.
"""

import numpy as np
import pytest
from attnatlas.probes.head_swap import effect

BASE, CHANGED = slice(0, 2), slice(3, 5)
TEXTS = {
    "gpt2, assistant": (
        0.04933643960349566, 0.010801230184556225, 0.21893007017455957,
        0.050822268612940945, 0.011737646907360472, 0.2309548004783812, 0.05492498264050235,
    ),
    "gpt2, chief": (
        0.011735766484081032, 0.01019014473196067, 0.8682981845099834,
        0.010198726167951791, 0.010640305542276641, 1.0432975027521043, 0.20154288165520035,
    ),
    "gpt2, physician": (
        0.01904016604495259, 0.0031519524269496154, 0.16554227623372933,
        0.015447848472082554, 0.003341785358638107, 0.21632691210542374, 0.30677744094802417,
    ),
    "gpt2, engineer": (
        0.05450833229342942, 0.1707436257325609, 3.13243165858411,
        0.05068700057525901, 0.1681086751239073, 3.3166033345039425, 0.05879511382638753,
    ),
    "gpt2, worker": (
        0.03731631800370575, 0.03960588472697903, 1.061355644011982,
        0.03759555784507238, 0.04163619008145662, 1.1074763208205418, 0.043454498092855225,
    ),
    "distilgpt2, technician": (
        0.0212643835270993, 0.031161727940539, 1.4654423393382903,
        0.021885121815570688, 0.035684491618750765, 1.6305365772907048, 0.11265829676175564,
    ),
    "distilgpt2, educator": (
        0.04318183941886229, 0.004394758347997624, 0.1017733011641451,
        0.04503054344988813, 0.0036414420114221947, 0.08086604629754343, -0.20542966207690752,
    ),
    "xlnet, technician": (
        0.022080043802618066, 0.02813592670782555, 1.2742695150128927,
        0.020769148724198494, 0.03622053129721477, 1.7439583960903318, 0.3685946148312957,
    ),
}  # fmt: skip
"""Probabilities of two endings after one text and the odds of the second against the first, the
same three after the other text, and the published total effect."""
HEADS = {
    "indirect, L3H2": (1.3699991703033447, 0.07512517273426056),
    "indirect, L8H11": (1.3752834796905518, 0.07927209883928299),
    "direct, L3H2": (1.6135505437850952, 0.26625537872314453),
    "direct, L8H11": (1.668025016784668, 0.30900493264198303),
}
"""Odds of the text of xlnet-base-cased above with the attention of one head swapped, kept with 24
bits, and the published effect of the head."""


def log_odds(candidates):
    """Return the logarithm of the odds of the second of two endings against the first."""
    first, second = np.log(candidates)
    return second - first


@pytest.mark.parametrize("numbers", TEXTS.values(), ids=TEXTS)
def test_the_total_effect_is_that_of_the_published_odds(numbers):
    base, changed = log_odds(numbers[BASE]), log_odds(numbers[CHANGED])
    assert np.exp([base, changed]) == pytest.approx([numbers[2], numbers[5]], rel=1e-12)
    assert effect(base, np.array([changed]))[0] == pytest.approx(numbers[6], rel=1e-12)


@pytest.mark.parametrize(("odds", "published"), HEADS.values(), ids=HEADS)
def test_the_effect_of_a_head_is_relative_to_the_odds_of_the_first_text(odds, published):
    base = log_odds(TEXTS["xlnet, technician"][BASE])
    assert effect(base, np.log([odds]))[0] == pytest.approx(published, abs=2**-23)
