"""The hotline as JSON: what switches tell and fetch, and what agents and supervisors do, as on the pages."""

from qingyu.hotline.api.desk import router as desk_router
from qingyu.hotline.api.switches import router

__all__ = ["desk_router", "router"]
