"""Addresses of the community's events; fixed words come before an event's own address."""

from django.urls import path

from events.views import agenda, event_page, registering

app_name = "events"

REGISTRATIONS = [
    path("inscriptions/<str:key>/", registering.registration, name="registration"),
    path("inscriptions/<str:key>/accepter/", registering.accept, name="accept"),
    path("inscriptions/<str:key>/annuler/", registering.leave, name="leave"),
    path("inscriptions/<str:key>/agenda.ics", registering.ics, name="registration_ics"),
    path("billets/<str:code>/", registering.ticket, name="ticket"),
]

PUBLIC = [
    path("evenements/", agenda.agenda, name="agenda"),
    path("evenements/<slug:slug>/", event_page.event, name="event"),
    path("evenements/<slug:slug>/inscription/", registering.register, name="register"),
]

urlpatterns = [*REGISTRATIONS, *PUBLIC]
