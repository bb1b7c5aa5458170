from django.apps import AppConfig


class HotlineConfig(AppConfig):
    name = "qingyu.hotline"
    label = "hotline"

    def ready(self) -> None:
        """The sentences of this app stand beside those of the cases: one place answers for every code."""
        from qingyu.cases import wording
        from qingyu.hotline.wording import SENTENCES

        wording.add_sentences(SENTENCES)
