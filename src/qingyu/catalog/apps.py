from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "qingyu.catalog"
    label = "catalog"
