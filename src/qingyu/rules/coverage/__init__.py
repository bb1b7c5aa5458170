"""Who can walk to a service point in 15 minutes, and which point is nearest for what a person came for.

Plain values only. Lengths are metres in a straight line unless something else is said, times are minutes, coordinates
degrees of WGS-84. Nobody's road network is asked: a straight line times a detour is what a citizen can check.
"""

from qingyu.rules.coverage.circle import Cell, Circle, Covered, Reached, Share, covered
from qingyu.rules.coverage.earth import METRES_OF_A_DEGREE, Box, Datum, Spot, bearing, box_of, checked, metres, to_wgs84
from qingyu.rules.coverage.grid import Grid
from qingyu.rules.coverage.opening import Closing, Period, Timetable, read_week, write_week
from qingyu.rules.coverage.visiting import Fits, Found, Visit, nearest, visit
from qingyu.rules.coverage.walking import Minutes, Pace, pace_on

__all__ = [
    "METRES_OF_A_DEGREE",
    "Box",
    "Cell",
    "Circle",
    "Closing",
    "Covered",
    "Datum",
    "Fits",
    "Found",
    "Grid",
    "Minutes",
    "Pace",
    "Period",
    "Reached",
    "Share",
    "Spot",
    "Timetable",
    "Visit",
    "bearing",
    "box_of",
    "checked",
    "covered",
    "metres",
    "nearest",
    "pace_on",
    "read_week",
    "to_wgs84",
    "visit",
    "write_week",
]
