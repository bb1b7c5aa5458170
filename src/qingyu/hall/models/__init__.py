"""The tables of a hall, by noun."""

from qingyu.hall.models.appointments import Appointment, AppointmentTerms, PlannedOpening
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
    "Appointment",
    "AppointmentTerms",
    "BoardVersion",
    "Facility",
    "FacilityEvent",
    "FacilityFault",
    "FaultReport",
    "Hall",
    "Heard",
    "OpeningHours",
    "PlannedOpening",
    "Round",
    "RoundPlan",
    "Service",
    "Ticket",
    "TicketCounter",
    "Window",
    "new_ticket",
]
