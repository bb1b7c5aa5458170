"""An item that can be applied for online, and applications at every stage, for all tests of applications."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

from PIL import Image

from qingyu.applications import operations
from qingyu.cases import actors, attachments
from qingyu.cases.attachments import Held
from qingyu.cases.models import Case
from qingyu.cases.operations import Person
from qingyu.catalog.models import Form, FormVersion, Item, ItemVersion, Material
from tests.people import MONDAY, City

CODE = "birth-card"
FIELDS: list[dict[str, Any]] = [
    {"name": "child", "label": "孩子姓名", "type": "text", "required": True, "max": 30},
    {"name": "born", "label": "出生日期", "type": "date", "required": True, "when": "past"},
    {"name": "order", "label": "第几个孩子", "type": "choice", "required": True,
     "choices": [{"value": "1", "label": "第一个"}, {"value": "2", "label": "第二个"}]},
    {"name": "parent_id", "label": "父亲或母亲的身份证号码", "type": "id", "required": True},
    {"name": "id_photo", "label": "身份证照片", "type": "document", "required": True, "material": "id-card"},
    {"name": "book_photo", "label": "户口簿照片", "type": "document", "required": True, "material": "household"},
    {"name": "marriage_photo", "label": "结婚证照片", "type": "document", "required": False, "material": "marriage"},
]  # fmt: skip
ANSWERS = {"child": "李小禾", "born": "2026-05-20", "order": "1", "parent_id": "11010519491231002X"}
PERSON = Person(name="李禾", phone="13912345678")


def item(city: City, *, code: str = CODE, unit: str = "urban", **version: Any) -> Item:
    """The card of birth services with its form; owner and deputy work in the unit."""
    made = Item.objects.create(
        code=code, name="生育服务卡办理", unit=city.units[unit], owner=city.staff["handler"],
        deputy=city.staff["second_handler"], review_due_on=date(2027, 1, 1), newest=1,
    )  # fmt: skip
    values: dict[str, Any] = {
        "promised_days": 3, "promised_day_kind": "working", "legal_days": 20, "legal_day_kind": "working",
        "result_name": "生育服务卡", "online": True, "phone": "0571-88886666",
    } | version  # fmt: skip
    row = ItemVersion.objects.create(
        item=made, number=1, valid_from=date(2026, 1, 1), name=made.name, at=MONDAY, **values
    )  # fmt: skip
    for place, (name, words) in enumerate((("id-card", "身份证"), ("household", "户口簿"), ("marriage", "结婚证"))):
        Material.objects.create(version=row, place=place, code=name, name=words, source="applicant", electronic=True)
    form = Form.objects.create(item=made, code=f"{code}-form", name="生育服务登记", newest=1)
    FormVersion.objects.create(form=form, number=1, fields=FIELDS, valid_from=date(2026, 1, 1), at=MONDAY)
    return made


def change_form(made: Item, fields: list[dict[str, Any]], *, on: date) -> FormVersion:
    """Another version of the form from that day on."""
    form = made.forms.get()
    form.versions.filter(valid_to=None).update(valid_to=on - timedelta(days=1))
    return FormVersion.objects.create(form=form, number=2, fields=fields, valid_from=on, at=MONDAY)


def photo(*, size: tuple[int, int] = (60, 40), colour: str = "teal") -> bytes:
    """A photo as a telephone makes it."""
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, "JPEG")
    return target.getvalue()


def held(name: str = "证件.jpg", **look: Any) -> Held:
    return attachments.hold(name, photo(**look), sender="test")


def sending(**other: Any) -> operations.Sending:
    documents = {"id_photo": (held(),), "book_photo": (held(colour="navy"),)}
    given: dict[str, Any] = {"item": CODE, "person": PERSON, "answers": ANSWERS, "documents": documents} | other
    return operations.Sending(**given)


def sent(*, at: datetime = MONDAY, **other: Any) -> Case:
    """A fresh application; the item must be there."""
    return operations.send(sending(**other), by=actors.CITIZEN, at=at).case


def day(number: int, hour: int = 10) -> datetime:
    """That hour of a day of June 2026, in the city; the 1st is MONDAY."""
    return datetime(2026, 6, 1, tzinfo=MONDAY.tzinfo) + timedelta(days=number - 1, hours=hour - 8)
