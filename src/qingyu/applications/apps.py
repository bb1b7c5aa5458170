from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "qingyu.applications"
    label = "applications"

    def ready(self) -> None:
        """The sentences of applications are found where doors look for sentences."""
        from qingyu.applications.wording import SENTENCES
        from qingyu.cases import wording as cases

        cases.add_sentences(SENTENCES)
