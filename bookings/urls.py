"""Addresses of booking: French, short, saying the site where it matters."""

from django.urls import path, register_converter

from bookings.views import calendar, desks, mine, rooms
from bookings.views.days import DayConverter

app_name = "bookings"

register_converter(DayConverter, "day")

urlpatterns = [
    path("reserver/", desks.reserve, name="reserve"),
    path("salles/", rooms.any_rooms, name="any_rooms"),
    path("<slug:site>/reserver/", desks.reserve_at, name="reserve_at"),
    path("<slug:site>/reserver/<day:day>/", desks.desks, name="desks"),
    path("<slug:site>/salles/<day:day>/", rooms.rooms, name="rooms"),
    path("moi/reservations/", mine.mine, name="mine"),
    path("moi/reservations/<str:reference>/", mine.booking, name="booking"),
    path("moi/reservations/<str:reference>/annuler/", mine.cancel, name="cancel"),
    path("moi/reservations/<str:reference>/agenda.ics", calendar.ics, name="ics"),
]
