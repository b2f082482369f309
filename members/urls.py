"""The addresses of this room; accounts have theirs in account_urls.py."""

from django.urls import path

from members.views.me import me
from members.views.pages import page

app_name = "members"
urlpatterns = [
    path("moi/", me, name="me"),
    path("pages/<slug:slug>/", page, name="page"),
    path("pages/<slug:slug>/versions/<int:version>/", page, name="page_version"),
]
