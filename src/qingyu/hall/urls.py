from django.urls import path

from qingyu.hall.views import (
    appointments,
    facilities,
    faults,
    guide,
    kiosk,
    listening,
    manager,
    public,
    rating,
    rounds,
    window,
)

urlpatterns = [
    path("halls/", public.halls, name="public_halls"),
    path("hall/<slug:code>/kiosk/", kiosk.kiosk, name="hall_kiosk"),
    path("hall/<slug:code>/kiosk/arrival/", kiosk.arrival, name="hall_arrival"),
    path("hall/<slug:code>/board/", public.board, name="hall_board"),
    path("hall/<slug:code>/guide/", guide.guide, name="hall_guide"),
    path("hall/<slug:code>/manager/", manager.manager, name="hall_manager"),
    path("hall/<slug:code>/window/<slug:n>/", window.window, name="hall_window"),
    path("hall/<slug:code>/window/<slug:n>/rate/", rating.rate, name="hall_rate"),
    path("hall/<slug:code>/window/<slug:n>/device/", rating.device, name="hall_device"),
    path("hall/<slug:code>/window/<slug:n>/listening/", listening.enter, name="listening_window"),
    path("hall/<slug:code>/listening/", listening.counts, name="listening"),
    path("hall/<slug:code>/facilities/", facilities.register, name="facilities"),
    path("hall/<slug:code>/facilities/codes/", facilities.sheet, name="facility_codes"),
    path("hall/<slug:code>/facilities/<slug:name>/", facilities.facility, name="facility"),
    path("hall/<slug:code>/rounds/<slug:time>/", rounds.round_, name="round"),
    path("f/<slug:code>/", faults.fault, name="fault"),
    path("hall/<slug:code>/appointments/", appointments.choose, name="hall_appointments"),
    path("hall/<slug:code>/appointments/mine/", appointments.mine, name="hall_appointment"),
    path("hall/<slug:code>/", public.hall, name="hall"),
    path("desk/hall/", guide.halls, name="halls"),
    path("t/<str:ticket>/", public.ticket, name="ticket"),
]
