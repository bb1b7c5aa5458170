from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "qingyu.hall"
    label = "hall"
