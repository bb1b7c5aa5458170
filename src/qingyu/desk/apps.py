from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "qingyu.desk"
    label = "desk"
