"""Names for operators: who was addressed, and why a message failed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

AUDIENCES = {
    "citizen": pgettext_lazy("message", "Citizen"),
    "unit": pgettext_lazy("message", "Unit"),
    "staff": pgettext_lazy("message", "Staff"),
}

# By the first word of ``Delivery.last_error``; a number after it is the receiver's own.
TROUBLES = {
    "": _("No cause recorded"),
    "address_missing": _("There is no address"),
    "address_unusable": _("The address cannot be used"),
    "recipient_refused": _("The receiving server does not know the address"),
    "message_refused": _("The receiving server refused the message"),
    "message_malformed": _("The message could not be written"),
    "server_refused": _("Our mail server refused us"),
    "server_unreachable": _("Our mail server could not be reached"),
    "file": _("The file could not be written"),
    "outcome_unknown": _("It was tried, but never heard of again"),
    "fault": _("A fault in the house"),
}
