from django.urls import path

from qingyu.hall.views import appointments, guide, kiosk, manager, public, window

urlpatterns = [
    path("hall/<slug:code>/kiosk/", kiosk.kiosk, name="hall_kiosk"),
    path("hall/<slug:code>/kiosk/arrival/", kiosk.arrival, name="hall_arrival"),
    path("hall/<slug:code>/board/", public.board, name="hall_board"),
    path("hall/<slug:code>/guide/", guide.guide, name="hall_guide"),
    path("hall/<slug:code>/manager/", manager.manager, name="hall_manager"),
    path("hall/<slug:code>/window/<slug:n>/", window.window, name="hall_window"),
    path("hall/<slug:code>/appointments/", appointments.choose, name="hall_appointments"),
    path("hall/<slug:code>/appointments/mine/", appointments.mine, name="hall_appointment"),
    path("hall/<slug:code>/", public.hall, name="hall"),
    path("desk/hall/", guide.halls, name="halls"),
    path("t/<str:ticket>/", public.ticket, name="ticket"),
]
