"""Cases as JSON: the same operations and queries as the pages call, behind typed schemas."""

from qingyu.cases.api.citizen import router as citizen_router
from qingyu.cases.api.desk import router as desk_router

__all__ = ["citizen_router", "desk_router"]
