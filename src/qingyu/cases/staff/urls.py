"""Addresses of the staff door."""

from django.urls import path

from qingyu.cases.staff.views import basket, dispatch, export, find, identity, new, page

urlpatterns = [
    path("desk/", basket.basket, name="desk"),
    path("desk/dispatch/", dispatch.dispatch, name="dispatch"),
    path("desk/new/", new.new, name="new_case"),
    path("desk/find/", find.find, name="search"),
    path("desk/export/", export.export, name="export"),
    path("desk/cases/<str:number>/", page.page, name="case"),
    path("desk/cases/<str:number>/print/", page.printed, name="case_print"),
    path("desk/cases/<str:number>/contact-in-clear/", identity.contact, name="case_contact"),
    path("desk/cases/<str:number>/code/", identity.code, name="case_code"),
    path("desk/cases/<str:number>/<slug:name>/", page.act, name="case_act"),
]
