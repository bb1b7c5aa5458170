from django.urls import path

from qingyu.assessment import views

urlpatterns = [path("barometer/", views.barometer, name="barometer")]
