from django.urls import path

from qingyu.desk import views

urlpatterns = [
    path("desk/overview/", views.overview, name="overview"),
    path("desk/hall/<slug:code>/window/<slug:n>/application/", views.window_application, name="window_application"),
]
