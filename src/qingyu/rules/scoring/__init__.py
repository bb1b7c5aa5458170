"""Indicators, scores and bands: exact rates, honest small numbers, weights and thresholds as data.

国办函〔2025〕66号 wants bands by kind and size of unit instead of one ranking, so nothing here ranks.
Weights and thresholds are presets with a source; Beijing publishes none.
"""

from __future__ import annotations

from qingyu.rules.scoring.definitions import (
    BEARABLE_WAIT,
    CASES,
    DEFINITIONS,
    HALL,
    INDICATORS,
    SCHEMES,
    SHORT_WAIT,
    CountedOn,
    Definition,
    Scheme,
    Side,
    scheme_on,
)
from qingyu.rules.scoring.lasting import LONGER, STEPS, step, within
from qingyu.rules.scoring.rates import (
    SMALL_NUMBERS,
    Z_95,
    Certainty,
    Rate,
    SmallNumbers,
    certainty,
    resolution_rate,
    responded,
    response_rate,
    rounded,
    satisfaction_rate,
)
from qingyu.rules.scoring.scores import BANDS, JUNGAR, NOTHING, WEATHER, Scale, Score, Weights, score

__all__ = [
    "BANDS", "BEARABLE_WAIT", "CASES", "DEFINITIONS", "HALL", "INDICATORS", "JUNGAR", "LONGER", "NOTHING", "SCHEMES",
    "SHORT_WAIT", "SMALL_NUMBERS", "STEPS", "WEATHER", "Z_95", "Certainty", "CountedOn", "Definition", "Rate", "Scale",
    "Scheme", "Score", "Side", "SmallNumbers", "Weights", "certainty", "resolution_rate", "responded", "response_rate",
    "rounded", "satisfaction_rate", "scheme_on", "score", "step", "within",
]  # fmt: skip
