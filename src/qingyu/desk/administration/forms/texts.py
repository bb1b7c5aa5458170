"""Forms about topics, notices and saved answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models import Notice
from qingyu.desk.administration import labels
from qingyu.desk.administration.forms import AdminForm, choice, line, tick, topic_choices, unit_choices, words


class TopicForm(AdminForm):
    """A topic as it is."""

    reason_needed = False
    name = line(_("What it is called"), _("Write what it is called."), max_length=80)
    anonymous = tick(_("May be filed without a name"))
    open = tick(_("Offered on the web and through Open311"))
    words = line(_("Words people use for it"), "", _("Parted by commas; they help to find it."), max_length=600)

    def search_words(self) -> list[str]:
        """The words one by one."""
        text = str(self.cleaned_data["words"]).replace("，", ",").replace("、", ",")
        return [word.strip() for word in text.split(",") if word.strip()]


class NewTopicForm(TopicForm):
    """A new topic also has a code and a place."""

    code = forms.RegexField(
        r"^[\w.\-·]+$",
        label=_("Code"),
        max_length=120,
        help_text=_("Letters, figures and - _ . only; it stays for ever."),
        error_messages={"required": _("Write the code."), "invalid": _("Letters, figures and - _ . only.")},
    )
    parent = choice(_("Below"))
    field_order = ["name", "code", "parent", "anonymous", "open", "words", "reason"]

    def fill(self) -> None:
        self.choose("parent", topic_choices(_("nothing: it stands at the top")))
        self.fields["anonymous"].initial = self.fields["open"].initial = True

    def clean_code(self) -> str:
        from qingyu.cases.models import Topic

        code = str(self.cleaned_data["code"])
        if Topic.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a topic with this code already."))
        return code


class NoticeForm(AdminForm):
    """A ground and what the person is told."""

    reason_needed = False
    name = line(_("What it is called"), _("Write what it is called."))
    name_en = line(_("Name in English"), "", max_length=200)
    law = line(_("Legal basis"), "", _("The law or rule with its article."), max_length=200)
    message = words(
        _("Words told to the person"), "", _("Say what happened, what happens next, and what the person can do.")
    )
    message_en = words(_("Words in English"))
    where_to = line(_("Where to turn"), "", _("Office and phone number."))
    needs_basis = tick(_("Needs a legal basis"))
    active = tick(_("In use"))

    def details(self) -> dict[str, object]:
        """The arguments of ``place_notice`` but for group and code."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in ("seen", "key", "group", "code")
        }


class NewNoticeForm(NoticeForm):
    """A new ground also has a group and a code."""

    group = choice(_("Used for"), _("Choose what it is used for."))
    code = forms.SlugField(
        label=_("Code"),
        max_length=60,
        help_text=_("Letters, figures and - _ only; it stays for ever."),
        error_messages={"required": _("Write the code."), "invalid": _("Letters, figures and - _ only.")},
    )
    field_order = ["group", "name", "code"]

    def fill(self) -> None:
        self.choose("group", [("", "—"), *labels.GROUPS.items()])
        self.fields["active"].initial = True

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if Notice.objects.filter(group=data.get("group"), code=data.get("code")).exists():
            self.add_error("code", _("There is one with this code already."))
        return data


class AnswerForm(AdminForm):
    """An answer that is given often."""

    reason_needed = False
    title = line(_("Title"), _("Write a title."))
    text = words(_("Answer"), _("Write the answer."), rows=8)
    topic = choice(_("Topic"), help_text=_("It is offered first for cases of this topic."))
    unit = choice(_("Unit"), help_text=_("Only this unit sees it."))
    active = tick(_("In use"))

    def fill(self) -> None:
        self.choose("topic", topic_choices(_("every topic")))
        self.choose("unit", unit_choices(none=_("every unit")))
        self.fields["active"].initial = True
