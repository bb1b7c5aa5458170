"""The tables of a hall, by noun."""

from qingyu.hall.models.appointments import Appointment, AppointmentTerms, PlannedOpening
from qingyu.hall.models.queue import CODE, BoardVersion, Hall, Service, Ticket, TicketCounter, Window, new_ticket

__all__ = [
    "CODE",
    "Appointment",
    "AppointmentTerms",
    "BoardVersion",
    "Hall",
    "PlannedOpening",
    "Service",
    "Ticket",
    "TicketCounter",
    "Window",
    "new_ticket",
]
