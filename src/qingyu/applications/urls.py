"""The addresses of applications."""

from django.urls import path

from qingyu.applications.views import acting, applying, receipt, staff

urlpatterns = [
    path("apply/continue/", receipt.go_on, name="apply_go_on"),
    path("apply/receipt/", receipt.applied, name="applied"),
    path("apply/receipt/again/", receipt.applied, {"again": "yes"}, name="applied_again"),
    path("apply/<slug:code>/", applying.apply, name="apply"),
    path("track/application/correct/", acting.correct, name="correct_application"),
    path("track/application/window/", acting.window, name="application_window"),
    path("verify/", receipt.verify, name="verify"),
    path("desk/applications/<str:number>/in-clear/", staff.in_clear, name="application_in_clear"),
]
