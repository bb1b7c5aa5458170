"""Addresses of people: coming in and going out."""

from django.urls import path

from qingyu.people.views import signin

urlpatterns = [
    path("login/", signin.sign_in, name="login"),
    path("logout/", signin.sign_out, name="logout"),
    path("password/", signin.password, name="password"),
    path("me/", signin.me, name="me"),
]
