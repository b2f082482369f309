"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from cantine.crawlers import favicon, robots, sitemap
from cantine.ecosystem.views import ecosystem, open_data, open_data_file
from cantine.health import healthz, readyz
from cantine.home.contact import contact
from cantine.home.joining import joining
from cantine.home.views import home
from cantine.report import views as reports
from cantine.setup.views import first_password
from cantine.styleguide.views import styleguide
from cantine.watching.views import metrics
from members.views.language import language

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("contact/", contact, name="contact"),
    path("rejoindre/", joining, name="joining"),
    path("", include("bookings.urls")),
    path("compte/", include("members.account_urls")),
    path("premier-acces/<uidb64>/<token>/", first_password, name="first_password"),
    path("langue/", language, name="set_language"),
    path("gestion/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("rapport/<str:key>/", reports.report, name="report"),
    path("rapport/<str:key>/<int:pk>/", reports.issued, name="funder_report"),
    path("rapport/<str:key>/<int:pk>.pdf", reports.issued_pdf, name="funder_report_pdf"),
    path("rapport/<str:key>/<int:pk>.csv", reports.issued_csv, name="funder_report_csv"),
    path("ecosysteme/", ecosystem, name="ecosystem"),
    path("donnees/", open_data, name="open_data"),
    path("donnees/<slug:name>.<str:form>", open_data_file, name="open_data_file"),
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("", include("members.urls")),
    path("", include("billing.urls")),
    path("", include("events.urls")),
]

if settings.CANTINE_ENV == "local":
    # What only a developer's machine has.
    urlpatterns += [
        path("styleguide/", styleguide, name="styleguide"),
        path("courrier/", include("cantine.mailbox.urls")),
    ]
