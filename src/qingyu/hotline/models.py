"""Telephone switches, what they told, calls, the agents at them, what they typed, and who is to be rung back."""

from __future__ import annotations

import json
import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingyu.cases.models import Case
from qingyu.people import sealing
from qingyu.people.models import Staff


class Switch(models.Model):
    """A telephone exchange that tells us of calls. ``secret`` signs what goes to and fro; it is sealed."""

    class Kind(models.TextChoices):
        WEBHOOK = "webhook", _("sends signed events")
        SIMULATOR = "simulator", _("plays calls")
        REPLAY = "replay", _("replayed history")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    secret = models.BinaryField(default=bytes)
    active = models.BooleanField(default=True)
    up = models.BooleanField(default=True)
    told_at = models.DateTimeField(null=True, help_text="of the last event")
    created_at = models.DateTimeField()

    def seal_secret(self, text: str) -> None:
        """Keeps the shared secret."""
        self.secret = sealing.seal(text, column="switch:secret", row=self.uuid)

    def clear_secret(self) -> str:
        """The shared secret in clear."""
        return sealing.unseal(self.secret, column="switch:secret", row=self.uuid)


class CallEvent(models.Model):
    """What a switch told, stored before anything is done about it. Numbers and typed digits stand in ``sealed``."""

    uuid = models.UUIDField(default=uuid.uuid4)
    switch = models.ForeignKey(Switch, on_delete=models.PROTECT, related_name="events", db_index=False)
    call_ref = models.CharField(max_length=80, blank=True)
    type = models.CharField(max_length=24)
    seq = models.BigIntegerField()
    at = models.DateTimeField()
    leg = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    sealed = models.BinaryField(default=bytes)
    recorded_at = models.DateTimeField()
    applied = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["switch", "call_ref", "type", "seq"], name="one_event_told_once")
        ]
        indexes: ClassVar = [models.Index(fields=["id"], name="call_event_to_apply", condition=models.Q(applied=False))]

    def seal(self, personal: dict[str, Any], *, purpose: str = "k") -> None:
        """Keeps what tells who somebody is."""
        text = json.dumps(personal, ensure_ascii=False, sort_keys=True) if personal else ""
        self.sealed = sealing.seal(text, column="call_event:data", row=self.uuid, purpose=purpose)

    def personal(self) -> dict[str, Any]:
        """Numbers and digits in clear."""
        text = sealing.unseal(self.sealed, column="call_event:data", row=self.uuid)
        return dict(json.loads(text)) if text else {}


