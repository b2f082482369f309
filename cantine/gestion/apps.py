"""Django's admin, with our site in the place of its own."""

from django.contrib.admin.apps import AdminConfig


class GestionConfig(AdminConfig):
    default_site = "cantine.gestion.site.GestionSite"
