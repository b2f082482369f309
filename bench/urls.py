"""The application's addresses and those of the bare views."""

from django.urls import include, path

from bench import bare

urlpatterns = [
    path("bench/insert/", bare.insert),
    path("bench/ready/", bare.ready),
    path("bench/peer/", bare.check_then_insert),
    path("", include("cantine.urls")),
]
