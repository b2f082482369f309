"""The e-mails of accounts: codes, and word of what changed."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.messages import kinds

WITH_CODE = {
    "email_confirmation_signup": _("code d’inscription"),
    "email_confirmation": _("code pour une nouvelle adresse"),
    "login_code": _("code de connexion"),
    "confirm_code": _("code pour confirmer que c’est vous"),
    "password_reset_code": _("code pour un nouveau mot de passe"),
}
OTHERS = {
    "account_already_exists": _("compte déjà ouvert"),
    "unknown_account": _("adresse sans compte"),
    "password_reset": _("nouveau mot de passe demandé"),
    "password_changed": _("mot de passe changé"),
    "password_set": _("mot de passe choisi"),
    "email_changed": _("adresse changée"),
    "email_confirm": _("adresse vérifiée"),
    "email_deleted": _("adresse retirée"),
    "totp_activated": _("application de codes ajoutée"),
    "totp_deactivated": _("application de codes retirée"),
    "webauthn_added": _("clé d’accès ajoutée"),
    "webauthn_removed": _("clé d’accès retirée"),
    "recovery_codes_generated": _("nouveaux codes de secours"),
}


def load_code(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Give the code, unless it can no longer be used."""
    if "code" not in ids or datetime.fromisoformat(ids["expires"]) <= timezone.now():
        return None
    return ids


def load_word(ids: dict[str, Any]) -> dict[str, Any] | None:
    """Give what the notice says."""
    return ids


def register() -> None:
    """Declare every e-mail of accounts; those with a code are wiped once sent."""
    for name, label in WITH_CODE.items():
        kinds.register(f"account/{name}", load_code, label=label, secret=True)
    for name, label in OTHERS.items():
        kinds.register(f"account/{name}", load_word, label=label)
