"""How many answers hold each term; see ``catalog.frequencies``."""

from __future__ import annotations

from qingyu.catalog.frequencies import Frequencies
from qingyu.knowledge.models import AnswerEntry

answers = Frequencies(lambda: AnswerEntry.objects.values_list("title_terms", "text_terms").iterator())
now = answers.now
