from django.urls import path

from qingyu.hotline.views import acts, desk, figures

urlpatterns = [
    path("hotline/", desk.desk, name="hotline"),
    path("hotline/pulse/", desk.pulse, name="hotline_pulse"),
    path("hotline/state/", desk.state, name="hotline_state"),
    path("hotline/calls/<int:pk>/", desk.call, name="hotline_call"),
    path("hotline/calls/<int:pk>/answers/", desk.answers, name="hotline_answers"),
    path("hotline/calls/<int:pk>/draft/", acts.draft, name="hotline_draft"),
    path("hotline/calls/<int:pk>/<str:act>/", acts.do, name="hotline_do"),
    path("hotline/call-backs/", figures.call_backs, name="hotline_call_backs"),
    path("hotline/call-backs/<int:pk>/ring/", figures.ring, name="hotline_ring"),
    path("hotline/call-backs/<int:pk>/settle/", figures.settle, name="hotline_settle"),
    path("hotline/figures/", figures.figures, name="hotline_figures"),
]
