"""Which account stands for what in a seller's books; what has no row has the account of the code."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.seller import Seller

check_account = RegexValidator(
    r"^\d{3}[0-9A-Z]{0,9}\Z", _("Un compte commence par trois chiffres, sans espace\u00a0: 706000.")
)


class AccountRole(models.TextChoices):
    """What an account is for."""

    CUSTOMERS = "customers", _("clients")
    ADVANCES = "advances", _("acomptes reçus")
    VAT = "vat", _("TVA collectée, par taux")
    VAT_PENDING = "vat_pending", _("TVA en attente d’encaissement")
    CARD = "card", _("carte en ligne, en transit")
    TERMINAL = "terminal", _("carte sur place, en transit")
    CHEQUE = "cheque", _("chèques à encaisser")
    CASH = "cash", _("caisse")
    BANK = "bank", _("banque")
    FEES = "fees", _("frais bancaires")
    DISPUTES = "disputes", _("paiements contestés")
    CASH_OVER = "cash_over", _("caisse, en trop")
    CASH_SHORT = "cash_short", _("caisse, en moins")
    BAD_DEBTS = "bad_debts", _("pertes sur créances")
    PROFIT = "profit", _("résultat, excédent")
    LOSS = "loss", _("résultat, déficit")
    REVENUE = "revenue", _("produits (intitulé d’un compte d’article)")


class Account(models.Model):
    """One account of a seller's books: its role, number and label."""

    Role = AccountRole

    seller = models.ForeignKey(Seller, models.CASCADE, related_name="accounts", verbose_name=_("vendeur"))
    role = models.CharField(_("sert à"), max_length=12, choices=AccountRole)
    rate = models.DecimalField(
        _("taux de TVA"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Pour la TVA collectée seulement. Vide\u00a0: tous les taux sans compte à eux."),
    )
    number = models.CharField(_("compte"), max_length=12, validators=[check_account])
    label = models.CharField(_("intitulé"), max_length=80)

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")
        ordering: ClassVar[list[str]] = ["seller", "number", "id"]
        db_table_comment = "Which account stands for what in a seller's books"
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "role", "rate"],
                nulls_distinct=False,
                condition=~Q(role="revenue"),
                name="account_has_its_role_alone",
            ),
            models.UniqueConstraint(
                fields=["seller", "number"],
                condition=Q(role="revenue"),
                name="revenue_account_is_named_once",
            ),
            models.CheckConstraint(condition=Q(role__in=AccountRole.values), name="account_has_a_known_role"),
            models.CheckConstraint(condition=Q(rate=None) | Q(role="vat"), name="only_vat_goes_by_rate"),
            models.CheckConstraint(
                condition=Q(number__regex=r"^[0-9]{3}[0-9A-Z]{0,9}$"), name="account_begins_with_three_digits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"

    def clean_fields(self, exclude: Any = None) -> None:
        """Keep the number as files write it."""
        self.number = self.number.replace(" ", "").upper()
        super().clean_fields(exclude)
