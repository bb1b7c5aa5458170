"""All writes of the catalog: one verb each, keyword-only, one transaction."""

from qingyu.catalog.operations.drafts import GuideDraft, ItemDraft, MaterialDraft
from qingyu.catalog.operations.forms import declare_form
from qingyu.catalog.operations.items import add, assign, new_version, resume, review, suspend, withdraw
from qingyu.catalog.operations.loading import Loaded, load

__all__ = [
    "GuideDraft",
    "ItemDraft",
    "Loaded",
    "MaterialDraft",
    "add",
    "assign",
    "declare_form",
    "load",
    "new_version",
    "resume",
    "review",
    "suspend",
    "withdraw",
]
