"""Answers as JSON: citizens search, read, say whether it helped, ask; staff write and review with their token."""

from qingyu.knowledge.api.citizen import router
from qingyu.knowledge.api.desk import router as desk_router

__all__ = ["desk_router", "router"]
