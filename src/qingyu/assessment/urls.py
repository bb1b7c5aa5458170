from django.urls import path

from qingyu.assessment import views

urlpatterns = [
    path("barometer/", views.barometer, name="barometer"),
    path("barometer/halls/", views.halls, name="barometer_halls"),
    path("barometer/items/", views.items, name="barometer_items"),
    path("barometer/cases/", views.cases, name="barometer_cases"),
]
