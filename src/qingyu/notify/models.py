"""Deliveries: what leaves the database, one row for each message, with its tries and its end."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from qingyu.people import sealing


class Delivery(models.Model):
    """A message to one address over one channel. Address, subject and body are sealed.

    ``source_event`` is the id of an event in a log this app does not know. ``next_at`` is when a waiting row
    is due. ``last_error`` is a code, never a text from outside.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("message", "waiting")
        SENT = "sent", pgettext_lazy("message", "sent")
        DEAD = "dead", pgettext_lazy("message", "failed")
        CANCELLED = "cancelled", pgettext_lazy("message", "cancelled")

    class Channel(models.TextChoices):
        EMAIL = "email", pgettext_lazy("message", "e-mail")
        SMS = "sms", pgettext_lazy("message", "text message")
        FILE = "file", pgettext_lazy("message", "file")
        CONSOLE = "console", pgettext_lazy("message", "console")
        INBOX = "inbox", pgettext_lazy("message", "inbox")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    source_event = models.BigIntegerField()
    follower = models.CharField(max_length=60)
    audience = models.CharField(max_length=60, help_text="kind, or kind:code where several are told")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    event_code = models.CharField(max_length=40)
    address = models.BinaryField()
    address_masked = models.CharField(max_length=255)
    subject = models.BinaryField()
    body = models.BinaryField()
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    last_error = models.CharField(max_length=60, blank=True)
    idempotency_key = models.CharField(max_length=32, unique=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_event", "follower", "audience", "channel"], name="one_delivery_per_event"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "dead", "cancelled"]),
                name="delivery_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
                name="delivery_sent_has_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["channel", "next_at"], name="delivery_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["id"], name="delivery_dead", condition=models.Q(state="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.event_code} {self.channel} {self.address_masked}"

    def seal(self, *, address: str, subject: str, body: str, purpose: str) -> None:
        """Fills the sealed columns; the uuid must not change afterwards."""
        for column, text in (("address", address), ("subject", subject), ("body", body)):
            sealed = sealing.seal(text, column=f"delivery:{column}", row=self.uuid, purpose=purpose)
            setattr(self, column, sealed)

    def clear(self, column: str) -> str:
        """The clear text of ``address``, ``subject`` or ``body``; KeyTrouble where key and row do not fit."""
        return sealing.unseal(getattr(self, column), column=f"delivery:{column}", row=self.uuid)
