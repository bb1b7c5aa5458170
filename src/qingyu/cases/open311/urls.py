"""Addresses of GeoReport v2; the format stands at their end."""

from django.urls import re_path

from qingyu.cases.open311 import views

FORM = r"\.(?P<form>xml|json)$"

urlpatterns = [
    re_path(rf"^discovery{FORM}", views.discovery, name="open311_discovery"),
    re_path(rf"^v2/services{FORM}", views.services, name="open311_services"),
    re_path(rf"^v2/services/(?P<code>[^/]+){FORM}", views.definition, name="open311_definition"),
    re_path(rf"^v2/requests{FORM}", views.requests, name="open311_requests"),
    re_path(rf"^v2/requests/(?P<number>[^/]+){FORM}", views.one, name="open311_request"),
    re_path(rf"^v2/tokens/(?P<number>[^/]+){FORM}", views.token, name="open311_token"),
]
