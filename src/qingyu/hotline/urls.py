from django.urls import path

from qingyu.hotline import views

urlpatterns = [
    path("hotline/", views.desk, name="hotline"),
    path("hotline/pulse/", views.pulse, name="hotline_pulse"),
    path("hotline/state/", views.state, name="hotline_state"),
    path("hotline/calls/<int:pk>/", views.call, name="hotline_call"),
    path("hotline/calls/<int:pk>/draft/", views.draft, name="hotline_draft"),
    path("hotline/calls/<int:pk>/<str:act>/", views.do, name="hotline_do"),
    path("hotline/call-backs/", views.call_backs, name="hotline_call_backs"),
    path("hotline/call-backs/<int:pk>/ring/", views.ring, name="hotline_ring"),
    path("hotline/figures/", views.figures, name="hotline_figures"),
]
