"""Addresses of this app: the list of failed messages for operators."""

from __future__ import annotations

from django.urls import path

from qingyu.notify import views

urlpatterns = [
    path("desk/messages/", views.dead, name="dead_letters"),
    path("desk/messages/<int:pk>/resend/", views.resend, name="resend_delivery"),
]
