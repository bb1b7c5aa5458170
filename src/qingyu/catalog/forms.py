"""What those who keep the guides write. What is missing or wrong the operations say; forms give it its place."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.catalog.models import DayKind, Item, Material
from qingyu.catalog.operations import GuideDraft, MaterialDraft
from qingyu.catalog.operations.drafts import MOST_MATERIALS
from qingyu.people.models import Staff
from qingyu.people.ports import house
from qingyu.people.sending import Keyed
from qingyu.rules.refusals import NotValid, Refusal

SPARE_ROWS = 3
DAY_KINDS = [("", "—"), *DayKind.choices]


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    errors = {"invalid": _("Write the day as 2026-01-31.")}
    return forms.DateField(label=label, help_text=help_text, required=False, widget=widget, error_messages=errors)


def _words(label: Any, longest: int, *, rows: int = 1, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows > 1 else forms.TextInput()
    return forms.CharField(label=label, max_length=longest, required=False, widget=widget, help_text=help_text)


def _figure(label: Any, most: int, help_text: Any = "") -> forms.IntegerField:
    errors = {"invalid": _("Write a whole number.")}
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most, help_text=help_text, error_messages=errors
    )


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class GuideForm(Keyed):
    """The guide of the next version. Papers follow as rows, ``PaperForm``."""

    name = _words(_("Name of the item"), 200)
    conditions = _words(_("Who can"), 10_000, rows=4, help_text=_("In plain words."))
    steps = _words(_("How it goes"), 10_000, rows=4, help_text=_("One step on each line."))
    result_name = _words(_("What one gets"), 200)
    legal_days = _figure(_("Days by law"), 3660)
    legal_day_kind = forms.ChoiceField(label=_("Counted in"), choices=DAY_KINDS, required=False)
    promised_days = _figure(_("Days promised"), 3660, _("0: while the person waits."))
    promised_day_kind = forms.ChoiceField(label=_("Counted in"), choices=DAY_KINDS, required=False)
    special = _words(
        _("Days that do not count"), 2000, rows=2, help_text=_("One on each line: what, how many days, legal basis.")
    )
    charged = forms.NullBooleanField(label=_("Does it cost something?"), required=False)
    fee = _words(_("How much"), 500)
    fee_basis = _words(_("Legal basis of the fee"), 500)
    visits = _figure(_("How often to come"), 20)
    visits_reason = _words(_("Why one has to come"), 300)
    where = _words(_("Where the window is"), 10_000, rows=2)
    hours = _words(_("When it is open"), 10_000, rows=2)
    at_window = _tick(_("A window takes it"))
    online = _tick(_("It can be done online"))
    by_post = _tick(_("It can be sent by post"))
    online_address = _words(_("Address online"), 500)
    scope = _words(_("Also taken at"), 200)
    phone = _words(_("Phone for questions"), 400)
    complaint_phone = _words(_("Phone for complaints"), 120)
    basis = _words(_("The law behind it"), 10_000, rows=3)
    valid_from = _day(_("Holds from"), _("Empty: from today on."))
    reason = _words(_("Why it changes"), 300)

    def guide(self, before: GuideDraft, papers: tuple[MaterialDraft, ...]) -> GuideDraft:
        """What the operation takes; what no field shows stays as it was before."""
        data = self.cleaned_data
        kept = {"result_kind", "quantity_limit", "co_units", "intermediary", "questions", "materials", "special"}
        plain = {name: data[name] for name in GuideDraft.__dataclass_fields__ if name not in kept}
        plain |= {name: getattr(before, name) for name in kept}
        return GuideDraft(**plain | {"materials": papers, "special": read_special(data["special"])})

    @staticmethod
    def first(draft: GuideDraft) -> dict[str, Any]:
        """What the fields show of the guide there is."""
        plain = {name: getattr(draft, name) for name in GuideDraft.__dataclass_fields__}
        return plain | {"special": "\n".join(f"{name}，{days}，{basis}" for name, days, basis in draft.special)}


def read_special(text: str) -> tuple[tuple[str, int, str], ...]:
    """The lines of procedures whose days do not count. NotValid("special_not_readable")."""
    found = []
    for line in text.splitlines():
        parts = [part.strip() for part in line.replace("，", ",").split(",", 2)]
        if not parts[0]:
            continue
        if len(parts) < 2 or not parts[1].isdecimal() or len(parts[1]) > 4:
            raise NotValid("special_not_readable", field="special")
        found.append((parts[0], int(parts[1]), parts[2] if len(parts) > 2 else ""))
    return tuple(found)


class PaperForm(forms.Form):
    """One paper; a row without a name is none."""

    code = forms.SlugField(max_length=50, required=False, widget=forms.HiddenInput)
    name = _words(_("Paper"), 200)
    kind = forms.ChoiceField(label=_("Original or copy"), choices=[("", "—"), *Material.Kind.choices], required=False)
    needed_if = _words(_("Only if"), 300)
    electronic = _tick(_("A photo or file will do"))
    note = _words(_("Note"), 500)

    def paper(self, before: dict[str, MaterialDraft]) -> MaterialDraft | None:
        """The paper, with what the row does not show as it was before; None where the row is empty."""
        data = self.cleaned_data
        if not data.get("name", "").strip():
            return None
        known = before.get(data["code"])
        kept = {n: getattr(known, n) for n in ("source", "issuer", "sample", "basis")} if known else {}
        return MaterialDraft(**kept, **self._counts(known), **data)

    def _counts(self, known: MaterialDraft | None) -> dict[str, Any]:
        kind = self.cleaned_data["kind"]
        if known and known.kind == kind:
            return {"originals": known.originals, "copies": known.copies}
        return {"originals": int(kind in ("original", "both")), "copies": int(kind in ("copy", "both"))}


Papers = forms.formset_factory(PaperForm, extra=SPARE_ROWS, max_num=MOST_MATERIALS, absolute_max=MOST_MATERIALS + 1)


def papers_of(draft: GuideDraft | None) -> Any:
    """Rows for the papers there are and a few more."""
    names = ("code", "name", "kind", "needed_if", "electronic", "note")
    rows = [{name: getattr(paper, name) for name in names} for paper in draft.materials] if draft else []
    return Papers(initial=rows, prefix="papers")


def papers_read(papers: Any, before: GuideDraft | None) -> tuple[MaterialDraft, ...]:
    """The papers of bound, valid rows in their order; those without a code get one that is free."""
    known = {paper.code: paper for paper in before.materials} if before else {}
    found = [paper for row in papers if (paper := row.paper(known)) is not None]
    taken = {paper.code for paper in found} | set(known)
    free = (f"m{number}" for number in range(1, 1000) if f"m{number}" not in taken)
    return tuple(paper if paper.code else _coded(paper, next(free)) for paper in found)


def _coded(paper: MaterialDraft, code: str) -> MaterialDraft:
    plain = {name: getattr(paper, name) for name in MaterialDraft.__dataclass_fields__}
    return MaterialDraft(**plain | {"code": code})


class NewItemForm(GuideForm):
    """A new item also has a code, and says what it is and for whom."""

    code = _words(_("Code"), 50, help_text=_("Letters, digits, - and _. It stays for ever."))
    kind = forms.ChoiceField(label=_("Type"), choices=Item.Kind.choices, initial=Item.Kind.SERVICE)
    subject = forms.ChoiceField(label=_("Who it is for"), choices=Item.Subject.choices)
    aliases = _words(_("Other names people use"), 500, help_text=_("Parted by commas."))
    themes = _words(_("Themes"), 300, help_text=_("Parted by commas."))
    field_order = ("code", "name", "kind", "subject", "aliases", "themes")

    def listed(self, name: str) -> tuple[str, ...]:
        """The words of a field that are parted by commas."""
        text = self.cleaned_data[name].replace("，", ",").replace("、", ",")
        return tuple(part.strip() for part in text.split(",") if part.strip())


class ReviewForm(Keyed):
    """The guide holds; when somebody looks at it again."""

    review_due_on = _day(_("Check it again by"), _("Empty: in a year."))


class AssignForm(Keyed):
    """Who answers for the item, and who stands in."""

    owner = forms.ChoiceField(label=_("Owner"), required=False)
    deputy = forms.ChoiceField(label=_("Deputy"), required=False)

    def __init__(self, *args: Any, unit: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Staff.objects.filter(unit_id=unit, is_active=True).order_by("name").values_list("pk", "name")
        choices = [("", "—"), *((str(pk), name) for pk, name in staff)]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]
        self.fields["deputy"].choices = choices  # type: ignore[attr-defined]


class SuspendForm(Keyed):
    """From when to when, and why."""

    reason = _words(_("Reason"), 300, help_text=_("Citizens read it."))
    since = _day(_("From"), _("Empty: from today on."))
    until = _day(_("Until"), _("The last day. Empty: until it is resumed."))


class WithdrawForm(Keyed):
    """From when on it is offered no more, and why."""

    reason = _words(_("Reason"), 300, help_text=_("Citizens read it."))
    on = _day(_("No longer offered from"), _("Empty: from today on."))


class AskForm(Keyed):
    """What the form of the item asks, as data."""

    fields_asked = forms.CharField(
        label=_("Fields as JSON"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 12})
    )
    valid_from = _day(_("Holds from"), _("Empty: from today on."))

    def declaration(self) -> object:
        """The list of fields. NotValid("form_not_readable")."""
        try:
            return json.loads(self.cleaned_data["fields_asked"])
        except (ValueError, RecursionError):
            raise NotValid("form_not_readable", field="fields_asked", place=0) from None

    def refused(self, refusal: Refusal) -> None:
        if isinstance(refusal, NotValid) and refusal.field == "fields":
            self.add_error("fields_asked", house().sentence(refusal))
        else:
            super().refused(refusal)
