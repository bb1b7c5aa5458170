from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "qingyu.knowledge"
    label = "knowledge"
