"""The follow-up call as JSON: the same operation as the caller's page."""

from __future__ import annotations

from datetime import datetime

from ninja import Router

from qingyu.cases.actors import Actor
from qingyu.cases.api.acts import Act
from qingyu.cases.api.desk import mount
from qingyu.cases.api.shapes import Code, Words
from qingyu.cases.models import Case
from qingyu.followup import operations
from qingyu.followup.operations import Call
from qingyu.people.api import staff_token

router = Router(tags=["desk"], auth=staff_token)


class FollowUp(Act):
    """One attempt to ask the three questions; answers only with outcome completed."""

    outcome: Code
    contacted: bool | None = None
    solved: Code = ""
    satisfied: Code = ""
    comment: Words = ""

    def do(self, case: Case, *, by: Actor, at: datetime) -> None:
        assert by.viewer is not None  # the router has let nobody in without a token
        call = Call(self.outcome, self.contacted, self.solved, self.satisfied, self.comment)
        operations.make_call(case, call, viewer=by.viewer, at=at)


mount(router, "follow_up", FollowUp)
