"""What Open311 needs of its own: keys of those who may file through it, and extra fields of a service."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingyu.cases.models.reference import Topic


class ApiKey(models.Model):
    """A partner who may file requests through Open311. The key itself is told once and stored as a hash."""

    name = models.CharField(max_length=120, help_text="who holds it")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class ServiceAttribute(models.Model):
    """A question that a service asks beyond the description (GeoReport v2, service definition)."""

    class Datatype(models.TextChoices):
        STRING = "string"
        NUMBER = "number"
        DATETIME = "datetime"
        TEXT = "text"
        SINGLE = "singlevaluelist"
        MULTI = "multivaluelist"

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="attributes")
    code = models.SlugField(max_length=60)
    description = models.CharField(max_length=300, help_text="the question")
    datatype = models.CharField(max_length=16, choices=Datatype.choices, default=Datatype.STRING)
    datatype_description = models.CharField(max_length=300, blank=True)
    variable = models.BooleanField(default=True, help_text="False: only a text that is shown")
    required = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=1)
    values = models.JSONField(default=list, blank=True, help_text="[key, name] pairs of a list")

    class Meta:
        ordering = ("order", "id")
        constraints: ClassVar = [models.UniqueConstraint(fields=["topic", "code"], name="one_attribute_each_code")]
