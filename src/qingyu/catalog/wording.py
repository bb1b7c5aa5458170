"""The sentences of the codes by which the catalog says no; the shared ones stand with those of the cases."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise | str] = {
    # Forms
    "choice_unknown": _("Choose one of the answers in the list."),
    "choice_not_valid": _("Field %(place)s: a choice needs a value and words."),
    "choice_twice": _("Field %(place)s: a choice stands there twice."),
    "choices_missing": _("Field %(place)s: write the choices."),
    "field_bound_not_valid": _("Field %(place)s: %(key)s is not right."),
    "field_key_unknown": _("Field %(place)s: %(key)s does not belong there."),
    "field_label_missing": _("Field %(place)s: write what is asked."),
    "field_name_not_valid": _("Field %(place)s: a name has small letters, digits and _ only."),
    "field_name_twice": _("Field %(place)s: another field has this name."),
    "field_type_unknown": _("Field %(place)s: there is no such kind of answer."),
    "field_unknown": _("The form has no such field."),
    "field_words_too_long": _("Field %(place)s: the words are too long."),
    "form_code_taken": _("Another form has this code."),
    "form_empty": _("The form asks nothing."),
    "form_not_readable": _("The form is not a list of fields."),
    "form_too_long": _("The form is too long: at most %(longest)s fields."),
    "in_the_past": _("This day has passed."),
    "number_too_great": _("This number is too great: at most %(most)s."),
    "number_too_small": _("This number is too small: at least %(least)s."),
    # Items
    "code_not_valid_for_item": _("The code of an item has letters, digits, - and _ only."),
    "day_before_version": _("A later version holds from that day on already."),
    "days_out_of_range": _("Days go from 0 to 3660."),
    "item_code_taken": _("Another item has this code."),
    "item_not_in_force": _("This item is not in force."),
    "item_of_other_unit": _("Another unit owns the item with this code."),
    "item_withdrawn": _("This item is no longer offered."),
    "item_not_suspended": _("This item is not suspended."),
    "kind_of_item_unknown": _("There is no such type of item."),
    "limit_kind_missing": _("Say whether these are working days or calendar days."),
    "material_name_missing": _("Write the name of the paper."),
    "material_twice": _("This paper stands in the list twice."),
    "name_missing": _("Write a name."),
    "person_of_other_unit": _("This person does not work in the unit that owns the item."),
    "promised_over_legal": _("The promise is longer than the law allows."),
    "review_day_past": _("The day of the next review has passed already."),
    "same_person_twice": _("The deputy has to be somebody else than the owner."),
    "subject_unknown": _("Say whether it is for people or for organisations."),
    "special_not_readable": _("Write each procedure as: name, days, basis."),
    "too_many_materials": _("These are too many papers: at most %(most)s."),
    "visits_out_of_range": _("Visits go from 0 to 20."),
}
