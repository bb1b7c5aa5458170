from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "qingyu.followup"
    label = "followup"
