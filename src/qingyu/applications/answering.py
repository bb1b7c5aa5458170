"""Answers of a form: held against its declaration, sealed for one application, read again."""

from __future__ import annotations

import json
import re
import secrets
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from qingyu.applications.models import Answers, Application, Document
from qingyu.cases import attachments
from qingyu.cases.attachments import Held
from qingyu.cases.models import Attachment, Case
from qingyu.catalog.models import FormVersion, ItemVersion, Material
from qingyu.catalog.queries import materials_of
from qingyu.people import sealing
from qingyu.rules import forms, ledger

COLUMN = "answers:values"
AUTHORITY = "_authority"
AT_ONCE = 5  # files that are kept in one call

Documents = Mapping[str, Sequence[Held]]


def fields_of(form: FormVersion | None, version: ItemVersion) -> tuple[forms.Field, ...]:
    """The declared fields, and one for each paper of the guide that a photo serves and the form does not name.

    What the house looks up itself is not asked for (国务院关于在线政务服务的若干规定 7).
    """
    declared = forms.declared(form.fields) if form else ()
    named = {one.material for one in declared}
    papers = [one for one in materials_of(version) if one.electronic and one.source != Material.Source.SHARED]
    return declared + tuple(_paper(one) for one in papers if one.code not in named)


def _paper(material: Material) -> forms.Field:
    name = f"m_{re.sub('[^a-z0-9]', '_', material.code.lower())}"[:40]
    words = material.sample or material.note
    return forms.Field(
        name, material.name, forms.Kind.DOCUMENT, not material.needed_if, words, most=AT_ONCE, material=material.code
    )  # fmt: skip


def checked(
    fields: tuple[forms.Field, ...], said: Mapping[str, object], documents: Mapping[str, Sequence[str]], *, day: date
) -> forms.Checked:
    """What was said and the ids of the files, held against the fields."""
    return forms.check(fields, {**said, **{name: list(ids) for name, ids in documents.items()}}, day=day)


def words_only(checked: forms.Checked) -> dict[str, str]:
    """The values that are no documents."""
    return {name: value for name, value in checked.values.items() if isinstance(value, str)}


def write(application: Application, values: Mapping[str, str], *, number: int, at: datetime) -> dict[str, object]:
    """Stores the answers; the facts by which an event refers to them."""
    body = json.dumps(dict(values), ensure_ascii=False, sort_keys=True)
    row = Answers(uuid=uuid.uuid4(), application=application, number=number, salt=secrets.token_bytes(16), at=at)
    row.values = sealing.seal(body, column=COLUMN, row=row.uuid)
    row.save(force_insert=True)
    return {"answers": row.pk, "answers_digest": ledger.text_digest(bytes(row.salt), body)}


def read(row: Answers) -> dict[str, str]:
    """The values of one row."""
    found: dict[str, str] = json.loads(sealing.unseal(row.values, column=COLUMN, row=row.uuid) or "{}")
    return found


def keep(case: Case, documents: Documents, *, by_citizen: bool, at: datetime) -> dict[str, list[Attachment]]:
    """The files of each field become attachments of the case."""
    kept: dict[str, list[Attachment]] = {}
    for name, held in documents.items():
        for start in range(0, len(held), AT_ONCE):
            rows = attachments.keep(case, held[start : start + AT_ONCE], by_citizen=by_citizen, at=at)
            kept.setdefault(name, []).extend(rows)
    return kept


def write_documents(application: Application, kept: Mapping[str, Sequence[Attachment]], *, at: datetime) -> None:
    """Rows that say which field each file answers; earlier files of these fields are replaced."""
    fields = [name for name, rows in kept.items() if rows]
    application.documents.filter(field__in=fields, replaced_at=None).update(replaced_at=at)
    Document.objects.bulk_create(
        Document(application=application, attachment=row, field=name) for name, rows in kept.items() for row in rows
    )


def facts_of(kept: Mapping[str, Sequence[Attachment]]) -> dict[str, object]:
    """What an event says of all these files."""
    return dict(attachments.facts([row for rows in kept.values() for row in rows]))
