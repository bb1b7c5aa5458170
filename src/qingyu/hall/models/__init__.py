"""The tables of a hall, by noun."""

from qingyu.hall.models.facilities import (
    Facility,
    FacilityEvent,
    FacilityFault,
    FaultReport,
    Heard,
    OpeningHours,
    Round,
    RoundPlan,
)
from qingyu.hall.models.queue import CODE, BoardVersion, Hall, Service, Ticket, TicketCounter, Window, new_ticket

__all__ = [
    "CODE",
    "BoardVersion",
    "Facility",
    "FacilityEvent",
    "FacilityFault",
    "FaultReport",
    "Hall",
    "Heard",
    "OpeningHours",
    "Round",
    "RoundPlan",
    "Service",
    "Ticket",
    "TicketCounter",
    "Window",
    "new_ticket",
]
