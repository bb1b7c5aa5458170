from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "qingyu.people"
    label = "people"
