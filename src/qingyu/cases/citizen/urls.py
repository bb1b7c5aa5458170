"""The addresses of the citizen's door."""

from django.urls import path

from qingyu.cases.citizen.views import acting, files, filing, pages, rating, tracking

urlpatterns = [
    path("", pages.home, name="home"),
    path("help/", pages.help_page, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
    path("file/", filing.file, name="file"),
    path("file/done/", filing.filed, name="filed"),
    path("file/slip/", filing.slip, name="slip"),
    path("track/", tracking.track, name="track"),
    path("track/leave/", tracking.leave, name="leave_case"),
    path("track/lost/", tracking.lost_code, name="lost_code"),
    path("track/lost/sent/", tracking.code_sent, name="code_sent"),
    path("track/files/<uuid:file>/", files.own_file, name="own_file"),
    path("track/<slug:what>/", acting.act, name="act"),
    path("rate/<str:token>/", rating.rate, name="rate"),
    path("desk/files/<uuid:file>/", files.case_file, name="case_file"),
]
