"""Addresses of booking: French, short, saying the site where it matters."""

from django.urls import path, register_converter

from bookings.views import (
    calendar,
    desks,
    mine,
    problems,
    rent,
    rent_change,
    rent_day,
    rent_documents,
    rent_ending,
    rent_followed,
    rooms,
)
from bookings.views.days import DayConverter

app_name = "bookings"

register_converter(DayConverter, "day")

RENTALS = [
    path("louer/", rent.any_rent, name="rent"),
    path("louer/recue/", rent.received, name="rent_received"),
    path("louer/images/<str:name>", rent.picture, name="rent_picture"),
    path("louer/prix/<slug:site>/", rent.price, name="rent_price"),
    path("louer/demande/<str:key>/", rent_followed.followed, name="rent_followed"),
    path("louer/demande/<str:key>/retirer/", rent_followed.withdraw, name="rent_withdraw"),
    path("louer/demande/<str:key>/changement/", rent_change.change, name="rent_change"),
    path("louer/demande/<str:key>/venir/", rent_day.sheet, name="rent_sheet"),
    path("louer/demande/<str:key>/avis/", rent_day.feedback, name="rent_feedback"),
    path("louer/demande/<str:key>/annuler/", rent_ending.cancel, name="rent_cancel"),
    path("louer/demande/<str:key>/devis/<int:version>/accepter/", rent_followed.accept, name="rent_accept"),
    path("louer/demande/<str:key>/devis/<int:version>/refuser/", rent_followed.refuse, name="rent_refuse"),
    path("louer/demande/<str:key>/devis/<int:version>.pdf", rent_followed.quote_pdf, name="rent_quote_pdf"),
    path(
        "louer/demande/<str:key>/factures/<slug:seller>/<str:number>.pdf",
        rent_documents.document,
        name="rent_document",
    ),
    path("louer/dispositions/<slug:site>/", rent.layouts, name="rent_layouts"),
    path("<slug:site>/louer/", rent.rent_at, name="rent_at"),
    path("<slug:site>/louer/<slug:code>/", rent.space, name="rent_space"),
]

urlpatterns = [
    *RENTALS,
    path("reserver/", desks.reserve, name="reserve"),
    path("salles/", rooms.any_rooms, name="any_rooms"),
    path("<slug:site>/reserver/", desks.reserve_at, name="reserve_at"),
    path("<slug:site>/reserver/<day:day>/", desks.desks, name="desks"),
    path("<slug:site>/salles/<day:day>/", rooms.rooms, name="rooms"),
    path("moi/reservations/", mine.mine, name="mine"),
    path("moi/reservations/<str:reference>/", mine.booking, name="booking"),
    path("moi/reservations/<str:reference>/annuler/", mine.cancel, name="cancel"),
    path("moi/reservations/<str:reference>/agenda.ics", calendar.ics, name="ics"),
    path("moi/reservations/<str:reference>/arrivee/", mine.arrive, name="arrive"),
    path("moi/signalements/", problems.problems, name="problems"),
    path("moi/signalements/images/<str:name>", problems.picture, name="problem_picture"),
    path("<slug:site>/probleme/", problems.report, name="report"),
    path("<slug:site>/probleme/<slug:code>/", problems.report, name="report_space"),
]
