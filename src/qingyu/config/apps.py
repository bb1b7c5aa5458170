from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "qingyu.config"
    label = "config"
