"""Addresses of the community's events; fixed words come before an event's own address."""

from django.urls import path

from events.views import (
    addressing,
    afterwards,
    agenda,
    checkin,
    desk,
    event_page,
    feeds,
    publishing,
    registering,
)

app_name = "events"

REGISTRATIONS = [
    path("inscriptions/<str:key>/", registering.registration, name="registration"),
    path("inscriptions/<str:key>/accepter/", registering.accept, name="accept"),
    path("inscriptions/<str:key>/annuler/", registering.leave, name="leave"),
    path("inscriptions/<str:key>/adresse/", addressing.address, name="address"),
    path("inscriptions/<str:key>/agenda.ics", registering.ics, name="registration_ics"),
    path("billets/<str:code>/", registering.ticket, name="ticket"),
]

ORGANISING = [
    path("evenements/proposer/", publishing.propose, name="propose"),
    path("evenements/apercu/", publishing.preview, name="preview"),
    path("evenements/salles/", publishing.rooms, name="rooms"),
    path("evenements/mes-evenements/", desk.mine, name="mine"),
    path("evenements/images/<str:name>", desk.picture, name="picture"),
    path("evenements/<slug:slug>/modifier/", publishing.edit, name="edit"),
    path("evenements/<slug:slug>/suivi/", desk.desk, name="desk"),
    path("evenements/<slug:slug>/suivi/inscriptions.csv", desk.registrations_csv, name="registrations_csv"),
    path("evenements/<slug:slug>/suivi/decision/", desk.decide, name="decide"),
    path("evenements/<slug:slug>/suivi/<int:number>/retirer/", desk.withdraw, name="withdraw"),
    path("evenements/<slug:slug>/annuler/", desk.cancel, name="cancel_event"),
    path("evenements/<slug:slug>/copier/", desk.duplicate, name="duplicate"),
]

DAY = [
    path("inscriptions/<str:key>/avis/", afterwards.feedback, name="feedback"),
    path("evenements/<slug:slug>/accueil/", checkin.checkin, name="checkin"),
    path("evenements/<slug:slug>/accueil/compte/", checkin.checkin_count, name="checkin_count"),
    path("evenements/<slug:slug>/accueil/<str:code>/", checkin.checkin_code, name="checkin_code"),
    path("evenements/<slug:slug>/bilan/", afterwards.figures, name="figures"),
]

PUBLIC = [
    path("evenements/", agenda.agenda, name="agenda"),
    path("evenements/mois/<int:year>-<int:number>/", agenda.month, name="month"),
    path("evenements/integrer/", agenda.embed, name="embed"),
    path("evenements/agenda.ics", feeds.calendar, name="calendar"),
    path("evenements/agenda/categorie/<slug:code>.ics", feeds.category_calendar, name="category_calendar"),
    path("evenements/agenda/site/<slug:code>.ics", feeds.site_calendar, name="site_calendar"),
    path("evenements/agenda.atom", feeds.atom, name="atom"),
    path("evenements/<slug:slug>/", event_page.event, name="event"),
    path("evenements/<slug:slug>/partage.png", event_page.sharing_picture, name="sharing_picture"),
    path("evenements/<slug:slug>/inscription/", registering.register, name="register"),
]

urlpatterns = [*REGISTRATIONS, *ORGANISING, *DAY, *PUBLIC]
