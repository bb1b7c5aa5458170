from django.urls import path

from qingyu.followup import views

urlpatterns = [
    path("desk/voices/", views.what_people_say, name="voices"),
    path("desk/followup/", views.calls, name="followup"),
    path("desk/followup/next/", views.next_call, name="followup_next"),
    path("desk/followup/<str:number>/", views.call, name="followup_call"),
    path("desk/followup/<str:number>/reveal/", views.reveal, name="followup_reveal"),
]
