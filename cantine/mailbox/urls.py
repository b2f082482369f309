"""The addresses of the mailbox."""

from django.urls import path

from cantine.mailbox import views

app_name = "mailbox"
urlpatterns = [
    path("", views.letters, name="letters"),
    path("<slug:name>/", views.letter, name="letter"),
    path("<slug:name>/html/", views.html, name="html"),
    path("<slug:name>/pieces/<int:number>/", views.file, name="file"),
]
