from django.urls import path

from qingyu.desk import views
from qingyu.desk.letters.views import letter

urlpatterns = [
    path("desk/overview/", views.overview, name="overview"),
    path("desk/letter/", letter, name="letter"),
]
