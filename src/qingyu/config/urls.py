"""Which app answers which address. Apps own their paths; this list is the order in which they are asked."""

from django.urls import include, path
from django.views.i18n import set_language

from qingyu.config import views

urlpatterns = [
    path("mode/", views.mode, name="mode"),
    path("language/", set_language, name="set_language"),
    path("", include("qingyu.notify.urls")),
]
