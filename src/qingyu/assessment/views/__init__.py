"""The pages of the barometer: units, halls, service items; and, for staff, the cases behind a figure."""

from __future__ import annotations

from qingyu.assessment.views.barometer import barometer
from qingyu.assessment.views.cases import cases
from qingyu.assessment.views.places import halls, items

__all__ = ["barometer", "cases", "halls", "items"]
