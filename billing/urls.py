"""The addresses of paying and of documents."""

from django.urls import path

from billing.views import address, documents, organisations, pay, webhook

app_name = "billing"

urlpatterns = [
    path("commandes/<str:public_id>/payer/", pay.pay, name="pay"),
    path("commandes/<str:public_id>/retour/", pay.back, name="return"),
    path("commandes/<str:public_id>/annuler/", pay.cancel, name="cancel"),
    path("moi/factures/", documents.documents, name="documents"),
    path("moi/factures/<slug:seller>/<str:number>/", documents.document, name="document"),
    path("moi/factures/<slug:seller>/<str:number>/regler/", documents.settle, name="settle"),
    path("moi/facturation/", address.address, name="address"),
    path("moi/organisations/nouvelle/", organisations.found, name="found_organisation"),
    path("moi/organisations/<int:pk>/facturation/", organisations.address, name="organisation_address"),
    path("stripe/webhook/", webhook.webhook, name="webhook"),
]
