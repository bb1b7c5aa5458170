"""One plain sentence for every code by which a hall says no, and the words for needs."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.rules.calling import Need

SENTENCES: dict[str, Promise | str] = {
    "ticket_open": _("Number %(number)s still stands at this window. Finish it first."),
    "window_closed": _("This window is not open. Open it first."),
    "no_ticket_open": _("Nobody stands at this window."),
    "ticket_changed": _("Number %(number)s stands at this window now. Look again."),
    "ticket_ended": _("This ticket has been called or has ended."),
    "ticket_of_another_day": _("This ticket is of another day. Take a new one."),
    "person_is_there": _("The person is at the window already."),
    "service_unknown": _("There is no such service in this hall."),
    "service_same": _("The person waits for this service already."),
    "no_appointments": _("This hall takes no appointments. Come by and take a number."),
    "visitor_name_missing": _("Please write the name of the person who comes."),
    "slot_unknown": _("This time cannot be booked. Choose another one."),
    "slot_full": _("This time has just been taken. Choose another one."),
    "appointment_same_day": _("There is an appointment for this phone number on that day already."),
    "appointment_barred": _(
        "Several appointments were missed, so this phone number can book again on %(until)s. You can come and take a"
        " number on any day."
    ),
    "appointment_ended": _("This appointment has ended or was cancelled."),
    "appointment_too_late": _(
        "It can be changed until %(hours)s hours before. If you cannot come, you need do nothing."
    ),
    "appointment_other_day": _("This appointment is on another day. Take a number if you wish to be served today."),
    "appointment_unknown": _("We find no appointment for this today. Take a number, or ask the person at the door."),
    "need_unknown": _("There is no such need."),
    "listening_item_unknown": _("There is no item of that name or code. Write its full name, or leave it open."),
    "hall_manage_denied": _("Only who runs this hall may change its plan."),
    "plan_day_past": _("This day has passed. Choose today or a later one."),
    "opening_order": _("Each time must end after it begins."),
    "opening_overlaps": _("Two of the times overlap. Put them together, or end the first one earlier."),
    "opening_windows": _("%(most)s windows can do this service: write a number from 1 to %(most)s."),
    "share_not_valid": _("Write a share from 0 to 100 percent."),
    "slot_not_valid": _("A slot lasts 5 to 240 minutes."),
    "hall_window_denied": _("You may not serve at this window."),
    "hall_ticket_denied": _("You may not give out tickets in this hall."),
}

NEEDS: dict[str, Promise | str] = {
    Need.ELDER: _("60 or older"),
    Need.PREGNANT: _("Pregnant"),
    Need.WHEELCHAIR: _("Wheelchair"),
    Need.HEARING: _("Hard of hearing"),
    Need.DISABLED: _("Other disability"),
}
NEED_ICONS = {
    Need.ELDER: "heart",
    Need.PREGNANT: "user",
    Need.WHEELCHAIR: "accessibility",
    Need.HEARING: "volume-2",
    Need.DISABLED: "handshake",
}
