"""Many claims about one model: false ones among those that hold are kept down."""

from dataclasses import replace

import numpy as np
import pytest
from attnatlas.results.levels import Claim
from attnatlas.results.multiplicity import controlled, discoveries, p_value
from attnatlas.results.shapes import Finding, Result
from scipy.stats import false_discovery_control, norm


def claim(value, width=0.2, null=0.1, side="more"):
    return Claim(value, (value - width, value + width), (-null, null), 0.0, side)


def test_chance_of_a_claim_comes_from_both_widths():
    one = claim(0.3)
    error = np.hypot(0.2, 0.1) / norm.ppf(0.975)
    assert p_value(one) == pytest.approx(norm.sf(0.3 / error))
    assert p_value(claim(-0.3, side="less")) == pytest.approx(p_value(one))
    assert p_value(Claim(0.3, None, (0, 0), 0.1)) == 1
    assert p_value(Claim(0.3, (0.3, 0.3), (0, 0), 0.1)) == 0


def test_discoveries_are_those_of_scipy():
    random = np.random.default_rng(0)
    claims = [claim(value) for value in random.normal(0.15, 0.2, 60)]
    adjusted = false_discovery_control([p_value(one) for one in claims])
    assert set(map(id, discoveries(claims))) == {
        id(one) for one, p in zip(claims, adjusted, strict=True) if p <= 0.05
    }


def test_of_many_claims_that_are_chance_hardly_one_is_left():
    random = np.random.default_rng(1)
    trials = [[claim(value, 0.196, 0) for value in random.normal(0, 0.1, 40)] for _ in range(200)]
    alone = sum(any(one.level() == "holds" for one in claims) for claims in trials)
    together = sum(len(discoveries(claims)) > 0 for claims in trials)
    assert alone > 100
    assert together < 25


def test_what_may_be_due_to_number_is_undecided_and_what_is_not_told_counts():
    near = Claim(0.12, (0.01, 0.23), (0.0, 0.0), 0.0)
    said = [Finding("near", "Near.", claim=near)]
    untold = [Finding(f"{n}", "No.", claim=replace(near, value=0.0), told=False) for n in range(30)]
    described = Finding("d", "D.")
    alone = controlled({"x": Result("x", findings=(*said, described))})["x"].findings
    assert [(one.level, one.claims) for one in alone] == [("holds", 1), ("described", None)]
    among = controlled({"x": Result("x", findings=(*said, *untold))})["x"].findings
    assert [(one.id, one.level, one.claims) for one in among] == [("near", "undecided", 31)]
