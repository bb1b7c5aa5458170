from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "qingyu.assessment"
    label = "assessment"
