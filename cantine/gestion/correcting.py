"""What the page of a manager's credit note shows: a sum a line, what they come to, where the money goes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.documents.sums import rate
from billing.errors import MoreThanRemains
from billing.models import Document, DocumentLine
from billing.money import ZERO
from billing.settlement.correcting import Foreseen, Line, foresee, lines_of
from cantine.gestion.collecting_forms import EurosField
from cantine.gestion.shown import language
from members.formats import euros


class CorrectionForm(forms.Form):
    """A sum a line, why, and what becomes of what was paid."""

    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=200,
        help_text=gettext_lazy("Une phrase que le client lit sur l’avoir et dans l’e-mail."),
    )
    money = forms.ChoiceField(
        label=gettext_lazy("Ce qui était déjà payé"),
        choices=[
            ("back", gettext_lazy("Le rendre, par le moyen du paiement")),
            ("keep", gettext_lazy("Le garder pour une prochaine facture du client")),
        ],
        widget=forms.RadioSelect,
        initial="back",
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        """One field a line of which something remains."""
        super().__init__(*args, **kwargs)
        self.rows = {name_of(line): line.row for line in lines if line.left.incl}
        for line in lines:
            if line.left.incl:
                self.fields[name_of(line)] = EurosField(
                    label=_("À créditer sur «\u202f%(what)s\u202f», TTC") % {"what": line.label},
                    min_value=ZERO,
                    required=False,
                )

    @property
    def sums(self) -> dict[DocumentLine, Decimal]:
        """What is taken off which line."""
        typed = {row: self.cleaned_data.get(name) for name, row in self.rows.items()}
        return {row: amount for row, amount in typed.items() if amount}

    @property
    def keeps(self) -> bool:
        """Whether what was paid waits as a credit."""
        return bool(self.cleaned_data.get("money") == "keep")


def name_of(line: Line) -> str:
    """The field of a line."""
    return f"ligne-{line.row.position}"


@dataclass(frozen=True)
class ShownLine:
    """A line as the page prints it; without a field nothing of it remains."""

    label: str
    said: str
    sum: BoundField | None


@dataclass
class CorrectionPage:
    """A credit note as it is being made; `foreseen` is None while nothing, or something wrong, is typed."""

    document: Document
    form: CorrectionForm
    lines: list[ShownLine]
    foreseen: Foreseen | None = None
    sums: list[tuple[str, str]] = field(default_factory=list)
    total: tuple[str, str] | None = None
    refusal: MoreThanRemains | None = None


def read(document: Document, data: Any = None) -> CorrectionPage:
    """The page as it opens, or with what was typed and what that comes to."""
    lines = lines_of(document)
    typed = everything(lines, data) if data is not None and data.get("do") == "all" else data
    form = CorrectionForm(typed, lines=lines)
    found = CorrectionPage(document, form, [_shown(line, form) for line in lines])
    if typed is None:
        return found
    if form.is_valid() or not (set(form.errors) - {"reason"}):
        _foresee(found)
    if data.get("do") != "make":
        form.errors.pop("reason", None)  # nobody asked for it yet
    return found


def everything(lines: Sequence[Line], data: Any) -> Any:
    """What was sent, with all that remains of each line."""
    copy = data.copy()
    for line in lines:
        copy[name_of(line)] = EurosField().prepare_value(line.left.incl)
    return copy


def _foresee(found: CorrectionPage) -> None:
    if not found.form.sums:
        return
    try:
        found.foreseen = foresee(found.document, found.form.sums)
    except MoreThanRemains as refusal:
        found.refusal = refusal
        return
    found.sums, found.total = sums_of(found.foreseen, keeps=found.form.keeps)


def _shown(line: Line, form: CorrectionForm) -> ShownLine:
    tongue, name = language(), name_of(line)
    words = {
        "left": euros(line.left.incl, tongue),
        "whole": euros(line.row.amount_incl, tongue),
        "rate": rate(line.row.vat_rate, tongue),
    }
    if not line.left.incl:
        return ShownLine(line.label, _("%(whole)s TTC, déjà crédités en entier") % words, None)
    said = _("%(whole)s TTC, TVA %(rate)s") % words
    if line.left.incl != line.row.amount_incl:
        said = _("%(whole)s TTC, TVA %(rate)s\u202f; il en reste %(left)s") % words
    return ShownLine(line.label, said, form[name])


def sums_of(foreseen: Foreseen, *, keeps: bool) -> tuple[list[tuple[str, str]], tuple[str, str]]:
    """The credit note's sums in pairs, then what becomes of them."""
    tongue = language()
    pairs = [(_("Avoir HT"), euros(foreseen.total.excl, tongue))]
    pairs += [
        (_("TVA %(rate)s") % {"rate": rate(row.rate, tongue)}, euros(row.amounts.vat, tongue))
        for row in foreseen.rows
        if row.rate
    ]
    pairs.append((_("Avoir TTC"), euros(foreseen.total.incl, tongue)))
    if foreseen.lowered:
        pairs.append((_("Déduit de ce qui restait dû"), euros(foreseen.lowered, tongue)))
    if not keeps:
        pairs += [
            (_("Rendu\u00a0: %(means)s") % {"means": payment.get_method_display()}, euros(part, tongue))
            for payment, part in foreseen.back
        ]
    if foreseen.lacking:
        pairs.append((_("Déjà repris par ailleurs, rien à rendre"), euros(foreseen.lacking, tongue)))
    last = _("Gardé pour le client") if keeps else _("À rendre en tout")
    return pairs, (last, euros(foreseen.paid, tongue))