class CallBack(models.Model):
    """漏接回拨: a caller who did not get through, or was cut off, and is to be rung back."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("call-back", "to ring")
        DIALLING = "dialling", pgettext_lazy("call-back", "being rung")
        REACHED = "reached", pgettext_lazy("call-back", "reached")
        CALLED_AGAIN = "called_again", pgettext_lazy("call-back", "called again by themselves")
        GIVEN_UP = "given_up", pgettext_lazy("call-back", "given up")

    call = models.OneToOneField("hotline.Call", on_delete=models.PROTECT, related_name="owed")
    why = models.CharField(max_length=12)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_try = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=14, choices=State.choices, default=State.WAITING)
    outcome = models.CharField(max_length=12, blank=True, help_text="of the last try")
    outcome_at = models.DateTimeField(null=True)
    by_word = models.BooleanField(default=False, help_text="somebody says that they were reached; no call tells of it")
    agent = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="call_back_to_ring",
                condition=models.Q(state__in=["waiting", "dialling"]),
            ),
            models.Index(fields=["owed_at"], name="call_back_owed"),
        ]  # fmt: skip


class Call(models.Model):
    """One telephone call, folded from what the switch told. The caller's number is sealed, found by a blind index."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    switch = models.ForeignKey(Switch, on_delete=models.PROTECT, related_name="calls", db_index=False)
    call_ref = models.CharField(max_length=80)
    outbound = models.BooleanField(default=False)
    imported = models.BooleanField(default=False, help_text="history: nobody is rung back for it")
    phone = models.BinaryField(default=bytes)
    phone_index = models.CharField(max_length=32, blank=True)
    hidden = models.BooleanField(default=False, help_text="a report of wrongdoing came of it; no index leads to it")
    known = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default="unknown")
    outcome = models.CharField(max_length=10, blank=True)
    requested = models.BooleanField(default=False)
    offered_at = models.DateTimeField(null=True)
    joined_at = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField(default=0)
    agent_code = models.CharField(max_length=80, blank=True)
    agent = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    connected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=80, blank=True)
    waited = models.PositiveIntegerField(null=True)
    talked = models.PositiveIntegerField(null=True)
    rating = models.PositiveSmallIntegerField(default=0)
    recording = models.CharField(max_length=300, blank=True)
    result = models.CharField(max_length=10, blank=True)
    returns = models.ForeignKey(
        CallBack, null=True, on_delete=models.PROTECT, related_name="tries", help_text="the call-back this call tries"
    )
    wrapped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["switch", "call_ref"], name="one_call_each_reference")]
        indexes: ClassVar = [
            models.Index(fields=["offered_at"], name="call_offered"),
            models.Index(fields=["phone_index"], name="call_of_phone", condition=~models.Q(phone_index="")),
            models.Index(fields=["position", "joined_at"], name="call_queued", condition=models.Q(state="queued")),
            models.Index(fields=["agent", "id"], name="call_at_agent",
                condition=models.Q(wrapped_at__isnull=True, agent__isnull=False),
            ),
        ]  # fmt: skip

    def seal_phone(self, phone: str, *, index: str, purpose: str = "k") -> None:
        """Keeps the number; ``index`` empty where it must not be found by it."""
        self.phone = sealing.seal(phone, column="call:phone", row=self.uuid, purpose=purpose)
        self.phone_index = index

    def clear_phone(self) -> str:
        """The number in clear, E.164 where it is one; empty where the caller kept it back."""
        return unsealed_phone(self.phone, self.uuid)


def unsealed_phone(phone: bytes | memoryview, row: uuid.UUID) -> str:
    """The number of a call in clear, from its columns."""
    return sealing.unseal(phone, column="call:phone", row=row)


class CallCase(models.Model):
    """A case that came of a call; one call may bring several."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="came", db_index=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="came_by_call")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["call"], name="case_of_call")]


class Draft(models.Model):
    """What an agent has typed during a call, kept as it is typed, until it is filed or thrown away."""

    call = models.OneToOneField(Call, primary_key=True, on_delete=models.CASCADE, related_name="draft")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    body = models.BinaryField(default=bytes)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["by"], name="draft_of_agent")]


class AgentState(models.Model):
    """Which extension somebody answers at, and whether they take calls."""

    class State(models.TextChoices):
        OFFLINE = "offline", pgettext_lazy("agent", "signed out")
        READY = "ready", pgettext_lazy("agent", "ready")
        PAUSED = "paused", pgettext_lazy("agent", "paused")

    staff = models.OneToOneField(Staff, primary_key=True, on_delete=models.CASCADE, related_name="at_phone")
    switch = models.ForeignKey(Switch, on_delete=models.PROTECT, related_name="+", db_index=False)
    extension = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OFFLINE)
    reason = models.CharField(max_length=20, blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["switch", "extension"], name="one_agent_each_extension", condition=~models.Q(state="offline")
            )
        ]


class Command(models.Model):
    """What a switch is told to do; it fetches its commands and says how each came out. ``number`` is sealed."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("command", "waiting")
        DONE = "done", pgettext_lazy("command", "done")
        FAILED = "failed", pgettext_lazy("command", "failed")
        EXPIRED = "expired", pgettext_lazy("command", "too late")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    switch = models.ForeignKey(Switch, on_delete=models.PROTECT, related_name="commands", db_index=False)
    key = models.CharField(max_length=60, help_text="what it is for: the same is told once")
    name = models.CharField(max_length=20)
    args = models.JSONField(default=dict)
    number = models.BinaryField(default=bytes)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    call = models.ForeignKey(Call, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField()
    until = models.DateTimeField(help_text="after this it is of no use")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["switch", "key"], name="one_command_each_key")]
        indexes: ClassVar = [
            models.Index(fields=["switch", "id"], name="command_waiting", condition=models.Q(state="waiting"))
        ]
