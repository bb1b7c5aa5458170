"""The nouns of the case line."""

from qingyu.cases.models.case import Assistance, Case, CaseClock
from qingyu.cases.models.history import ImportedRow
from qingyu.cases.models.log import CaseEvent, LogHead, Position
from qingyu.cases.models.open311 import ApiKey, ServiceAttribute
from qingyu.cases.models.papers import Attachment, CaseText, Contact, ViewLog
from qingyu.cases.models.reference import Notice, Route, SavedAnswer, TimeLimit, Topic
from qingyu.cases.models.work import DispatchSetting, IdempotencyKey, SearchEntry, Suggestion

__all__ = [
    "ApiKey",
    "Assistance",
    "Attachment",
    "Case",
    "CaseClock",
    "CaseEvent",
    "CaseText",
    "Contact",
    "DispatchSetting",
    "IdempotencyKey",
    "ImportedRow",
    "LogHead",
    "Notice",
    "Position",
    "Route",
    "SavedAnswer",
    "SearchEntry",
    "ServiceAttribute",
    "Suggestion",
    "TimeLimit",
    "Topic",
    "ViewLog",
]
