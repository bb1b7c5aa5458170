"""Forms as data: what a declaration of fields may say, and whether answers fit it.

A declaration is a list of fields as JSON holds them::

    {"name": "birth_date", "label": "出生日期", "type": "date", "required": true, "when": "past"}

``name`` small letters, digits and _; ``label`` and ``help`` are words for people; ``type`` one of ``Kind``; ``choices``
(only and always for a choice) a list of {value, label}; ``max`` the most signs of a text, the greatest number, or the
most files of a document; ``min`` the least number; ``when`` "past" or "future" (both hold today) for a date;
``material`` the code of the paper that a document is. Reads and answers: no clock, no wording.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from qingyu.rules.identifiers import check_resident_id, normalise_phone
from qingyu.rules.refusals import NotValid


class Kind(StrEnum):
    """What an answer to a field is."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    PHONE = "phone"
    ID = "id"
    DOCUMENT = "document"


MOST_FIELDS = 60
LONGEST_NAME, LONGEST_LABEL, LONGEST_HELP = 40, 100, 300
LONGEST_TEXT = 5000
MOST_FILES = 10
USUAL_TEXT, USUAL_FILES = 200, 5
GREATEST = 10**12
_NAME = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,6})?")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_KEYS = {"name", "label", "type", "required", "help"}
_OF_KIND = {
    Kind.TEXT: {"max"},
    Kind.NUMBER: {"min", "max"},
    Kind.DATE: {"when"},
    Kind.CHOICE: {"choices"},
    Kind.PHONE: set[str](),
    Kind.ID: set[str](),
    Kind.DOCUMENT: {"max", "material"},
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. ``most`` and ``least`` as ``max`` and ``min``; ``choices`` pairs of value and label."""

    name: str
    label: str
    kind: Kind
    required: bool = False
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    most: int | None = None
    least: int | None = None
    when: str = ""
    material: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """Answers that were held against a form: ``values`` that fit, as they are stored, and ``errors`` by field name.

    A value is a text (a number and a date in plain and ISO spelling, a phone in E.164), or a list of references for a
    document. A field that was left empty has no value.
    """

    values: dict[str, str | list[str]] = field(default_factory=dict)
    errors: dict[str, NotValid] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether nothing is wrong."""
        return not self.errors


# The declaration -------------------------------------------------------------------------------------------------


def declared(raw: object) -> tuple[Field, ...]:
    """The fields of a declaration.

    NotValid with ``place`` (1 for the first field, 0 for the whole): form_not_readable, form_empty, form_too_long,
    field_key_unknown, field_name_not_valid, field_name_twice, field_label_missing, field_words_too_long,
    field_type_unknown, field_bound_not_valid, choices_missing, choice_not_valid, choice_twice.
    """
    if not isinstance(raw, list) or not all(isinstance(one, Mapping) for one in raw):
        raise NotValid("form_not_readable", field="fields", place=0)
    if not raw:
        raise NotValid("form_empty", field="fields", place=0)
    if len(raw) > MOST_FIELDS:
        raise NotValid("form_too_long", field="fields", place=0, longest=MOST_FIELDS)
    found: dict[str, Field] = {}
    for place, one in enumerate(raw, 1):
        made = _field(one, place)
        if made.name in found:
            raise _fault("field_name_twice", place)
        found[made.name] = made
    return tuple(found.values())


def _fault(code: str, place: int, **facts: object) -> NotValid:
    return NotValid(code, field="fields", place=place, **facts)


def _field(raw: Mapping[str, Any], place: int) -> Field:
    kind = _kind(raw, place)
    strange = set(raw) - _KEYS - _OF_KIND[kind]
    if strange:
        raise _fault("field_key_unknown", place, key=str(sorted(map(str, strange))[0])[:40])
    name = raw.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _fault("field_name_not_valid", place)
    required = raw.get("required", False)
    if not isinstance(required, bool):
        raise _fault("field_bound_not_valid", place, key="required")
    return Field(
        name, _words(raw, "label", place, longest=LONGEST_LABEL), kind, required,
        _words(raw, "help", place, longest=LONGEST_HELP), _choices(raw, kind, place), _most(raw, kind, place),
        _least(raw, kind, place), _when(raw, place), _material(raw, place),
    )  # fmt: skip


def _kind(raw: Mapping[str, Any], place: int) -> Kind:
    try:
        return Kind(raw["type"])
    except (KeyError, ValueError):
        raise _fault("field_type_unknown", place) from None


def _words(raw: Mapping[str, Any], key: str, place: int, *, longest: int) -> str:
    words = raw.get(key, "")
    if not isinstance(words, str) or (key == "label" and not words.strip()):
        raise _fault("field_label_missing", place)
    if len(words) > longest or not _storable(words):
        raise _fault("field_words_too_long", place, longest=longest)
    return words.strip()


def _storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _choices(raw: Mapping[str, Any], kind: Kind, place: int) -> tuple[tuple[str, str], ...]:
    if kind is not Kind.CHOICE:
        return ()
    given = raw.get("choices")
    if not isinstance(given, list) or not 1 <= len(given) <= 200:
        raise _fault("choices_missing", place)
    pairs = tuple(_choice(one, place) for one in given)
    if len({value for value, _ in pairs}) < len(pairs):
        raise _fault("choice_twice", place)
    return pairs


def _choice(raw: object, place: int) -> tuple[str, str]:
    if not isinstance(raw, Mapping) or set(raw) != {"value", "label"}:
        raise _fault("choice_not_valid", place)
    value, label = raw["value"], raw["label"]
    if not _is_choice_word(value) or not _is_choice_word(label):
        raise _fault("choice_not_valid", place)
    return value, label


def _is_choice_word(word: object) -> bool:
    return isinstance(word, str) and word.strip() == word and 0 < len(word) <= LONGEST_LABEL and _storable(word)


def _most(raw: Mapping[str, Any], kind: Kind, place: int) -> int | None:
    if kind is Kind.TEXT:
        return _whole(raw, "max", place, among=(1, LONGEST_TEXT)) or USUAL_TEXT
    if kind is Kind.DOCUMENT:
        return _whole(raw, "max", place, among=(1, MOST_FILES)) or USUAL_FILES
    return _whole(raw, "max", place, among=(-GREATEST, GREATEST))


def _least(raw: Mapping[str, Any], kind: Kind, place: int) -> int | None:
    least, most = (_whole(raw, key, place, among=(-GREATEST, GREATEST)) for key in ("min", "max"))
    if least is not None and most is not None and least > most:
        raise _fault("field_bound_not_valid", place, key="min")
    return least if kind is Kind.NUMBER else None


def _whole(raw: Mapping[str, Any], key: str, place: int, *, among: tuple[int, int]) -> int | None:
    value = raw.get(key)
    if value is None:
        return None
    if type(value) is not int or not among[0] <= value <= among[1]:
        raise _fault("field_bound_not_valid", place, key=key)
    return value


def _when(raw: Mapping[str, Any], place: int) -> str:
    when = raw.get("when", "")
    if when not in ("", "past", "future"):
        raise _fault("field_bound_not_valid", place, key="when")
    return str(when)


def _material(raw: Mapping[str, Any], place: int) -> str:
    code = raw.get("material", "")
    if not isinstance(code, str) or not re.fullmatch(r"[A-Za-z0-9_-]{0,60}", code):
        raise _fault("field_bound_not_valid", place, key="material")
    return code


# The answers -----------------------------------------------------------------------------------------------------


def check(fields: tuple[Field, ...], answers: Mapping[str, object], *, day: date) -> Checked:
    """Holds answers against the fields on a day of the city; every field is looked at.

    Errors by field: field_missing, field_unknown (no such field), field_not_valid (not a text), field_too_long,
    text_not_unicode, not_a_number, number_too_small, number_too_great, not_a_date, in_the_future, in_the_past,
    choice_unknown, phone_not_valid, resident_id_not_valid, too_many_files.
    """
    found = Checked()
    for one in fields:
        try:
            value = _answer(one, answers.get(one.name), day)
        except NotValid as refusal:
            found.errors[one.name] = NotValid(refusal.code, field=one.name, **refusal.facts)
        else:
            if value:
                found.values[one.name] = value
    strange = set(answers) - {one.name for one in fields}
    found.errors.update({name: NotValid("field_unknown", field=name) for name in sorted(strange)})
    return found


def _answer(one: Field, given: object, day: date) -> str | list[str]:
    if one.kind is Kind.DOCUMENT:
        return _files(one, given)
    if not isinstance(given, str | None):
        raise NotValid("field_not_valid")
    text = (given or "").replace("\r\n", "\n").strip()
    if not text:
        return _nothing(one)
    if not _storable(text):
        raise NotValid("text_not_unicode")
    if len(text) > LONGEST_TEXT:
        raise NotValid("field_too_long", longest=LONGEST_TEXT)
    return _READ[one.kind](one, text, day)


def _nothing(one: Field) -> str:
    if one.required:
        raise NotValid("field_missing")
    return ""


def _files(one: Field, given: object) -> str | list[str]:
    sent = given if isinstance(given, list | tuple) else [given] if given else []
    references = [part for part in sent if isinstance(part, str) and 0 < len(part) <= 200]
    if len(references) < len(sent):
        raise NotValid("field_not_valid")
    if len(references) > (one.most or USUAL_FILES):
        raise NotValid("too_many_files", most=one.most)
    return references or _nothing(one)


def _text(one: Field, text: str, day: date) -> str:
    if len(text) > (one.most or USUAL_TEXT):
        raise NotValid("field_too_long", longest=one.most)
    return text


def _number(one: Field, text: str, day: date) -> str:
    text = unicodedata.normalize("NFKC", text)
    if not _NUMBER.fullmatch(text):
        raise NotValid("not_a_number")
    number = Decimal(text)
    if one.least is not None and number < one.least:
        raise NotValid("number_too_small", least=one.least)
    if one.most is not None and number > one.most:
        raise NotValid("number_too_great", most=one.most)
    return format(number.normalize() + 0, "f")


def _date(one: Field, text: str, day: date) -> str:
    parts = _DATE.fullmatch(unicodedata.normalize("NFKC", text))
    try:
        found = date(*(int(part) for part in parts.groups())) if parts else None
    except ValueError:
        found = None
    if found is None:
        raise NotValid("not_a_date")
    if one.when == "past" and found > day:
        raise NotValid("in_the_future")
    if one.when == "future" and found < day:
        raise NotValid("in_the_past")
    return found.isoformat()


def _choice_made(one: Field, text: str, day: date) -> str:
    if text not in {value for value, _ in one.choices}:
        raise NotValid("choice_unknown")
    return text


def _phone(one: Field, text: str, day: date) -> str:
    return normalise_phone(text)


def _id(one: Field, text: str, day: date) -> str:
    return check_resident_id(text)


_READ = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _choice_made,
    Kind.PHONE: _phone,
    Kind.ID: _id,
}
