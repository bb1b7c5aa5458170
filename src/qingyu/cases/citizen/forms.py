"""What citizens fill in. Every error says what to do; nothing asks for more than is needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from qingyu.cases.citizen.uploads import FilesField
from qingyu.cases.models import Case
from qingyu.cases.operations.words import LONGEST
from qingyu.cases.topics import by_code, full_name
from qingyu.cases.wording import sentence
from qingyu.people import queries as people
from qingyu.rules import identifiers
from qingyu.rules.rating import Level
from qingyu.rules.refusals import NotValid

Choice = tuple[str, Any]

TYPES: tuple[tuple[str, Any, Any], ...] = (
    ("consultation", _("I have a question"), _("You want to know how something works or what holds.")),
    ("help", _("I need help"), _("Something must be done for you: a repair, a visit, a paper.")),
    ("complaint", _("I have a complaint"), _("Something or somebody treats you or others badly.")),
    ("report", _("I report wrongdoing"), _("Somebody breaks the law. Who you are is sealed with a key of its own.")),
    ("suggestion", _("I have a suggestion"), _("You know how something could be better.")),
    ("praise", _("I want to praise somebody"), _("Somebody did well. They and their unit will hear of it.")),
    ("other", _("Something else, or I am not sure"), _("We sort it for you.")),
)
LEVELS: dict[str, tuple[Any, str]] = {
    Level.VERY_SATISFIED: (_("Very content"), "heart"),
    Level.SATISFIED: (_("Content"), "smile"),
    Level.BASICALLY_SATISFIED: (_("Content on the whole"), "meh"),
    Level.DISSATISFIED: (_("Not content"), "frown"),
    Level.VERY_DISSATISFIED: (_("Not content at all"), "triangle-alert"),
}


def _explained(words: object, explanation: object) -> SafeString:
    return format_html("<strong>{}</strong><br>{}", words, explanation)


def _with_icon(words: object, icon: str) -> SafeString:
    picture = '<svg class="icon" aria-hidden="true" viewBox="0 0 24 24"><use href="{}#{}"></use></svg> {}'
    return format_html(picture, static("icons/sprite.svg"), icon, words)


class WordsForm(forms.Form):
    """Step 1: what it is about, in the person's own words."""

    text = forms.CharField(
        label=_("What is it about?"),
        help_text=_("Write as you would say it: what has happened, since when, and what you wish."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={
            "required": _("Please write what it is about. One sentence is enough."),
            "max_length": _("This is too long: at most %(limit_value)d characters. You wrote %(show_value)d."),
        },
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Photos or files"),
        help_text=_(
            "Up to 5 files of 10 MB each: photos, PDF, Word, Excel or sound. We remove the hidden data of photos."
        ),
        required=False,
    )


class PlaceForm(forms.Form):
    """Step 2: where it is."""

    area = forms.ChoiceField(label=_("District and street"), required=False)
    address = forms.CharField(
        label=_("Place"),
        help_text=_("For example: the crossing of two roads, a building, a bus stop."),
        max_length=300,
        required=False,
        error_messages={"max_length": _("Please say it shorter: at most %(limit_value)d characters.")},
    )
    lat = forms.FloatField(min_value=-90, max_value=90, required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(min_value=-180, max_value=180, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].choices = area_choices()  # type: ignore[attr-defined]


def area_choices() -> list[Any]:
    """Streets grouped by their district; the district itself for those who know no more."""
    areas = sorted(people.areas().values(), key=lambda area: area.path)
    groups: dict[str, tuple[str, list[Choice]]] = {}
    for area in areas:
        if area.level == "district":
            groups[area.code] = (area.name, [(area.code, _("%(name)s, street not known") % {"name": area.name})])
        elif area.level == "street":
            district = area.path.split("/")[-2]
            groups.setdefault(district, ("", []))[1].append((area.code, area.name))
    return [("", _("I do not know, or it is no place")), *groups.values()]


class KindForm(forms.Form):
    """Step 3: what kind of request, and perhaps the topic."""

    type = forms.ChoiceField(
        label=_("What kind of request is it?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one. If you are not sure, choose the last."),
                        "invalid_choice": _("Please choose one of the list.")},
    )  # fmt: skip
    topic = forms.ChoiceField(label=_("Is it about one of these?"), widget=forms.RadioSelect, required=False)
    confidential = forms.BooleanField(
        label=_("Please keep this confidential"),
        help_text=_("Your words are then stored encrypted and found by no search."),
        required=False,
    )

    def __init__(self, *args: Any, topics: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(code, full_name(code)) for code in topics]
        self.fields["type"].choices = [(code, _explained(words, why)) for code, words, why in TYPES]  # type: ignore[attr-defined]
        self.fields["topic"].choices = [*offered, ("", _("None of these"))]  # type: ignore[attr-defined]
        if not offered:
            del self.fields["topic"]


class ReachForm(forms.Form):
    """Step 4: how to reach the person; all optional unless the topic cannot be handled without."""

    name = forms.CharField(
        label=_("Your name"), max_length=60, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Phone number"),
        help_text=_("The unit calls you within its time limit. A landline with its area code."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=200,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("This is not an e-mail address. It looks like name@example.cn.")},
    )

    def __init__(self, *args: Any, topic: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = by_code().get(topic)
        self.needed = bool(found and not found.anonymous)

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        try:
            return identifiers.normalise_phone(phone) and phone if phone else ""
        except NotValid:
            raise forms.ValidationError(
                _("This is not a phone number. Please check the digits, or leave it empty."), code="phone_not_valid"
            ) from None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.needed and not self.errors and not (given.get("phone") or given.get("email")):
            self.add_error("phone", forms.ValidationError(sentence(NotValid("contact_needed")), code="contact_needed"))
        return given


class TrackForm(forms.Form):
    """Number and query code."""

    number = forms.CharField(
        label=_("Number of your request"),
        help_text=_("14 digits, as on your slip or in our message."),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Please enter the number.")},
    )
    code = forms.CharField(
        label=_("Query code"),
        help_text=_("8 letters and digits. Capitals and spaces do not matter."),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Please enter the query code.")},
    )


class LostForm(forms.Form):
    """Number and phone of somebody who has lost the query code."""

    number = forms.CharField(
        label=_("Number of your request"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Please enter the number.")},
    )
    phone = forms.CharField(
        label=_("The phone number you gave us"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("Please enter the phone number.")},
    )


class AddForm(forms.Form):
    """More words or files for a request."""

    text = forms.CharField(
        label=_("What would you like to add?"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages=WordsForm.base_fields["text"].error_messages,
    )
    files = FilesField(  # type: ignore[assignment]
        label=_("Photos or files"), help_text=WordsForm.base_fields["files"].help_text, required=False
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not self.errors and not given.get("text") and not given.get("files"):
            self.add_error("text", _("Please write something or choose a file."))
        return given


class ReplyForm(AddForm):
    """The answer to a question of the unit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Your reply")


class ReopenForm(forms.Form):
    """New facts about a matter that had ended."""

    text = forms.CharField(
        label=_("What is new?"),
        help_text=_("We take it up again because of new facts, with a new time limit."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={**WordsForm.base_fields["text"].error_messages, "required": _("Please write what is new.")},
    )


class RemarkForm(forms.Form):
    """A remark with an act that needs none: urging, withdrawing."""

    text = forms.CharField(
        label=_("A remark for the unit"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=WordsForm.base_fields["text"].error_messages,
    )


class RateForm(forms.Form):
    """One of five levels, and why."""

    level = forms.ChoiceField(
        label=_("How content are you with the outcome?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose one of the five.")),
    )
    text = forms.CharField(
        label=_("What was good, what was not?"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=WordsForm.base_fields["text"].error_messages,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(code, _with_icon(words, icon)) for code, (words, icon) in LEVELS.items()]  # type: ignore[attr-defined]


def type_words(code: str) -> Any:
    """How the form names a type of request."""
    return next((words for known, words, _why in TYPES if known == code), Case.Type.OTHER.label)
