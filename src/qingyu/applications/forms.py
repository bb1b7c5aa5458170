"""Forms of citizens, made from declared fields. What is wrong the rules say; fields give the words their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.applications.wording import PROXIES
from qingyu.cases import attachments
from qingyu.cases.citizen.uploads import FilesField, FilesInput
from qingyu.rules import forms as rules
from qingyu.rules.forms import Field, Kind

LONG = 120  # from here on a text gets several lines
FEW = 7  # up to here choices stand side by side as buttons
PHOTOS = _("A clear photo of the whole page. Up to 10 MB; a phone's photo can be sent as it is.")


class PaperInput(FilesInput):
    """Photos first: a phone offers its camera and its pictures."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.attrs["accept"] = attachments.ACCEPT
        self.allow_multiple_selected = most > 1
        if most == 1:
            self.attrs.pop("multiple", None)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class CameraInput(PaperInput):
    """Opens the camera at once where there is one."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.attrs["accept"] = "image/*"
        self.attrs["capture"] = "environment"


class PaperField(FilesField):
    """Files that answer one declared field."""

    def __init__(self, one: Field, *, camera: bool = False) -> None:
        widget = (CameraInput if camera else PaperInput)(one.most or rules.USUAL_FILES)
        label = _("Take a photo now") if camera else one.label
        super().__init__(label=label, help_text="" if camera else one.help or PHOTOS, required=False, widget=widget)


class DeclaredForm(forms.Form):
    """The declared fields of one step. ``fields`` of the rules become fields of the page; all prefixed with ``f-``."""

    def __init__(self, declared: Iterable[Field], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.declared = tuple(declared)
        for one in self.declared:
            self.fields[f"f-{one.name}"] = _field(one)

    def refuse(self, errors: Mapping[str, Any], words: Any) -> None:
        """Puts what the rules found beside each field."""
        for one in self.declared:
            if one.name in errors and f"f-{one.name}" not in self.errors:
                self.add_error(f"f-{one.name}", words(errors[one.name]))

    def lines(self) -> list[tuple[Field, forms.BoundField]]:
        """Each declared field with its place on the page."""
        return [(one, self[f"f-{one.name}"]) for one in self.declared]


def _field(one: Field) -> forms.Field:
    return MADE[one.kind](one)


def _text(one: Field) -> forms.Field:
    most = one.most or rules.USUAL_TEXT
    if most > LONG:
        return _char(one, widget=forms.Textarea(attrs={"rows": 3 if most <= rules.USUAL_TEXT else 6}))
    return _char(one)


def _char(one: Field, **more: Any) -> forms.Field:
    return forms.CharField(label=one.label, help_text=one.help, required=False, **more)


def _number(one: Field) -> forms.Field:
    return _char(one, widget=forms.TextInput(attrs={"inputmode": "decimal"}))


def _date(one: Field) -> forms.Field:
    return _char(one, widget=forms.DateInput(attrs={"type": "date"}))


def _choice(one: Field) -> forms.Field:
    choices = list(one.choices)
    if len(choices) <= FEW:
        return forms.ChoiceField(
            label=one.label, help_text=one.help, required=False, choices=choices, widget=forms.RadioSelect
        )  # fmt: skip
    return forms.ChoiceField(label=one.label, help_text=one.help, required=False, choices=[("", "—"), *choices])


def _phone(one: Field) -> forms.Field:
    return _char(one, widget=forms.TextInput(attrs={"inputmode": "tel"}))


def _id(one: Field) -> forms.Field:
    return _char(one, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}))


MADE = {
    Kind.TEXT: _text, Kind.NUMBER: _number, Kind.DATE: _date, Kind.CHOICE: _choice, Kind.PHONE: _phone, Kind.ID: _id,
    Kind.DOCUMENT: PaperField,
}  # fmt: skip
AUTHORITY = Field("_authority", "", Kind.DOCUMENT)


class ApplicantForm(forms.Form):
    """Whom it is for, how to reach them, and who acts for them, if somebody does; names prefixed with ``r-``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {"name": _own_name(), "phone": _own_phone(), "email": _email()}
        for name, field in {**own, **_of_the_proxy()}.items():
            self.fields[f"r-{name}"] = field
        self.fields["f-_authority"] = PaperField(AUTHORITY)
        self.fields["f-_authority"].label = _("Photo of the paper that says you may")
        self.fields["f-_authority"].help_text = _("A written authority, or a page that shows the kinship.")


def _own_name() -> forms.Field:
    return forms.CharField(
        label=_("Name of the person it is for"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip


def _own_phone() -> forms.Field:
    return forms.CharField(
        label=_("Phone number of this person"), max_length=40, required=False,
        help_text=_("The unit calls this number, and messages go there."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip


def _email() -> forms.Field:
    return forms.CharField(
        label=_("E-mail address"), max_length=200, required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip


def _of_the_proxy() -> dict[str, forms.Field]:
    kinds = [("", _("I apply for myself")), *PROXIES.items()]
    kind = forms.ChoiceField(
        label=_("On what ground do you act?"), choices=kinds, required=False, widget=forms.RadioSelect
    )  # fmt: skip
    name = forms.CharField(label=_("Your own name"), max_length=60, required=False)
    tel = forms.TextInput(attrs={"inputmode": "tel"})
    phone = forms.CharField(label=_("Your own phone number"), max_length=40, required=False, widget=tel)
    return {"proxy_kind": kind, "proxy_name": name, "proxy_phone": phone}
