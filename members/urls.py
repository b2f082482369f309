"""The addresses of this room; accounts have theirs in account_urls.py."""

from django.urls import path

from members.views.joining import join
from members.views.me import me
from members.views.organisations import organisation, organisations, person, withdraw
from members.views.pages import page
from members.views.preferences import preferences, unsubscribe
from members.views.rules import rules

app_name = "members"
urlpatterns = [
    path("moi/", me, name="me"),
    path("moi/preferences/", preferences, name="preferences"),
    path("moi/reglement/", rules, name="rules"),
    path("moi/organisations/", organisations, name="organisations"),
    path("moi/organisations/<int:pk>/", organisation, name="organisation"),
    path("moi/organisations/<int:pk>/personnes/<int:affiliation>/", person, name="person"),
    path(
        "moi/organisations/<int:pk>/invitations/<int:invitation>/retirer/",
        withdraw,
        name="withdraw_invitation",
    ),
    path("rejoindre/<str:key>/", join, name="join"),
    path("desabonnement/<str:ticket>/", unsubscribe, name="unsubscribe"),
    path("pages/<slug:slug>/", page, name="page"),
    path("pages/<slug:slug>/versions/<int:version>/", page, name="page_version"),
]
