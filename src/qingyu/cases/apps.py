from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "qingyu.cases"
    label = "cases"
