"""Addresses of automatic dispatch."""

from django.urls import path

from qingyu.cases.dispatch import views

urlpatterns = [path("desk/dispatch/settings/", views.settings, name="dispatch_settings")]
