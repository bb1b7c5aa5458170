from django.apps import AppConfig


class HallConfig(AppConfig):
    name = "qingyu.hall"
    label = "hall"

    def ready(self) -> None:
        """The sentences of a hall are found where doors look for sentences."""
        from qingyu.cases import wording as cases
        from qingyu.hall.facilities.words import SENTENCES as OF_PLACES
        from qingyu.hall.wording import SENTENCES

        cases.add_sentences(SENTENCES)
        cases.add_sentences(OF_PLACES)
