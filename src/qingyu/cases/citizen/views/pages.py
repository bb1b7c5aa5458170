"""Pages that only tell: the first page, how it works, what is kept of a person."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingyu.people.doors import open_door


@open_door
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page."""
    return render(request, "cases/citizen/home.html")


@open_door
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How it works."""
    return render(request, "cases/citizen/help.html")


@open_door
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a person, who sees it, how long."""
    return render(request, "cases/citizen/privacy.html")
