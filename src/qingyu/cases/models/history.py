"""Where a loaded case comes from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingyu.cases.models.case import Case


class ImportedRow(models.Model):
    """One row of another system that became a case. Its own id there makes loading it again change nothing."""

    source = models.CharField(max_length=80)
    source_id = models.CharField(max_length=120)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="imported_row")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "source_id"], name="one_case_each_row")]
