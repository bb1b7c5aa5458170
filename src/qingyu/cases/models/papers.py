"""What belongs to a case but not into its log: who the person is (sealed), what was said, what was handed in."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models.case import Case
from qingyu.people.models import Staff


class Contact(models.Model):
    """A person of a case. All that identifies is sealed; equal phones are found by a keyed blind index."""

    class Role(models.TextChoices):
        PERSON = "person", _("person")
        PROXY = "proxy", _("proxy")
        REPORTED = "reported", _("reported")

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts", db_index=False)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.PERSON)
    name = models.BinaryField(default=bytes)
    phone = models.BinaryField(default=bytes)
    email = models.BinaryField(default=bytes)
    address = models.BinaryField(default=bytes)
    id_number = models.BinaryField(default=bytes)
    phone_index = models.CharField(max_length=32, blank=True, db_index=True)
    phone4_index = models.CharField(max_length=32, blank=True, db_index=True)
    id_index = models.CharField(max_length=32, blank=True, db_index=True)
    language = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "role"], name="one_contact_each_role")]


class CaseText(models.Model):
    """Words about a case. Plain for most; sealed where the case is confidential or a report of wrongdoing."""

    class Kind(models.TextChoices):
        TITLE = "title", _("title")
        TEXT = "text", _("words of the citizen")
        PLACE = "place", _("place")
        ADDITION = "addition", _("addition")
        NOTE = "note", _("note")
        REASON = "reason", _("reason")
        QUESTION = "question", _("question to the citizen")
        REPLY = "reply", _("reply of the citizen")
        ANSWER = "answer", _("answer")
        COMMENT = "comment", _("comment")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = models.TextField(blank=True)
    sealed = models.BinaryField(default=bytes)
    salt = models.BinaryField(max_length=16)
    shown = models.BooleanField(default=False, help_text="the citizen may read it")
    at = models.DateTimeField()


class Attachment(models.Model):
    """A photo or file: sniffed, re-encoded where it is an image, outside the web root, served through the policy."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    name = models.BinaryField(default=bytes, help_text="sealed: file names carry names of people")
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    salt = models.BinaryField(max_length=16)
    by_citizen = models.BooleanField(default=True)
    at = models.DateTimeField()


class ViewLog(models.Model):
    """Who saw which personal field of whom in clear, when, and to what purpose."""

    at = models.DateTimeField(db_index=True)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="views")
    fields = models.JSONField(default=list)
    purpose = models.CharField(max_length=200)
