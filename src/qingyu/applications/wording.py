"""One plain sentence for every code by which an application is refused, and the words for its codes."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.rules.applications import Procedure, Proxy

Words = str | Promise
SENTENCES: dict[str, Words] = {
    "not_at_this_stage": _("This cannot be done at this stage."),
    "correction_asked_already": _(
        "Everything that is missing has been told once. A supervisor can permit one more notice."
    ),
    "correction_too_late": _("The days for a correction notice have passed: the application counts as taken up."),
    "extended_once": _("It has been extended once; an application cannot be extended again."),
    "item_unknown": _("There is no such item."),
    "item_suspended": _("This item is not offered at the moment."),
    "item_not_online": _("This item cannot be applied for online. It is done at a window."),
    "form_changed": _("The form has changed since you began. Please look at the marked fields."),
    "applicant_name_missing": _("Please write the name of the person it is for."),
    "applicant_phone_missing": _("Please give a phone number or an e-mail address, so that we can reach you."),
    "proxy_unknown": _("Please choose on what ground you act for the other person."),
    "proxy_name_missing": _("Please write your own name."),
    "proxy_phone_missing": _("Please give your own phone number."),
    "authority_missing": _("Please add a photo of the paper that says you may act for the other person."),
    "correction_incomplete": _("Please hand in what was asked for here."),
    "correction_empty": _("Nothing new has been handed in yet."),
    "missing_missing": _("Say what the person must bring."),
    "procedure_unknown": _("There is no such special procedure."),
    "way_unknown": _("Say how the result is handed over."),
    "no_handover": _("This application has not been sent to a window."),
    "draft_unknown": _("This code opens no application. Please check it; after two weeks it is gone."),
}
PROCEDURES: dict[str, Words] = {
    Procedure.HEARING: _("hearing"),
    Procedure.TENDER: _("call for tenders"),
    Procedure.AUCTION: _("auction"),
    Procedure.INSPECTION: _("inspection"),
    Procedure.TESTING: _("testing"),
    Procedure.QUARANTINE: _("quarantine"),
    Procedure.APPRAISAL: _("appraisal"),
    Procedure.EXPERT_REVIEW: _("expert review"),
}
PROXIES: dict[str, Words] = {
    Proxy.FAMILY: _("I am a family member"),
    Proxy.NEIGHBOUR: _("I am a friend or neighbour"),
    Proxy.COMMUNITY: _("I work for the community or a service point"),
    Proxy.AUTHORISED: _("I am authorised in writing"),
    Proxy.GUARDIAN: _("I am the guardian"),
}
