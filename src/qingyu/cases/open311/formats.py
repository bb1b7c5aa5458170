"""The two formats of GeoReport v2: a list of plain values as JSON or XML. Control characters never get into XML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from django.http import HttpResponse
from django.utils.timezone import localtime

Value = Any
CONTENT_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# What one entry of a list is called in XML.
ENTRIES = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answer(root: str, value: Value, form: str, *, status: int = 200) -> HttpResponse:
    """``value`` (a list of mappings, or one mapping) as ``form``; ``root`` names the outermost element in XML."""
    write = as_xml if form == "xml" else as_json
    return HttpResponse(write(root, value), status=status, content_type=CONTENT_TYPES[form])


def as_json(root: str, value: Value) -> str:
    """The value alone: JSON has no name for the outermost list."""
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: Value) -> Value:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return w3(value) if isinstance(value, datetime) else value


def as_xml(root: str, value: Value) -> bytes:
    """An XML document with the declaration the specification asks for."""
    element = ElementTree.Element(root)
    _fill(element, value)
    body: bytes = ElementTree.tostring(element, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _fill(element: ElementTree.Element, value: Value) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _fill(ElementTree.SubElement(element, key), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            _fill(ElementTree.SubElement(element, ENTRIES[element.tag]), inner)
    else:
        element.text = NOT_IN_XML.sub("", _words(value)) or None


def _words(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return w3(value) if isinstance(value, datetime) else str(value)


def w3(at: datetime) -> str:
    """A W3C date and time with the city's offset from UTC."""
    return localtime(at).isoformat(timespec="seconds")
