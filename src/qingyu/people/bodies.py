"""What every body of the JSON API has in common: unknown fields are errors, and what comes in can be stored."""

from __future__ import annotations

from ninja import Schema
from pydantic import AfterValidator, ConfigDict


class Body(Schema):
    """A body: an unknown field is an error, so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid")


def _storable(words: str) -> str:
    if "\x00" in words or any("\ud800" <= sign <= "\udfff" for sign in words):
        raise ValueError("signs that cannot be stored")
    return words


STORABLE = AfterValidator(_storable)
"""What the database takes; stands in the type of a field: ``Annotated[str, Field(max_length=300), STORABLE]``."""
