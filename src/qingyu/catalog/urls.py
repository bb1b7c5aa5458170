from django.urls import path

from qingyu.catalog.views import citizen, desk, editing

urlpatterns = [
    path("items/", citizen.items, name="items"),
    path("items/<slug:code>/", citizen.item, name="item"),
    path("items/<slug:code>/print/", citizen.checklist, name="item_print"),
    path("desk/items/", desk.items, name="items_desk"),
    path("desk/items/new/", editing.new, name="new_item"),
    path("desk/items/<slug:code>/", desk.item, name="desk_item"),
    path("desk/items/<slug:code>/edit/", editing.edit, name="edit_item"),
    path("desk/items/<slug:code>/<slug:act>/", desk.act, name="item_act"),
]
