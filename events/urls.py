"""Addresses of the community's events."""

from django.urls import path

from events.views.agenda import agenda

app_name = "events"

urlpatterns = [path("evenements/", agenda, name="agenda")]
