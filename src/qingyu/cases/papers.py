"""Writing and reading what stands beside the log: texts and sealed identity."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from qingyu.cases import rows
from qingyu.cases.models import Case, CaseText, Contact
from qingyu.people import sealing
from qingyu.rules import identifiers, ledger

IDENTITY = ("name", "phone", "email", "address", "id_number")
TITLE_LENGTH = 40


@dataclass(frozen=True)
class Person:
    """Who a citizen is, as far as they tell. ``phone`` in any spelling; all may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    id_number: str = ""
    language: str = ""

    @property
    def reachable(self) -> bool:
        return bool(self.phone or self.email)


@dataclass(frozen=True)
class Written:
    """A text that was stored: its id for the facts of an event, and its salted digest."""

    id: int
    digest: str


def is_sealed(case: Case) -> bool:
    """Whether the texts of the case are encrypted: reports of wrongdoing and confidential cases."""
    return case.type == Case.Type.REPORT or case.confidential


def write_text(case: Case, kind: str, body: str, *, at: datetime, shown: bool) -> Written:
    """Stores one text of a case; sealed where the case demands it."""
    return write_texts(case, [(kind, body, shown)], at=at)[0]


def write_texts(case: Case, texts: list[tuple[str, str, bool]], *, at: datetime) -> list[Written]:
    """Stores several texts (kind, body, shown to the citizen) in one statement."""
    stored = [text_row(case, kind, body.strip(), shown, at) for kind, body, shown in texts]
    rows.insert(stored)
    return [
        Written(row.pk, ledger.text_digest(bytes(row.salt), body.strip()))
        for row, (_kind, body, _shown) in zip(stored, texts, strict=True)
    ]


def text_row(case: Case, kind: str, body: str, shown: bool, at: datetime) -> CaseText:
    """A text of a case, sealed where the case demands it, with a salt of its own; not yet stored."""
    row = CaseText(uuid=uuid.uuid4(), case=case, kind=kind, shown=shown, at=at, salt=secrets.token_bytes(16))
    if is_sealed(case):
        row.sealed = sealing.seal(body, column="text:body", row=row.uuid, purpose=_purpose(case))
    else:
        row.body = body
    return row


def read_text(row: CaseText) -> str:
    """The words of a text row, unsealed where needed."""
    return sealing.unseal(row.sealed, column="text:body", row=row.uuid) if row.sealed else row.body


def words_of(body: str | None, sealed: bytes | None, uuid: uuid.UUID | None) -> str:
    """The words of a text from its columns, all empty where there is none."""
    return sealing.unseal(sealed, column="text:body", row=uuid) if sealed and uuid else body or ""


def _purpose(case: Case) -> str:
    return "r" if case.type == Case.Type.REPORT else "k"


def write_contact(case: Case, person: Person, *, role: str = Contact.Role.PERSON) -> Contact:
    """Seals who the person is. NotValid("phone_not_valid") or ("email_not_valid") names the field."""
    phone = identifiers.normalise_phone(person.phone) if person.phone else ""
    row = Contact(uuid=uuid.uuid4(), case=case, role=role, language=person.language)
    values = {name: getattr(person, name).strip() for name in IDENTITY} | {"phone": phone}
    for name, value in values.items():
        sealed = sealing.seal(value, column=f"contact:{name}", row=row.uuid, purpose=_purpose(case))
        setattr(row, name, sealed)
    row.phone_index = blind_phone(phone)
    row.phone4_index = sealing.blind(phone[-4:], column="contact:phone4")
    row.id_index = sealing.blind(person.id_number.upper(), column="contact:id_number")
    rows.insert([row])
    return row


def blind_phone(phone: str) -> str:
    """The index by which equal phones are found; ``phone`` in E.164."""
    return sealing.blind(phone, column="contact:phone")


def clear_field(contact: Contact, name: str) -> str:
    """One field of a contact in clear. Only ``queries.clear_contact`` and senders of messages may show it."""
    return sealing.unseal(getattr(contact, name), column=f"contact:{name}", row=contact.uuid)


def masked(contact: Contact) -> dict[str, str]:
    """All fields of a contact as the screen may show them (张**, 138****8000)."""
    masks = {
        "name": identifiers.mask_name,
        "phone": identifiers.mask_phone,
        "email": identifiers.mask_email,
        "address": identifiers.mask_address,
        "id_number": identifiers.mask_resident_id,
    }
    clear = {name: clear_field(contact, name) for name in IDENTITY}
    return {name: masks[name](value) if value else "" for name, value in clear.items()}


def title_from(text: str) -> str:
    """The first words of a text where the citizen gave no title."""
    first = text.strip().splitlines()[0] if text.strip() else ""
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"
