"""The addresses of this room; accounts have theirs in account_urls.py."""

from django.urls import path

from members.views import privacy
from members.views.me import me
from members.views.pages import page

app_name = "members"
urlpatterns = [
    path("moi/", me, name="me"),
    path("moi/confirmer/", privacy.confirm, name="confirm"),
    path("moi/donnees/", privacy.data, name="data"),
    path("moi/donnees/demander/", privacy.ask, name="ask_for_copy"),
    path("moi/donnees/<str:key>/", privacy.copy, name="copy"),
    path("moi/fermer/", privacy.close, name="close"),
    path("compte/reprendre/<str:key>/", privacy.reopen, name="take_back"),
    path("pages/<slug:slug>/", page, name="page"),
    path("pages/<slug:slug>/versions/<int:version>/", page, name="page_version"),
]
