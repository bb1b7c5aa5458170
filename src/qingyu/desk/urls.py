from django.urls import path

from qingyu.desk import views

urlpatterns = [path("desk/overview/", views.overview, name="overview")]
