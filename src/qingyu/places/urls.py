from django.urls import path

from qingyu.places.views import circle, citizen, desk

urlpatterns = [
    path("points/", citizen.points, name="points"),
    path("points/<slug:code>/", citizen.point, name="point"),
    path("desk/points/", desk.points, name="desk_points"),
    path("desk/points/new/", desk.new, name="new_point"),
    path("desk/points/coverage/", circle.coverage, name="coverage"),
    path("desk/points/coverage/table.csv", circle.table, name="coverage_table"),
    path("desk/points/<slug:code>/", desk.point, name="desk_point"),
    path("desk/points/<slug:code>/close/", desk.close, name="close_point"),
    path("desk/points/<slug:code>/closings/<int:pk>/lift/", desk.lift, name="lift_closure"),
    path("desk/points/<slug:code>/out/", desk.take_out, name="take_out_point"),
    path("desk/points/<slug:code>/back/", desk.put_back, name="put_back_point"),
]
