"""Halls as JSON: the queue, and appointments."""

from qingyu.hall.api.appointments import router as appointments_router
from qingyu.hall.api.queue import router

__all__ = ["appointments_router", "router"]
