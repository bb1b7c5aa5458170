from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "qingyu.notify"
    label = "notify"

    def ready(self) -> None:
        from qingyu.notify import checks  # noqa: F401  (registers the system check)
