from django.urls import path

from qingyu.desk import views
from qingyu.desk.letters.views import letter

urlpatterns = [
    path("desk/overview/", views.overview, name="overview"),
    path("desk/letter/", letter, name="letter"),
    path("desk/hall/<slug:code>/window/<slug:n>/application/", views.window_application, name="window_application"),
]
