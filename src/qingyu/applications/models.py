"""What belongs to an application beside its case: form answers, documents, the hand-over to a window, the result.

An application *is* a case; state, stage, owner and clocks stand there, folded from the log.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models import Attachment, Case, CaseText
from qingyu.catalog.models import FormVersion, Item, ItemVersion
from qingyu.people.models import Staff
from qingyu.rules import applications as rules
from qingyu.rules.hours import Limit


class Application(models.Model):
    """One application. ``version`` and ``form`` are those under which it was sent; it ends under them."""

    class Proxy(models.TextChoices):
        FAMILY = rules.Proxy.FAMILY.value, _("family member")
        NEIGHBOUR = rules.Proxy.NEIGHBOUR.value, _("friend or neighbour")
        COMMUNITY = rules.Proxy.COMMUNITY.value, _("community or service staff")
        AUTHORISED = rules.Proxy.AUTHORISED.value, _("authorised agent")
        GUARDIAN = rules.Proxy.GUARDIAN.value, _("guardian")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="application")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    form = models.ForeignKey(FormVersion, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    promised = models.CharField(max_length=24, help_text="limit, e.g. 5 working_day")
    legal = models.CharField(max_length=24)
    owner = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    deputy = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    proxy_kind = models.CharField(max_length=10, choices=Proxy.choices, blank=True)
    silent_at = models.DateTimeField(null=True, help_text="when somebody else is called, if nobody acts until then")
    silence = models.PositiveSmallIntegerField(default=0, help_text="how many have been called since it was sent")
    granted = models.BooleanField(null=True, help_text="as decided")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["silent_at"], name="application_silent", condition=Q(silent_at__isnull=False)),
        ]

    @property
    def promise(self) -> Limit:
        """The promised limit."""
        return Limit.parse(self.promised)


class Answers(models.Model):
    """The answers of a form as they were given; a correction adds a row, none is changed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="answers", db_index=False)
    number = models.PositiveSmallIntegerField(default=1)
    values = models.BinaryField(default=bytes, help_text="sealed JSON")
    salt = models.BinaryField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "number"], name="one_answers_each_number")
        ]


class Document(models.Model):
    """A file that answers a field of the form; ``field`` is ``_authority`` for the paper of a proxy."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="documents")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="document")
    field = models.CharField(max_length=60)
    replaced_at = models.DateTimeField(null=True, help_text="when another one took its place")


class Sameness(models.Model):
    """The last application with the same item, person and answers: what is sent twice is one. A keyed digest."""

    digest = models.CharField(max_length=32, unique=True)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)


class Draft(models.Model):
    """Half-filled: kept for some weeks under a code that only the person has."""

    code = models.CharField(max_length=32, unique=True, help_text="a keyed digest of the code")
    uuid = models.UUIDField(default=uuid.uuid4)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    said = models.BinaryField(default=bytes, help_text="sealed JSON")
    updated_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)


class Handover(models.Model):
    """An application on its way to a window: what is missing, and the ticket by which it went on there."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="handovers", db_index=False)
    missing = models.ForeignKey(CaseText, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    by_citizen = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    ticket = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application"], name="one_open_handover", condition=Q(ended_at=None))
        ]
        indexes: ClassVar = [models.Index(fields=["application", "id"], name="handover_of_application")]


class Result(models.Model):
    """What was issued. ``code`` lets anybody who holds the paper see that it is genuine."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="result")
    code = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=200)
    holder = models.BinaryField(default=bytes, help_text="sealed")
    granted = models.BooleanField()
    how = models.CharField(max_length=8, help_text="online, window or post")
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
