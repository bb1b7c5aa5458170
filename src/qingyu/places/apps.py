from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "qingyu.places"
    label = "places"
