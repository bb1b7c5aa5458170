"""Which app answers which address. Apps own their paths; this list is the order in which they are asked."""

from django.urls import include, path, re_path
from django.views.i18n import set_language

from qingyu.config import health, views
from qingyu.config.api import api, docs, nowhere
from qingyu.people.doors import open_door

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("health", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
    path("mode/", views.mode, name="mode"),
    path("language/", open_door(set_language), name="set_language"),
    path("api/v1/docs", docs, name="api_docs"),
    path("api/v1/", api.urls),
    re_path(r"^api/", nowhere),
    path("open311/", include("qingyu.cases.open311.urls")),
    path("", include("qingyu.applications.urls")),
    path("", include("qingyu.cases.citizen.urls")),
    path("", include("qingyu.catalog.urls")),
    path("", include("qingyu.knowledge.urls")),
    path("", include("qingyu.places.urls")),
    path("", include("qingyu.notify.urls")),
    path("", include("qingyu.followup.urls")),
    path("", include("qingyu.hall.urls")),
    path("", include("qingyu.hotline.urls")),
    path("", include("qingyu.assessment.urls")),
    path("", include("qingyu.desk.urls")),
    path("admin-desk/", include("qingyu.desk.administration.urls")),
    path("", include("qingyu.people.urls")),
    path("", include("qingyu.cases.dispatch.urls")),
    path("", include("qingyu.cases.staff.urls")),
]

handler500 = "qingyu.config.outage.failed"
