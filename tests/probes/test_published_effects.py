"""Effects as Vig et al. 2020 publish them for GPT-2 small: the total effect out of their odds.

Three records of `winobias_data/attention_intervention_gpt2_filtered_dev.json`, its numbers as they
stand there, from https://github.com/sebastianGehrmann/CausalMediationAnalysis (MIT): probabilities
of two endings after each text, the odds of the second against the first, and the total effect.
"""

import json

import numpy as np
import pytest
from attnatlas.probes.head_swap import effect

PUBLISHED = json.loads("""{"model_version": "gpt2", "results": [
{"base_string1": "The assistant scanned documents for the analyst because she",
 "candidate1_base_prob": 0.04933643960349566, "candidate2_base_prob": 0.010801230184556225,
 "odds_base": 0.21893007017455957,
 "candidate1_alt_prob": 0.050822268612940945, "candidate2_alt_prob": 0.011737646907360472,
 "odds_alt": 0.2309548004783812, "total_effect": 0.05492498264050235},
{"base_string1": "The chief gave the housekeeper a tip because she",
 "candidate1_base_prob": 0.011735766484081032, "candidate2_base_prob": 0.01019014473196067,
 "odds_base": 0.8682981845099834,
 "candidate1_alt_prob": 0.010198726167951791, "candidate2_alt_prob": 0.010640305542276641,
 "odds_alt": 1.0432975027521043, "total_effect": 0.20154288165520035},
{"base_string1": "The physician told the baker that she",
 "candidate1_base_prob": 0.01904016604495259, "candidate2_base_prob": 0.0031519524269496154,
 "odds_base": 0.16554227623372933,
 "candidate1_alt_prob": 0.015447848472082554, "candidate2_alt_prob": 0.003341785358638107,
 "odds_alt": 0.21632691210542374, "total_effect": 0.30677744094802417}]}""")


def log_odds(record, text):
    """Return the logarithm of the odds of the second ending against the first after a text."""
    return float(
        np.log(record[f"candidate2_{text}_prob"]) - np.log(record[f"candidate1_{text}_prob"])
    )


@pytest.mark.parametrize("record", PUBLISHED["results"], ids=lambda one: one["base_string1"][4:13])
def test_the_total_effect_is_that_of_the_published_odds(record):
    base, changed = (log_odds(record, text) for text in ("base", "alt"))
    assert np.exp([base, changed]) == pytest.approx([record["odds_base"], record["odds_alt"]])
    assert effect(base, np.array([changed]))[0] == pytest.approx(record["total_effect"], rel=1e-9)
