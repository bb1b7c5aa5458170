from django.urls import path

from qingyu.knowledge.views import citizen, desk, questions

urlpatterns = [
    path("answers/", citizen.answers, name="answers"),
    path("answers/ask/", citizen.ask, name="ask_question"),
    path("answers/questions/<uuid:reference>/", citizen.question, name="question"),
    path("answers/<slug:code>/", citizen.answer, name="answer"),
    path("answers/<slug:code>/helped/", citizen.helped, name="answer_helped"),
    path("answers-desk/", desk.answers, name="answers_desk"),
    path("answers-desk/new/", desk.new, name="new_answer"),
    path("answers-desk/questions/<int:pk>/", questions.question, name="desk_question"),
    path("answers-desk/questions/<int:pk>/give/", questions.give, name="give_question"),
    path("answers-desk/<slug:code>/", desk.answer, name="desk_answer"),
    path("answers-desk/<slug:code>/<slug:act>/", desk.act, name="answer_act"),
]
