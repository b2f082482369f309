"""The addresses of this room; accounts have theirs in account_urls.py."""

from django.urls import path

from members.views.me import me
from members.views.pages import page
from members.views.security import end_others, end_session, security

app_name = "members"
urlpatterns = [
    path("moi/", me, name="me"),
    path("moi/securite/", security, name="security"),
    path("moi/securite/sessions/", end_others, name="end_others"),
    path("moi/securite/sessions/<int:pk>/", end_session, name="end_session"),
    path("pages/<slug:slug>/", page, name="page"),
    path("pages/<slug:slug>/versions/<int:version>/", page, name="page_version"),
]
